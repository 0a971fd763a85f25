"""What the set-up steps share: sentences for people, commands with a log, stamps of what is already done."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"

_OFFLINE = (
    "name resolution",
    "name or service not known",
    "failed to establish a new connection",
    "connection error",
    "connection refused",
    "network is unreachable",
    "dns error",
    "temporary failure resolving",
    "could not resolve",
    "code enotfound",
    "code eai_again",
    "code econnrefused",
    "code etimedout",
    "read timed out",
)


class SetupProblem(Exception):
    """What stopped the set-up and what to do about it, in one sentence for whoever ran make."""


class Killed(SetupProblem):
    """A command was ended from outside, so what it was writing may be half written."""


def say(sentence: str) -> None:
    """Tell people what happens, at once even when the output is a file."""
    print(sentence, flush=True)


def run(command: Sequence[str | Path], doing: str, env: dict[str, str] | None = None) -> None:
    """Run a command in the checkout; what it prints goes to var/setup.log. Raises SetupProblem in words."""
    LOG.parent.mkdir(exist_ok=True)
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupProblem(f"{doing} failed: {command[0]} cannot be started ({error.strerror}).") from error
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(map(str, command))}\n{done.stdout}\n")
    if done.returncode < 0:
        raise Killed(f"{doing} was ended by signal {-done.returncode} before it was finished.")
    if done.returncode:
        raise SetupProblem(_reason(doing, done.stdout))


def _reason(doing: str, output: str) -> str:
    lowered = output.lower()
    if "do not match the hashes" in lowered or "hash mismatch" in lowered or "eintegrity" in lowered:
        return f"{doing} failed: a downloaded package is not the one that was locked (its hash differs); see {LOG}."
    if "no space left" in lowered:
        return f"{doing} failed: the disk is full."
    if any(sign in lowered for sign in _OFFLINE):
        return (
            f"{doing} failed: the package registry cannot be reached. Check the network, or the proxy and mirror "
            "settings of pip and npm, then run the same command again."
        )
    last_lines = "\n".join(f"    {line}" for line in output.strip().splitlines()[-8:])
    return f"{doing} failed; all it said is in {LOG}, its last lines are:\n{last_lines}"


class Stamp:
    """Remembers, inside the folder that a step fills, what it was filled from: deleting the folder forgets it."""

    def __init__(self, path: Path, *sources: Path | str) -> None:
        self.path = path
        digest = hashlib.sha256()
        for source in sources:
            content = source.read_bytes() if isinstance(source, Path) else source.encode()
            digest.update(hashlib.sha256(content).digest())
        self.fingerprint = digest.hexdigest()

    def is_current(self) -> bool:
        """Whether the step was finished with these very sources."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.fingerprint

    def keep(self) -> None:
        """Note that the step is finished."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fingerprint, encoding="utf-8")
