"""Pages read by html-validate, as strictly as a browser is lenient."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.assets import MODULES, node
from scripts.steps import ROOT


def faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong in these pages (name → HTML), one line each. All in one run: starting the tool costs most."""
    program, tool = node(), MODULES / ".bin" / "html-validate"
    if program is None or not tool.exists():
        pytest.skip("no html-validate here: run `make test`, which fetches it")
    files: list[Path] = []
    for name, page in pages.items():
        file = folder / f"{name}.html"
        file.write_text(page, encoding="utf-8")
        files.append(file)
    options = ("--config", ROOT / ".html-validate.json", "--formatter", "json")
    done = subprocess.run([program, tool, *options, *files], capture_output=True, encoding="utf-8", check=False)
    if not done.stdout:
        raise RuntimeError(f"html-validate did not run: {done.stderr}")
    return [
        f"{Path(result['filePath']).stem}, line {message['line']}: {message['message']} ({message['ruleId']})"
        for result in json.loads(done.stdout)
        for message in result["messages"]
    ]
