"""Each mail of tests/mails/ bears one oddity; the file beside it says what a person would read in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import Mail

MAILS = Path(__file__).parents[2] / "mails"


def seen(mail: Mail) -> dict[str, Any]:
    """What a file may expect, under the names that it uses."""
    return {
        "subject": mail.subject,
        "from_address": mail.from_address,
        "from_name": mail.from_name,
        "to": [address.address for address in mail.to],
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "references": list(mail.references),
        "text": mail.text,
        "reply_text": mail.reply_text,
        "quoted": mail.quoted,
        "attachments": [[file.name, file.content_type, len(file.content)] for file in mail.files],
        "attachment_names": [file.name for file in mail.files],
        "automatic": mail.automatic,
    }


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_a_mail_is_read_as_a_person_reads_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))

    mail = read_mail(path.read_bytes())

    found = seen(mail)
    assert {name: found[name] for name in expected if name in found} == {
        name: value for name, value in expected.items() if name in found
    }
    for words in expected.get("reply_has", []):
        assert words in mail.reply_text
    for markup in expected.get("html_has", []):
        assert markup in mail.html
    for markup in expected.get("html_lacks", []):
        assert markup not in mail.html
    if "bounce" in expected:
        wanted = expected["bounce"]
        assert (mail.bounce is None) == (wanted is None)
        for name, value in (wanted or {}).items():
            assert getattr(mail.bounce, name) == value


def test_every_mail_says_what_is_expected_of_it() -> None:
    known = {*seen(Mail("", "")), "reply_has", "html_has", "html_lacks", "bounce"}

    for path in sorted(MAILS.glob("*.eml")):
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert expected, path.stem
        assert set(expected) <= known, path.stem
