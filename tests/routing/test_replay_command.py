"""What the command replays: a file of rules, a folder of configuration, a stored draft."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.cli.main import main
from helpdesk.cli.replay import change_to
from helpdesk.errors import ConfigError, NotFound
from helpdesk.places import config_dir
from helpdesk.routing import rulebooks
from helpdesk.routing.again import Depth
from helpdesk.routing.assign import Routing
from helpdesk.routing.replay import Replay
from helpdesk.vocabulary import Role
from tests.application import Desk, later
from tests.routing.replaying import GRENOBLE, LYON, REUNION, told


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is replayed does not depend on the database."""
    return sqlite_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    folder.mkdir()
    return folder


def changed_file(folder: Path, name: str, change: Callable[[str], str]) -> None:
    (folder / name).write_text(change((config_dir() / name).read_text("utf-8")), "utf-8")


def swapped_departments(academies: str) -> str:
    """Lyon is given what was Grenoble's, and the other way round."""
    rows = [line.split(",") for line in academies.splitlines()]
    lyon, grenoble = (next(row for row in rows if row[0] == code) for code in ("10", "08"))
    lyon[5], grenoble[5] = grenoble[5], lyon[5]
    return "\n".join(map(",".join, rows)) + "\n"


def test_a_swap_in_the_list_of_academies_finds_the_academy_again(desk: Desk, routing: Routing, folder: Path) -> None:
    lyon, grenoble = desk.ticket(school=LYON).reference, desk.ticket(school=GRENOBLE).reference
    desk.ticket(school=REUNION)
    changed_file(folder, "academies.csv", swapped_departments)

    change = change_to(str(folder), routing)

    assert change.depth is Depth.PLACES
    assert told(list(Replay(change).run())) == {
        (lyon, "assistance-10", "assistance-08"),
        (grenoble, "assistance-08", "assistance-10"),
    }


def test_other_topics_decide_again_from_what_was_written(desk: Desk, routing: Routing, folder: Path) -> None:
    giraffe = desk.ticket("Mon compte ne s’ouvre pas, une girafe s’affiche", school=LYON)
    desk.ticket("Mon compte ne s’ouvre pas", school=LYON)
    changed_file(
        folder,
        "topics.toml",
        lambda text: text.replace(
            'slug = "teleservices"', 'slug = "teleservices"\nfirst = 6\npresents = ["girafe"]', 1
        ),
    )

    change = change_to(str(folder), routing)

    assert change.depth is Depth.WORDS
    assert told(list(Replay(change).run())) == {(giraffe.reference, "assistance-10", "scolarite-10")}


def test_a_folder_with_the_same_files_moves_nothing(desk: Desk, routing: Routing, folder: Path) -> None:
    desk.ticket(school=LYON)
    for name in ("topics.toml", "academies.csv", "routing.toml", "calendar.toml"):
        changed_file(folder, name, lambda text: text)

    change = change_to(str(folder), routing)

    assert change.depth is Depth.RULES
    assert list(Replay(change).run()) == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("routng.toml", "", "routng.toml : ce fichier n’est pas de la configuration"),
        ("calendar.toml", "", "draft : aucun fichier qui décide"),
        ("routing.toml", "[[rule]]\nname = 1", "routing.toml, règle «  » : « name » doit être un texte"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(
    app: Flask, routing: Routing, folder: Path, name: str, text: str, complaint: str
) -> None:
    (folder / name).write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        change_to(str(folder), routing)

    assert any(problem.startswith(complaint) for problem in caught.value.problems)


@pytest.mark.parametrize("draft", ["missing.toml", "/", "99"])
def test_a_draft_that_is_not_there_is_told(app: Flask, routing: Routing, draft: str) -> None:
    with pytest.raises((ConfigError, NotFound)):
        change_to(draft, routing)


def test_a_stored_draft_is_named_by_its_number(desk: Desk, routing: Routing, swap: str) -> None:
    ticket = desk.ticket(school=LYON)
    agent = desk.agent("triage-national", role=Role.SUPERVISOR)
    draft_id = rulebooks.start_draft(agent, routing, None, later())
    rulebooks.save_draft(agent, draft_id, swap + routing.rulebook.text, revision=0, now=later())

    moves = list(Replay(change_to(str(draft_id), routing)).run())

    assert [move.reference for move in moves] == [ticket.reference]


@pytest.fixture
def command(
    app: Flask, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, routing: Routing, swap: str
) -> list[str]:
    """`helpdesk routing replay` on this test's database, where one ticket would move."""
    desk.ticket(school=LYON)
    settings = app.extensions["helpdesk"].settings
    for name, value in (("DATABASE_URL", settings.database_url), ("DATA_DIR", str(settings.data_dir))):
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.toml").write_text(swap + routing.rulebook.text, "utf-8")
    return ["routing", "replay", "--rules", str(tmp_path / "rules.toml")]


def test_the_command_prints_one_object(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    (move,) = answer["moves"]
    assert (move["before"]["service"], move["after"]["service"]) == ("assistance-10", "assistance-08")
    assert "l’autre académie répond" in move["after"]["because"]
    assert answer["matrix"] == [{"from": "assistance-10", "to": "assistance-08", "count": 1}]
    assert (answer["read"], answer["moved"]) == (1, 1)


def test_the_command_prints_what_people_read(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--since", "2026-11-23"]) == 0

    out = capsys.readouterr().out
    assert "assistance-10 → assistance-08" in out
    assert "1 demandes rejouées, 1 iraient ailleurs." in out


def test_a_broken_draft_is_refused_by_file_rule_and_word(
    app: Flask, routing: Routing, swap: str, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(
        swap.replace("assistance-08", "assistance-99") + routing.rulebook.text, "utf-8"
    )

    with pytest.raises(ConfigError) as caught:
        change_to(str(tmp_path / "rules.toml"), routing)

    assert caught.value.problems == ["rules.toml, règle « pour-10 » : le service « assistance-99 » n’existe pas"]
