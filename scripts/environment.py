"""The Python environment .venv: made, filled from the locks with their hashes, made again when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.steps import ROOT, Killed, SetupProblem, Stamp, run, say

VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMPS = VENV / "stamps"
LOCKS = ROOT / "requirements"

# Present while a step writes to the environment. Found at a start, it tells that the step was killed in the middle.
_UNFINISHED = VENV / "unfinished"
# An environment holds absolute paths, so it does not outlive a move of the checkout.
_PLACE = STAMPS / "place"

# A lock that holds all of another's packages, in the same versions, spares installing the smaller one.
_HOLDS = {"dev": ("dev", "scale", "runtime")}


def ensure() -> None:
    """Make .venv unless a working one is there."""
    if VENV.exists() and not _works():
        say("The environment .venv is unfinished or no longer works: making it again.")
        shutil.rmtree(VENV)
    if not VENV.exists():
        _create()
    Stamp(_PLACE, str(ROOT)).keep()


def _works() -> bool:
    if _UNFINISHED.exists() or (_PLACE.exists() and not Stamp(_PLACE, str(ROOT)).is_current()):
        return False
    try:
        done = subprocess.run([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"], check=False)
    except OSError:
        return False
    return done.returncode == 0


def _create() -> None:
    if not _can_make_environments():
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not can_install_packages():
            raise SetupProblem(
                f"Python's venv module is missing: install it first (Debian, Ubuntu: sudo apt-get install {package})."
            )
        install_package(package)
    say("Making the Python environment .venv …")
    VENV.mkdir()
    _UNFINISHED.touch()
    run([sys.executable, "-m", "venv", VENV], "Making the Python environment")
    _UNFINISHED.unlink()


def _can_make_environments() -> bool:
    # Asked of a new process: this one would not see a package installed since it started.
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL).returncode == 0


def can_install_packages() -> bool:
    """Whether a missing package of the system can be installed here: root on Debian or Ubuntu."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_package(package: str) -> None:
    """Install one package of the system. Only where `can_install_packages`."""
    say(f"Installing the system's package {package} …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    try:
        run(command, f"Installing {package}", quiet)
    except SetupProblem:  # the usual cause is a list of packages that is old or not there yet
        run(["apt-get", "update"], "Reading the list of the system's packages", quiet)
        run(command, f"Installing {package}", quiet)


def install(lock: str) -> None:
    """Install the packages of requirements/<lock>.txt, unless they are in .venv already."""
    wanted = Stamp(STAMPS / lock, LOCKS / f"{lock}.txt")
    if wanted.is_current():
        return
    say(f"Installing the Python packages of requirements/{lock}.txt …")
    _pip("--require-hashes", "--requirement", LOCKS / f"{lock}.txt", doing="Installing Python packages")
    for held in _HOLDS.get(lock, (lock,)):
        Stamp(STAMPS / held, LOCKS / f"{held}.txt").keep()


def install_helpdesk() -> None:
    """Install this checkout itself, so that .venv/bin/helpdesk runs its code as it stands."""
    done = Stamp(STAMPS / "helpdesk", ROOT / "pyproject.toml")
    if not done.is_current() or not (BIN / "helpdesk").exists():
        _pip("--no-build-isolation", "--no-deps", "--editable", ROOT, doing="Installing the helpdesk command")
        done.keep()


def _pip(*arguments: str | Path, doing: str) -> None:
    """Install with uv where it is, else with pip."""
    _UNFINISHED.touch()
    try:
        _install(arguments, doing)
    except Killed:
        raise
    except SetupProblem:  # an installer that fails leaves whole packages behind; only one that is killed leaves halves
        _UNFINISHED.unlink()
        raise
    _UNFINISHED.unlink()


def _install(arguments: Sequence[str | Path], doing: str) -> None:
    if _has_uv():
        try:
            return run(["uv", "pip", "install", "--python", PYTHON, *arguments], doing)
        except Killed:
            raise
        except SetupProblem:  # uv does not read pip's mirror settings
            say("uv could not do it: trying with pip …")
    return run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2", *arguments], doing)


def _has_uv() -> bool:
    try:
        return subprocess.run(["uv", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
