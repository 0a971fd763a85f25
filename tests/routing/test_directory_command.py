"""`helpdesk directory …`, and `helpdesk routing explain` with and without a directory."""

import json
import sqlite3
from pathlib import Path

import pytest

from helpdesk.cli.database import database_if_any
from helpdesk.cli.main import main
from helpdesk.places import config_dir
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_search import open_directory

SAMPLE = config_dir() / "directory-sample.csv"
JEAN_MOULIN, TELESCOPE = "0349901C", "0939901G"


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An SQLite database with all tables, named by the environment."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    return Path(sqlite_url.removeprefix("sqlite:///"))


def explained(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    file = tmp_path / "request.jsonl"
    file.write_text(json.dumps({"text": text}), "utf-8")
    assert main(["routing", "explain", str(file)]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_a_file_is_tried_then_imported_then_asked(
    database: Path, tmp_path: Path, france: Geography, capsys: pytest.CaptureFixture[str]
) -> None:
    """One way through all commands: each call reads the whole configuration, which takes its time."""
    file = tmp_path / "one-wrong-line.csv"
    file.write_text(SAMPLE.read_text("utf-8").replace(TELESCOPE, "0939901A"), "utf-8")

    assert main(["directory", "import", str(file), "--dry-run", "--json"]) == 1
    tried = json.loads(capsys.readouterr().out)
    assert (len(tried["added"]), tried["refused"][0]["line"]) == (27, 17)

    assert main(["directory", "import", str(file)]) == 1
    told = capsys.readouterr().out
    assert "Ajoutés : 27." in told
    assert "ligne 17 refusée : 0939901A : la dernière lettre devrait être" in told

    assert main(["directory", "show", JEAN_MOULIN.lower()]) == 0
    assert "Montpellier" in capsys.readouterr().out
    assert main(["directory", "find", "clg J. Moulin béziers"]) == 0
    assert capsys.readouterr().out == f"{JEAN_MOULIN}  Collège Jean Moulin, 34500 Béziers\n"

    answer = explained("mon fils est au clg J Moulin à Béziers", tmp_path, capsys)
    assert "établissement Collège Jean Moulin (Béziers)" in str(answer["because"])


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(
    name: str, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["directory", "import", str(tmp_path / name)])

    assert code == 2
    assert "ne peut pas être lu" in capsys.readouterr().err


def test_no_database_is_made_by_looking_for_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with database_if_any() as connection:
        assert connection is None
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "sqlite:////nowhere/at/all.sqlite",
        "mysql://what",
        "sqlite:///{broken}",
        "sqlite:///{empty}",
    ],
)
def test_a_database_that_cannot_be_read_is_no_directory(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"This is no database at all." * 100)
    sqlite3.connect(tmp_path / "empty.sqlite").execute("CREATE TABLE other (id integer)")
    monkeypatch.setenv(
        "DATABASE_URL",
        address.format(broken=tmp_path / "broken.sqlite", empty=tmp_path / "empty.sqlite"),
    )

    with database_if_any() as connection:
        assert connection is None or open_directory(connection) is None
