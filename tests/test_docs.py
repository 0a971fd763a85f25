"""The documentation is true where a test can hold it: links lead somewhere, commands and targets exist."""

import argparse
import re
from pathlib import Path

import pytest

from helpdesk.cli.main import parser_of_commands

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def ids(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))

    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_make_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    named = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))

    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_helpdesk_commands_that_are_named_exist(page: Path) -> None:
    commands = set(names(parser_of_commands()))

    named = re.findall(r"`(?:[^`\n]*\| )?helpdesk ([a-z-]+)(?: ([a-z-]+))?", page.read_text("utf-8"))

    assert {" ".join(filter(None, words)) for words in named} <= commands | {name.split()[0] for name in commands}


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_files_of_the_house_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:config|helpdesk|templates|docs|requirements)/[\w./-]+)`", page.read_text("utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []


def names(parser: argparse.ArgumentParser, before: str = "") -> list[str]:
    """Every command with its actions: "check", "db upgrade"."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                found += [f"{before}{name}", *names(below, f"{before}{name} ")]
    return found
