"""The whole site as `helpdesk run` starts it: a process of its own, with settings and data of its own."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.environment import BIN
from scripts.steps import ROOT
from tests.services.ports import free_port, wait_until


def helpdesk(folder: Path, *command: str, **settings: str) -> None:
    """Run one command of helpdesk on the data of a folder. Raises CalledProcessError when it does not succeed."""
    environment = {**os.environ, "DATA_DIR": str(folder), **settings}
    subprocess.run([BIN / "helpdesk", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process of the site and its address, once it answers. Killed at the end; its words are in server.log."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_BASE_URL": address,
        "FORM_SECONDS": "0",
        "UNDO_SECONDS": "0",
        **settings,
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen([BIN / "helpdesk", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: answers(address), process, "helpdesk run")
            yield process, address
        finally:
            process.kill()
            process.wait(20)


def answers(address: str) -> bool:
    """Whether a page comes from there."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
