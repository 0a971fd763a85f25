"""What makes a fresh clone work holds: locks, the set-up's steps and sentences, the front-end files, make's targets."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from scripts import assets, environment, setup, steps
from scripts.lock import PYTHON_LOCKS, hosts_in
from scripts.steps import ROOT, SetupProblem, Stamp

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PACKAGE_LOCK = ROOT / "package-lock.json"


def locked(path: Path) -> dict[str, str]:
    """The packages of a lock and their versions; a package locked twice has one for each kind of machine."""
    found: dict[str, str] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text("utf-8"), re.MULTILINE):
        found[name] = f"{found[name]} {version}" if name in found else version
    return found


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def npm_packages() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(PACKAGE_LOCK.read_text("utf-8"))["packages"]
    return packages


def git(*arguments: str) -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return done.stdout.splitlines()


# Locks


def test_every_lock_is_one_that_make_lock_writes() -> None:
    assert [path.stem for path in LOCKS] == sorted(PYTHON_LOCKS)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_locked_python_package_has_its_hashes(path: Path) -> None:
    blocks = re.split(r"\n(?=\S)", path.read_text("utf-8").strip())

    assert locked(path)
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("path", [*LOCKS, PACKAGE_LOCK], ids=lambda path: path.stem)
def test_no_lock_names_a_host(path: Path) -> None:
    assert hosts_in(path) == []
    assert "resolved" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        '      "resolved": "https://registry.example/a.tgz",',
        "--index-url https://registry.example/",
        "a @ git+ssh://x/y",
    ],
    ids=["npm", "index", "git"],
)
def test_a_host_in_a_lock_is_found(line: str, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(line)

    assert len(hosts_in(lock)) == 1


def test_locks_agree_on_the_versions_they_share() -> None:
    dev = locked(ROOT / "requirements" / "dev.txt")

    for path in LOCKS:
        for name, version in locked(path).items():
            assert dev.get(name, version) == version, f"{path.name} has another {name} than dev.txt"


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    wanted = project()
    groups = wanted["dependency-groups"]
    asked = {
        "runtime": wanted["project"]["dependencies"],
        "scale": wanted["project"]["optional-dependencies"]["scale"],
        "dev": [*groups["lint"], *groups["test"], *groups["browser"]],
        "build": groups["build"],
        "node": groups["node"],
    }

    for name, requirements in asked.items():
        versions = locked(ROOT / "requirements" / f"{name}.txt")
        for requirement in map(Requirement, requirements):
            assert requirement.name in versions, f"{name}.txt lacks {requirement.name}: run make lock"
            assert requirement.specifier.contains(versions[requirement.name])


def test_the_npm_lock_holds_what_package_json_asks_for_with_hashes() -> None:
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))
    packages = npm_packages()

    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


# Files of others


def test_no_file_of_others_is_kept_with_ours() -> None:
    tracked = git("ls-files")

    assert [
        name for name in tracked if re.search(r"(^|/)(node_modules|vendor)/|\.min\.(js|css)$|\.woff2?$", name)
    ] == []


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")

    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [int(number) for number in re.findall(r"^(\d+)\.", text, re.MULTILINE)] == list(range(1, 16))
    assert "Appendix" in text
    assert text.strip().endswith("require the production of a new EUPL version.")


def test_everything_that_the_copied_stylesheets_name_was_copied_too() -> None:
    sheets = list(assets.VENDOR.rglob("*.css"))
    if not sheets:
        pytest.skip("the front-end files are not there: run `make setup`")

    missing = {
        f"{sheet.name}: {name}"
        for sheet in sheets
        for name in re.findall(r"url\(([\w./-]+)", sheet.read_text("utf-8"))
        if not (sheet.parent / name).is_file()
    }

    assert missing == set()


def test_the_copied_files_keep_their_licences_and_are_compressed() -> None:
    if not assets.VENDOR.exists():
        pytest.skip("the front-end files are not there: run `make setup`")
    dsfr = assets.VENDOR / "dsfr"

    assert "LICENCE OUVERTE 2.0" in (dsfr / "LICENSE.md").read_text("utf-8")
    assert (assets.VENDOR / "htmx" / "LICENSE").is_file()
    plain = (dsfr / "dsfr.min.css").stat().st_size
    assert (dsfr / "dsfr.min.css.gz").stat().st_size < plain / 6
    assert (dsfr / "dsfr.min.css.br").stat().st_size < plain / 9


def test_the_wheel_holds_all_that_a_server_needs(tmp_path: Path) -> None:
    hatchling = environment.BIN / "hatchling"
    if not hatchling.exists() or not assets.VENDOR.exists():
        pytest.skip("the build tools are not there: run `make setup`")
    subprocess.run([hatchling, "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    code = set(git("ls-files", "helpdesk"))
    beside = {f"helpdesk/{name}" for name in git("ls-files", "templates", "config")}
    made = {f"helpdesk/static/vendor/dsfr/{name}" for name in ("dsfr.min.css", "dsfr.min.css.br", "LICENSE.md")}
    made |= {"helpdesk/routing/data/communes.tsv"}
    assert (code | beside | made) - held == set()


# Steps and sentences


@pytest.mark.parametrize("module", ["setup", "environment", "assets", "steps"])
def test_an_old_python_can_read_the_scripts_far_enough_to_say_so(module: str) -> None:
    tree = ast.parse((ROOT / "scripts" / f"{module}.py").read_text("utf-8"), feature_version=(3, 8))

    # Without it, an old Python stumbles over `str | None` before it comes to the sentence.
    assert any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def test_without_a_recent_python_the_set_up_asks_for_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "_OLDEST_PYTHON", (99, 0))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SetupProblem, match=r"Python 3\.11 or newer is needed and this is 3"):
        setup._use_recent_python()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "var" / "setup.log"
    monkeypatch.setattr(steps, "LOG", path)
    return path


def failing(words: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({words!r}); sys.exit(1)"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("WARNING: Retrying … Temporary failure in name resolution", "the package registry cannot be reached"),
        ("npm error code EAI_AGAIN", "the package registry cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "its hash differs"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("FileNotFoundError: config", "its last lines are:\n    FileNotFoundError: config"),
    ],
    ids=["pip offline", "npm offline", "hash", "disk", "anything else"],
)
def test_a_failed_step_says_why_in_a_sentence(log: Path, said: str, told: str) -> None:
    with pytest.raises(SetupProblem, match="Fetching failed") as problem:
        steps.run(failing(said), "Fetching")

    assert told in str(problem.value)
    assert said in log.read_text("utf-8")


def test_a_missing_tool_is_named(log: Path) -> None:
    with pytest.raises(SetupProblem, match="no-such-tool cannot be started"):
        steps.run(["no-such-tool"], "Fetching")


def test_a_step_is_done_until_its_source_or_its_result_changes(tmp_path: Path) -> None:
    lock, result = tmp_path / "lock", tmp_path / "result"
    lock.write_text("a==1")

    assert not Stamp(result / "stamp", lock).is_current()
    Stamp(result / "stamp", lock).keep()
    assert Stamp(result / "stamp", lock).is_current()

    lock.write_text("a==2")
    assert not Stamp(result / "stamp", lock).is_current()


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log: Path) -> Path:
    """An environment in a folder of its own, as the set-up sees it."""
    venv = tmp_path / ".venv"
    for name, path in {
        "VENV": venv,
        "BIN": venv / "bin",
        "PYTHON": venv / "bin" / "python",
        "STAMPS": venv / "stamps",
        "_UNFINISHED": venv / "unfinished",
        "_PLACE": venv / "stamps" / "place",
    }.items():
        monkeypatch.setattr(environment, name, path)
    return tmp_path


def test_an_environment_is_made_once_and_again_when_a_killed_step_left_it_unfinished(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.ensure()
    kept = checkout / ".venv" / "kept"
    kept.touch()

    environment.ensure()
    assert kept.exists()

    (checkout / ".venv" / "unfinished").touch()
    environment.ensure()
    assert not kept.exists()
    assert "making it again" in capsys.readouterr().out


def test_an_installer_that_is_killed_leaves_its_mark_and_one_that_fails_does_not(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    mark = checkout / ".venv" / "unfinished"
    fake = checkout / ".venv" / "bin" / "python"
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # where there is no uv

    fake.write_text("#!/bin/sh\necho no; exit 1\n")
    fake.chmod(0o755)
    with pytest.raises(SetupProblem, match="failed"):
        environment.install("build")
    assert not mark.exists()

    fake.write_text("#!/bin/sh\nkill -KILL $$\n")
    with pytest.raises(SetupProblem, match="ended by signal 9"):
        environment.install("build")
    assert mark.exists()


# make


def test_every_target_of_make_has_its_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    helpers = {"python", "tools"}  # what other targets lean on
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - helpers

    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout

    assert set(re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE)) == targets
    assert set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE)) == targets | helpers
