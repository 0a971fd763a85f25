"""`helpdesk mail read`: one JSON line a file, without a mailbox or a database."""

import json
from pathlib import Path

import pytest

from helpdesk.cli.main import main

KEYS = ["file", "subject", "from_address", "from_name", "to", "date", "message_id", "references", "text", "reply_text",
        "html", "attachments", "automatic", "bounce", "error"]  # fmt: skip
MAILS = Path(__file__).parents[2] / "mails"


def test_each_file_gets_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main(
        ["mail", "read", str(MAILS / "fr-gmail.eml"), str(tmp_path / "absent.eml"), str(MAILS / "nom-absent.eml")]
    )

    out = capsys.readouterr()
    read, absent, with_file = (json.loads(line) for line in out.out.splitlines())
    assert code == 1
    assert list(read) == list(absent) == list(with_file) == KEYS
    assert (read["subject"], read["error"]) == ("Connexion impossible", None)
    assert absent["error"].startswith("Le fichier ne peut pas être lu")
    assert "absent.eml" in out.err
    assert with_file["attachments"] == [{"name": "image.png", "type": "image/png", "size": 70}]


def test_all_read_is_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "read", str(MAILS / "bounce-dsn-echec.eml")]) == 0

    line = json.loads(capsys.readouterr().out)
    assert (line["automatic"], line["bounce"]) == (True, True)
