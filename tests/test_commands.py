"""The command line as a whole; what each command does is tested in its room."""

import argparse

import pytest

from helpdesk.cli.main import ROOMS, parser_of_commands


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
