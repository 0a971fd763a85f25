"""Loopback ports and processes of the services that tests start."""

import socket
import subprocess
import time
from collections.abc import Callable


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, seconds: float = 120) -> None:
    """Ask again until the service answers. Raises RuntimeError when it ended instead or takes too long, even for a busy
    machine.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at its start with code {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not answer within {seconds:.0f} s")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes], signal: int) -> None:
    """End one process that a test started, for good."""
    process.send_signal(signal)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
