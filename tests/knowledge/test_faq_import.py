"""`helpdesk faq import`, as a person at a terminal and another program see it."""

import json
from pathlib import Path

import pytest

from helpdesk.cli.main import main
from helpdesk.knowledge.reviewed import parse
from helpdesk.places import config_dir

SCAN = str(config_dir() / "faq" / "educonnect.txt")
REVIEWED = config_dir() / "faq" / "educonnect.md"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No database can be reached and nothing is set."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    monkeypatch.chdir(tmp_path)


def test_the_dry_run_prints_json_alone_and_needs_no_database(nowhere: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "import", SCAN, "--dry-run", "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["sections"]
    assert len(printed["sections"]) == 8
    questions = [each for section in printed["sections"] for each in section["questions"]]
    assert len(questions) == 18
    assert all(list(each) == ["question", "answer", "audience"] for each in questions)
    assert {each["audience"] for each in questions} == {"families", "schools", "staff"}


def test_the_dry_run_shows_each_repair_with_its_place_and_rule(
    nowhere: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["faq", "import", SCAN, "--dry-run"]) == 0

    shown = capsys.readouterr().out
    assert "8 rubriques, 18 questions (familles : 9, établissements : 8, personnels : 1)." in shown
    assert "ligne   12  « nécessaire" not in shown
    assert "ligne    6  « établissementet » → « établissement et »  [mots collés]" in shown
    assert "ligne   10  « accèdent-ils a EduConnect » → « accèdent-ils à EduConnect »" in shown


def test_a_scan_can_be_printed_in_the_form_to_review(nowhere: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "import", SCAN, "--dry-run", "--markdown"]) == 0

    assert len(list(parse(capsys.readouterr().out).questions())) == 18


def test_a_file_that_is_none_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")

    assert main(["faq", "import", str(tmp_path / "missing.txt"), "--dry-run"]) == 2
    assert main(["faq", "import", str(tmp_path / "empty.txt"), "--dry-run"]) == 2
    assert main(["faq", "import", str(tmp_path), "--dry-run"]) == 2

    errors = capsys.readouterr().err
    assert "missing.txt ne peut pas être lu" in errors
    assert "Le fichier est vide." in errors
    assert "Traceback" not in errors


def test_importing_twice_changes_nothing_and_an_edited_entry_changes_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'faq.db'}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    edited = tmp_path / "educonnect.md"
    edited.write_text(REVIEWED.read_text("utf-8").replace("Rien ne change par rapport", "Rien par rapport"), "utf-8")
    assert main(["db", "upgrade"]) == 0

    for path in (REVIEWED, REVIEWED, edited):
        assert main(["faq", "import", str(path)]) == 0

    lines = capsys.readouterr().out.split("\n")
    assert [line for line in lines if line.startswith(("Questions :", "Rien n’a"))] == [
        "Questions : 18 ajoutées.",
        "Rien n’a changé.",
        "Questions : 1 modifiée.",
    ]


def test_an_export_imports_as_nothing_and_roles_are_given_by_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'faq.db'}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    exported = tmp_path / "export.md"
    assert main(["db", "upgrade"]) == 0
    assert main(["faq", "import", str(REVIEWED)]) == 0

    assert main(["faq", "export", str(exported)]) == 0
    assert main(["faq", "import", str(exported)]) == 0

    assert "Rien n’a changé." in capsys.readouterr().out
    assert main(["agent", "add", "edith@rectorat.example", "--name", "Édith Essai"]) == 0
    assert main(["agent", "faq", "edith@rectorat.example", "reviewer"]) == 0
    assert main(["agent", "faq", "inconnu@rectorat.example", "editor"]) == 2
    assert main(["faq", "export", str(tmp_path / "nulle-part" / "x.md")]) == 2
