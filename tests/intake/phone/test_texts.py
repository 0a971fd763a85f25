"""Text messages: they open tickets or go on with them, are answered by text, and stop when they are asked to."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import db, utc_now
from helpdesk.intake.message import Sender
from helpdesk.models import Message
from helpdesk.outbox.texting import FolderTexter, Texter
from helpdesk.tickets import actions
from helpdesk.tickets.order.merging import merge
from helpdesk.vocabulary import Channel, DeliveryState, Priority, Status
from tests.application import Desk
from tests.intake.phone.texts import ASKED, LOU, answer, kinds, send, signed, text_of, texts_to, tickets


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; test_texts_databases.py has what differs."""
    return sqlite_url


@pytest.fixture
def texter(tmp_path: Path) -> Texter | None:
    return FolderTexter(tmp_path / "texts")


@pytest.fixture
def folder(texter: FolderTexter) -> Path:
    return texter.folder


def test_a_text_is_a_ticket_and_is_acknowledged_by_text(app: Flask, client: FlaskClient, folder: Path) -> None:
    said = send(app, client, text_of(ASKED))

    (ticket,) = tickets()
    assert (said.status_code, said.mimetype) == (200, "text/xml")
    assert (ticket.channel, ticket.sender_phone, ticket.academy) == (Channel.SMS, LOU, "10")
    (text,) = (path.read_text("utf-8") for path in folder.glob("*.json"))
    assert ticket.reference in text
    assert f"/suivi/{ticket.reference}/" in text
    assert texts_to(LOU)[0].state is DeliveryState.SENT


def test_the_same_text_five_times_is_one_ticket(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        assert send(app, client, text_of(ASKED)).status_code == 200

    assert len(tickets()) == 1
    assert len(texts_to(LOU)) == 1


def test_a_second_text_goes_on_with_the_same_request(app: Flask, client: FlaskClient, desk: Desk) -> None:
    send(app, client, text_of(ASKED))
    answer(desk, tickets()[0].reference, solve=True)

    send(app, client, text_of("Toujours rien !", sid="SM2"))

    (ticket,) = tickets()
    assert ticket.status is Status.OPEN
    assert [message.text for message in ticket.messages] == [ASKED, "Demandez au collège.", "Toujours rien !"]


@pytest.mark.parametrize("over", ["closed", "long ago", "another number"])
def test_what_has_nothing_to_do_with_it_opens_another(app: Flask, client: FlaskClient, desk: Desk, over: str) -> None:
    if over == "long ago":
        asked = desk.message(channel=Channel.SMS, sender=Sender(phone=LOU))
        desk.receive(asked, now=utc_now() - timedelta(days=15))
    else:
        send(app, client, text_of(ASKED))
    if over == "closed":
        agent = desk.agent(tickets()[0].service.slug)
        actions.close(agent, tickets()[0].reference, "doublon", now=utc_now() + timedelta(seconds=1))

    send(app, client, text_of("Encore moi", sender="+33639980222" if over == "another number" else LOU, sid="SM2"))

    assert len(tickets()) == 2


def test_after_a_merge_a_text_reaches_the_request_that_goes_on(app: Flask, client: FlaskClient, desk: Desk) -> None:
    send(app, client, text_of(ASKED))
    kept = desk.ticket(sender=Sender("Lou Inventé", phone=LOU), now=utc_now())
    (gone, _kept), agent = tickets(), desk.agent()
    merge(agent, gone.reference, kept.reference, utc_now())
    actions.solve(agent, kept.reference, now=utc_now())

    send(app, client, text_of("Toujours rien !", sid="SM2"))

    assert len(tickets()) == 2
    assert desk.read(kept.reference).status is Status.OPEN


def test_a_request_that_is_named_is_gone_on_with(app: Flask, client: FlaskClient, desk: Desk) -> None:
    called = desk.ticket(sender=Sender(phone=LOU))
    other = desk.ticket()  # of somebody else: naming it opens nothing of it

    send(app, client, text_of(f"pour {called.reference} : c'est urgent"))
    send(app, client, text_of(f"pour {other.reference} : qui est-ce ?", sender="+33639980222", sid="SM2"))

    assert len(desk.read(called.reference).messages) == 2
    assert len(desk.read(other.reference).messages) == 1


def test_danger_is_urgent_by_text_too(app: Flask, client: FlaskClient, folder: Path) -> None:
    send(app, client, text_of("mon fils est frappé à la maison, il veut mourir, aidez nous"))

    (ticket,) = tickets()
    assert ticket.priority is Priority.URGENT
    assert "119" in next(folder.glob("*.json")).read_text("utf-8")


def test_only_mobile_numbers_of_france_are_answered(app: Flask, client: FlaskClient) -> None:
    expected = {
        "+33639980111": True,
        "+262692010203": True,  # La Réunion
        "+262639980111": False,  # no such number in the plan
        "+33139980111": False,  # a landline
        "+447400123456": False,  # abroad
        "36180": False,  # a short code
        "ORANGE": False,
        "": False,
    }

    for place, sender in enumerate(expected):
        send(app, client, text_of(ASKED, sender=sender, sid=f"SM{place}"))

    assert [ticket.sender_phone for ticket in tickets()] == list(expected)
    assert {sender: bool(texts_to(sender)) for sender in expected} == expected


def test_nothing_said_is_nothing_done(app: Flask, client: FlaskClient) -> None:
    for body in ("", "   \n", "\x00"):
        assert send(app, client, text_of(body)).status_code == 200
    assert send(app, client, text_of(ASKED, sid="")).status_code == 200

    assert tickets() == []


def test_whatever_is_said_is_taken_in(app: Flask, client: FlaskClient) -> None:
    bombs = ("😀" * 500, "a" * 300_000, "<script>alert(1)</script>", "\u202e\u0000x")

    for place, body in enumerate(bombs):
        assert send(app, client, text_of(body, sender=f"+3363998011{place}", sid=f"SM{place}")).status_code == 200

    lengths = [len(ticket.messages[0].text) for ticket in tickets()]
    assert len(lengths) == len(bombs)
    assert all(0 < length <= 20_000 for length in lengths)


def test_stop_is_honoured_and_start_as_well(app: Flask, client: FlaskClient, desk: Desk, folder: Path) -> None:
    send(app, client, text_of(ASKED))
    (ticket,) = tickets()

    for sid in ("SM2", "SM3"):  # said twice
        send(app, client, text_of(" Arrêt. ", sid=sid))
    answer(desk, ticket.reference, "Essayez ceci.")

    assert len(desk.read(ticket.reference).messages) == 2, "STOP itself is no message"
    assert kinds(ticket).count("texts-stopped") == 1
    assert len(texts_to(LOU)) == len(list(folder.glob("*.json"))) == 1

    send(app, client, text_of("START", sid="SM4"))
    actions.reply(desk.agent(ticket.service.slug), ticket.reference, "Et cela.", seen=2**60, solve=False, now=utc_now())

    assert kinds(ticket).count("texts-resumed") == 1
    assert len(texts_to(LOU)) == 2


def test_stop_within_a_sentence_is_a_request(app: Flask, client: FlaskClient) -> None:
    send(app, client, text_of("stop, je n'y arrive pas"))

    assert len(tickets()) == 1


def test_one_number_is_not_acknowledged_without_end(app: Flask, client: FlaskClient, desk: Desk) -> None:
    for _ in range(7):
        desk.receive(desk.message(sender=Sender(phone=LOU)))

    assert len(texts_to(LOU)) == 5


def test_what_is_not_from_the_provider_is_refused(app: Flask, client: FlaskClient, desk: Desk) -> None:
    settings, path = desk.parts.settings, "/telephone/sms"
    right = signed(settings, path, text_of(ASKED))
    forged = {
        "unsigned": {**right, "headers": {}},
        "other secret": signed(settings, path, text_of(ASKED), "x" * 32),
        "other account": signed(settings, path, text_of(ASKED, AccountSid="ACother")),
        "other words": {**right, "data": {**right["data"], "Body": "autre"}},
        "other address": {**right, "path": f"{path}?a=1"},
        "other host": {**right, "path": path, "headers": {**right["headers"], "X-Forwarded-Host": "evil.example"}},
    }

    answers = {name: client.post(**asked).status_code for name, asked in forged.items()}

    assert answers == dict.fromkeys(forged, 403) | {"other host": 200}, (
        "the public address counts, not what is said of it"
    )
    assert len(tickets()) == 1


def test_the_house_counts_messages_once(app: Flask, client: FlaskClient) -> None:
    send(app, client, text_of("merci", sid="SM9"))
    send(app, client, text_of("autre chose", sid="SM9"))  # the same name with other words is not stored

    assert db.session.scalar(select(func.count()).select_from(Message)) == 1
