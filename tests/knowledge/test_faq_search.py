"""`helpdesk faq search`, as an editor at a terminal and a measuring program see it."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk.cli.main import main
from helpdesk.places import config_dir

REVIEWED = str(config_dir() / "faq" / "educonnect.md")
OTHER = """# Divers
## Comment notifier un compte ?
Public : familles
Adresse : notifier-autrement

Ainsi.
"""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine just set up, with nothing published."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_searches_the_reviewed_document_while_nothing_is_published(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["faq", "search", "--json", "mon fils a perdu son mot de passe"]) == 0

    (line,) = lines(capsys)
    assert list(line) == ["id", "query", "answered", "results"]
    assert (line["id"], line["query"], line["answered"]) == (None, "mon fils a perdu son mot de passe", True)
    assert list(line["results"][0]) == ["question", "slug", "score"]
    assert line["results"][0]["question"] == "Un parent peut-il régénérer le mot de passe de son enfant ?"
    assert not list(fresh.rglob("*.sqlite"))


def test_it_searches_what_is_published_once_something_is(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (fresh / "faq.md").write_text(OTHER, "utf-8")
    assert main(["db", "upgrade"]) == 0
    assert main(["faq", "import", str(fresh / "faq.md")]) == 0
    capsys.readouterr()

    assert main(["faq", "search", "--json", "notifier un compte"]) == 0

    assert [result["slug"] for result in lines(capsys)[0]["results"]] == ["notifier-autrement"]


def test_a_database_without_a_faq_is_like_none(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    capsys.readouterr()

    assert main(["faq", "search", "--json", "les profs et educonnect"]) == 0

    assert lines(capsys)[0]["answered"] is True


def test_a_database_that_does_not_answer_is_an_error_not_an_empty_faq(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")

    assert main(["faq", "search", "mot de passe"]) == 2

    assert capsys.readouterr().err == "La base de données ne répond pas.\n"


def test_queries_of_a_file_are_answered_in_their_order(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queries = [{"id": "q1", "query": "changer de numéro"}, {"id": 2, "query": "menu de la cantine"}, {"query": "prof"}]
    (fresh / "q.jsonl").write_text("\ufeff" + "\r\n\r\n".join(json.dumps(one) for one in queries), "utf-8")

    assert main(["faq", "search", "--file", "q.jsonl", "--json", "--faq", REVIEWED]) == 0

    assert [(line["id"], line["answered"]) for line in lines(capsys)] == [("q1", True), (2, False), (None, True)]


def test_a_line_that_is_no_query_is_told_and_the_others_are_answered(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ["pas du json", "[1]", '{"id": 1}', '{"id": 1, "query": 3}', "[" * 100_000]
    (fresh / "q.jsonl").write_text("\n".join([*bad, '{"id": 9, "query": "\\ud800 prof"}']), "utf-8")

    assert main(["faq", "search", "--file", "q.jsonl", "--json", "--faq", REVIEWED]) == 1

    printed = capsys.readouterr()
    assert [json.loads(line)["id"] for line in printed.out.splitlines()] == [9]
    assert [line.split(" :")[0] for line in printed.err.splitlines()] == [f"q.jsonl, ligne {n}" for n in range(1, 6)]


def test_people_read_what_was_understood_and_whether_anything_fits(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["faq", "search", "motdepasse perdu de ma fille", "--faq", REVIEWED]) == 0
    assert "  compris : mot de passe perdu de ma fille\n" in capsys.readouterr().out

    assert main(["faq", "search", "recette de crêpes", "--faq", REVIEWED]) == 0
    assert capsys.readouterr().out == "recette de crêpes\n  rien ne correspond\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Donnez une question, ou --file et un fichier de questions."),
        (["prof", "--file", "q.jsonl"], "Donnez une question, ou --file et un fichier de questions."),
        (["--file", "absent.jsonl"], "absent.jsonl ne peut pas être lu"),
        (["--file", "latin.jsonl"], "latin.jsonl ne peut pas être lu : il n’est pas en UTF-8."),
        (["prof", "--faq", "absent.md"], "absent.md ne peut pas être lu"),
        (["prof", "--faq", "latin.jsonl"], "latin.jsonl ne peut pas être lu : il n’est pas en UTF-8."),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    fresh: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    (fresh / "latin.jsonl").write_bytes('{"query": "élève"}'.encode("latin-1"))

    assert main(["faq", "search", *arguments]) == 2

    assert told in capsys.readouterr().err
