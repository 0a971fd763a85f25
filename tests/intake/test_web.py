"""The public form, as a visitor’s browser meets it."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from helpdesk.db import db
from helpdesk.models import Attachment, Message, Ticket
from helpdesk.pages import parts_of
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.intake.forms import FIELDS, count, filled, only_ticket, send


def test_a_request_leads_to_its_follow_up_page(client: FlaskClient, mailer: MemoryMailer) -> None:
    answer = send(client)

    assert answer.status_code == 303
    page = client.get(answer.location)
    ticket = only_ticket()
    assert ticket.reference in page.text
    assert "le code SMS n’arrive jamais" in page.text
    assert [mail["To"] for mail in mailer.sent] == ["lou@famille.example"]
    body = mailer.sent[0].get_body(("plain",))
    assert body is not None
    assert answer.location.split("?")[0] in body.get_content()


def test_a_double_click_is_one_request(client: FlaskClient, mailer: MemoryMailer) -> None:
    fields = filled(client)

    first, second = client.post("/demande", data=fields), client.post("/demande", data=fields)

    assert first.location == second.location
    assert (count(Ticket), count(Message), len(mailer.sent)) == (1, 1, 1)


def test_the_back_button_and_other_words_add_to_the_same_request(client: FlaskClient) -> None:
    fields = filled(client)
    client.post("/demande", data=fields)

    for _ in range(2):
        client.post("/demande", data={**fields, "text": "J’ai oublié de dire : c’est un numéro étranger."})

    assert count(Ticket) == 1
    assert [message.text for message in only_ticket().messages] == [
        "Bonjour, le code SMS n’arrive jamais.",
        "J’ai oublié de dire : c’est un numéro étranger.",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "  "}, "Il manque votre demande"),
        ({"last_name": ""}, "Il manque votre nom"),
        ({"email": "lou@"}, "pas complète"),
        ({"email": "", "phone": ""}, "pour vous répondre"),
        ({"email": "", "phone": "12"}, "Ce numéro"),
        ({"text": "a" * 10_001}, "retirez 1"),
        ({"profile": "roi"}, "Vous êtes"),
        ({"profile": ""}, "Dites-nous qui vous êtes"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = send(client, **{"school_name": "collège « Été » & Cie", **changes})

    assert answer.status_code == 422
    assert words in answer.text
    assert "collège « Été » &amp; Cie" in answer.text
    assert count(Ticket) == 0


def test_a_likely_slip_in_the_address_is_asked_about_once(client: FlaskClient) -> None:
    first = send(client, email="lou@gmial.com")

    assert first.status_code == 422
    assert "lou@gmail.com" in first.text
    again = send(client, email="lou@gmial.com", email_checked=field_in(first.text, "email_checked"))
    assert again.status_code == 303
    assert only_ticket().sender_email == "lou@gmial.com"


def test_a_phone_alone_is_enough(client: FlaskClient, mailer: MemoryMailer) -> None:
    answer = send(client, email="", phone="0639 01 02 03", school_postal_code="97600", school_commune="Mamoudzou")

    assert answer.status_code == 303
    assert only_ticket().sender_phone == "+262639010203"
    assert mailer.sent == []


def test_a_page_left_open_too_long_keeps_its_text(client: FlaskClient) -> None:
    fields = filled(client)
    client.delete_cookie("helpdesk")

    stale = client.post("/demande", data=fields)

    assert stale.status_code == 422
    assert "ouverte depuis longtemps" in stale.text
    assert "le code SMS n’arrive jamais" in stale.text
    again = client.post("/demande", data={**fields, "csrf_token": token_in(stale.text)})
    assert again.status_code == 303


def test_without_the_forms_own_token_there_is_no_request(client: FlaskClient) -> None:
    answer = send(client, csrf_token="forged")

    assert answer.status_code == 422
    assert count(Ticket) == 0


def test_beyond_the_limit_the_text_comes_back(client: FlaskClient) -> None:
    statuses = [send(client, email=f"lou{number}@famille.example").status_code for number in range(21)]

    assert statuses.count(303) == 20
    refused = send(client, text="Mon vrai texte.")
    assert refused.status_code == 429
    assert "Mon vrai texte." in refused.text
    assert count(Ticket) == 20


def test_when_the_database_cannot_write_the_text_comes_back(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: SQLite and PostgreSQL both say so by an OperationalError at commit."""
    fields = filled(client)

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(db.session, "commit", full)
    monkeypatch.setattr("sqlalchemy.orm.Session.commit", full)
    answer = client.post("/demande", data=fields)
    monkeypatch.undo()

    assert answer.status_code == 503
    assert "le code SMS n’arrive jamais" in answer.text
    assert client.post("/demande", data={**fields, "csrf_token": token_in(answer.text)}).status_code == 303
    assert count(Ticket) == 1


def test_chosen_files_survive_a_refused_form(client: FlaskClient) -> None:
    picture = (BytesIO(b"\x89PNG\r\n\x1a\npixels"), "écran.png")
    refused = client.post("/demande", data={**filled(client, text=""), "files": picture})

    hidden = {name: field_in(refused.text, name) for name in ("token", "kept")}
    again = client.post("/demande", data={**FIELDS, **hidden, "csrf_token": token_in(refused.text)})

    assert again.status_code == 303
    assert [attachment.name for attachment in db.session.scalars(select(Attachment))] == ["écran.png"]


def test_files_of_forms_that_are_refused_do_not_fill_the_disk(client: FlaskClient, desk: Desk) -> None:
    forms = [filled(client, text="", csrf_token="forged") for _ in range(22)]
    files = [[(BytesIO(f"{n} {k}".encode()), "a.txt") for k in range(50 if n == 0 else 1)] for n in range(22)]

    answers = [client.post("/demande", data={**form, "files": some}) for form, some in zip(forms, files, strict=True)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429] * 2
    assert "Votre texte est gardé" in answers[-1].text
    assert len(list(desk.parts.files.digests())) == 6 + 19, "one more than there may be, then one each"


def test_a_sixth_file_is_refused_in_words_not_dropped(client: FlaskClient) -> None:
    files = [(BytesIO(f"page {number}".encode()), f"page{number}.txt") for number in range(6)]

    answer = client.post("/demande", data={**filled(client), "files": files})

    assert answer.status_code == 422
    assert "5 fichiers" in answer.text
    assert count(Ticket) == 0


def test_a_list_of_files_made_up_by_hand_is_ignored(client: FlaskClient, desk: Desk) -> None:
    secret = desk.parts.files.keep(b"a file of somebody else")

    send(client, kept=f'[["{secret}","vol.txt"]]')

    assert count(Attachment) == 0


def test_too_large_an_upload_is_told_in_words(client: FlaskClient) -> None:
    answer = client.post("/demande", data=b"x" * 12_000_000, content_type="multipart/form-data; boundary=film")

    assert answer.status_code == 413
    assert "taille" in answer.text
    assert count(Ticket) == 0


def test_a_text_from_the_search_page_is_in_the_form(client: FlaskClient) -> None:
    page = client.get("/demande", query_string={"texte": "code <b>sms</b>"})

    assert "code &lt;b&gt;sms&lt;/b&gt;" in page.text


@pytest.mark.parametrize("abuse", ["the same form", "fresh forms", "no form at all"])
def test_a_thousand_posts_from_one_address_leave_the_allowed_number(client: FlaskClient, abuse: str) -> None:
    """Never an error of ours."""
    fields = filled(client)
    statuses = set()
    for turn in range(340):
        data: dict[str, Any] = fields
        if abuse == "fresh forms":
            data = {**fields, "email": f"a{turn}@famille.example", "token": f"{turn:032x}"}
        if abuse == "no form at all":
            data = {
                "text": "x" * turn,
                "token": "\x00" * (turn % 40),
                "kept": "\ud83d".encode("utf-16", "surrogatepass")[:2],
            }
        statuses.add(client.post("/demande", data=data).status_code)

    assert statuses <= {303, 422, 429}
    assert count(Ticket) <= parts_limit(client)


def parts_limit(client: FlaskClient) -> int:
    return int(parts_of(client.application).settings.form_limit.split()[0])


def test_a_message_is_told_with_all_its_fields(client: FlaskClient) -> None:
    send(client, shown_message="Numéro inconnu (E-12)", phone="06 12 34 56 78")

    ticket = only_ticket()
    assert ticket.messages[0].text.endswith("Message affiché à l’écran : « Numéro inconnu (E-12) »")
    assert (ticket.sender_name, ticket.sender_phone) == ("Lou Inventé", "+33612345678")
    assert (ticket.school_name, ticket.school_commune) == ("collège Jean Moulin", "Lyon")
