"""The command line as a whole; what each command does is tested in its room."""

import argparse
from pathlib import Path

import pytest

from helpdesk.cli.main import ROOMS, main, parser_of_commands


@pytest.mark.parametrize("room", ROOMS)
def test_a_command_is_read_from_the_file_that_adds_it(room: str) -> None:
    for command in ROOMS[room]:
        assert commands(parser_of_commands(command)) == set(ROOMS[room])


def test_without_a_command_all_are_told() -> None:
    every = {command for added in ROOMS.values() for command in added}

    assert commands(parser_of_commands()) == commands(parser_of_commands("inconnue")) == every


def commands(parser: argparse.ArgumentParser) -> set[str]:
    (choices,) = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return set(choices)


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("postgresql://desk:hunter2@127.0.0.1:1/desk", ["db", "upgrade"]),
        ("postgresql://desk:hunter2@127.0.0.1:1/desk", ["send-pending"]),
        ("sqlite:///{folder}/nowhere/desk.sqlite", ["privacy", "purge", "--dry-run"]),
        ("sqlite:///{folder}/empty.sqlite", ["figures", "rebuild"]),
    ],
)
def test_a_database_that_is_away_or_empty_is_told_in_words(
    address: str,
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", address.format(folder=tmp_path))

    assert main(command) == 2

    said = capsys.readouterr().err
    assert "DATABASE_URL" in said
    assert "Traceback" not in said
    assert "hunter2" not in said
