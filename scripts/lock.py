"""Writes the locks again: `python -m scripts.lock [--upgrade]`. Without --upgrade, what is locked stays as it is.

A lock names packages, versions and hashes, and no host: who installs from a mirror gets the same bytes.
"""

import re
import shutil
import sys
from pathlib import Path

from scripts.assets import npm
from scripts.environment import LOCKS
from scripts.steps import ROOT, SetupProblem, run, say

# The name of each lock, and what of pyproject.toml goes into it. Later ones take the versions of earlier ones.
PYTHON_LOCKS: dict[str, tuple[str, ...]] = {
    "runtime": ("pyproject.toml",),
    "scale": ("pyproject.toml", "--extra", "scale", "--constraint", "requirements/runtime.txt"),
    "dev": (
        *("pyproject.toml", "--extra", "scale", "--group", "lint", "--group", "test", "--group", "browser"),
        *("--constraint", "requirements/scale.txt"),
    ),
    "build": ("--group", "build", "--constraint", "requirements/dev.txt"),
    "node": ("--group", "node"),
}
_UV = ("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
_PLAIN = ("--no-emit-index-url", "--no-header", "--no-annotate")


def lock(upgrade: bool) -> None:
    """Write every lock. Raises SetupProblem, also when one names a host."""
    if shutil.which("uv") is None:
        raise SetupProblem("Locks are written by uv and it is not there: install it first (pip install uv).")
    options = ["--upgrade"] if upgrade else []
    for name, sources in PYTHON_LOCKS.items():
        path = LOCKS / f"{name}.txt"
        say(f"requirements/{path.name} …")
        run([*_UV, *_PLAIN, *options, *sources, "--output-file", path], f"Locking {path.name}")
    say("package-lock.json …")
    run([*npm(), "install", "--package-lock-only", "--ignore-scripts"], "Locking the npm packages")
    for path in (*LOCKS.glob("*.txt"), ROOT / "package-lock.json"):
        if hosts := hosts_in(path):
            raise SetupProblem(f"{path} names hosts, which a lock must not: {', '.join(hosts)}.")


def hosts_in(path: Path) -> list[str]:
    """The hosts from which a lock would fetch. Pages that a package asks donations on are none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fetched = [line for line in lines if '"url": "' not in line or '"resolved"' in line]
    return sorted(set(re.findall(r"(?:https?|git|ssh|file)://[^/\s\"]+", "\n".join(fetched))))


if __name__ == "__main__":
    try:
        lock(upgrade="--upgrade" in sys.argv[1:])
    except SetupProblem as problem:
        sys.exit(str(problem))
