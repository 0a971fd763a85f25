"""Makes a clone work: `python3 -m scripts.setup [runtime | tests | run]`. Each step is skipped when it is done already.

`runtime` is what `make setup` wants, `run` starts the server after it, `tests` adds what the tests need.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import assets, environment
from scripts.steps import LOG, ROOT, SetupProblem, Stamp, run, say

_OLDEST_PYTHON = (3, 11)
_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_COMMUNES = ROOT / "helpdesk" / "routing" / "data" / "communes.tsv"
_TRANSLATIONS = ROOT / "helpdesk" / "translations"


def set_up(for_tests: bool) -> None:
    """Everything a clone lacks, in the order in which one part needs the other."""
    LOG.unlink(missing_ok=True)
    environment.ensure()
    environment.install("dev" if for_tests else "runtime")
    environment.install("build")
    environment.install_helpdesk()
    assets.fetch(with_test_tools=for_tests)
    assets.publish()
    _build_communes()
    _compile_translations()
    if for_tests:
        _install_browser()
    else:
        _fill_database()


def _build_communes() -> None:
    """The table of commune names, from the npm package that keeps the State's list."""
    # What the builder leans on is read from these files too, so a change in any of them makes the table again.
    room = sorted((ROOT / "helpdesk" / "routing").rglob("*.py"))
    done = Stamp(environment.STAMPS / "communes", ROOT / "package-lock.json", ROOT / "helpdesk" / "text.py", *room)
    if not done.is_current() or not _COMMUNES.exists():
        say("Building the table of communes …")
        run([environment.PYTHON, "-m", "helpdesk.routing.communes_build"], "Building the table of communes")
        done.keep()


def _compile_translations() -> None:
    catalogues = list(_TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if any(not _is_newer(catalogue.with_suffix(".mo"), catalogue) for catalogue in catalogues):
        run([environment.BIN / "pybabel", "compile", "-d", _TRANSLATIONS], "Compiling the translations")


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def _fill_database() -> None:
    """The tables as the code wants them, and the demo's data where there is none yet."""
    helpdesk = environment.BIN / "helpdesk"
    run([helpdesk, "db", "upgrade"], "Preparing the database")
    run([helpdesk, "demo", "seed"], "Filling in the demo's data")


def _install_browser() -> None:
    """Chromium for the page tests. Without it they are skipped and say so."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, _BROWSERS)) or not environment.can_install_packages():
        return
    try:
        environment.install_package("chromium")
    except SetupProblem as problem:
        say(f"{problem}\nThe tests that need a browser will be skipped.")


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups at once in one checkout would step on each other: the second waits."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this checkout: waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _use_recent_python() -> None:
    """Start again under a Python that is recent enough, where the default one is not."""
    if sys.version_info >= _OLDEST_PYTHON:
        return
    found = next(filter(None, map(shutil.which, _PYTHONS)), None)
    if found is None:
        version = ".".join(map(str, sys.version_info[:2]))
        raise SetupProblem(
            f"Python 3.11 or newer is needed and this is {version}: install one, or name it: make PYTHON=…"
        )
    os.execv(found, [found, "-m", "scripts.setup", *sys.argv[1:]])


def main() -> None:
    """Set up, in words people can act on when something is in the way."""
    goal = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    try:
        _use_recent_python()
        with _alone():
            set_up(for_tests=goal == "tests")
    except SetupProblem as problem:
        sys.exit(f"{problem}")
    except OSError as error:
        sys.exit(f"The set-up cannot go on: {error.filename or ROOT}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit("Interrupted: the next run goes on from here.")
    if goal == "run":
        # Links in pages and mails follow the port, unless the site is known by another address.
        os.environ.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
        os.execv(environment.BIN / "helpdesk", ["helpdesk", "run"])


if __name__ == "__main__":
    main()
