"""Answers that leave as text messages, and what the provider says became of them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import db, utc_now
from helpdesk.models import Outgoing, TextReport
from helpdesk.outbox.text_states import TextState
from helpdesk.outbox.texting import FolderTexter, Texter
from helpdesk.tickets import actions
from helpdesk.tickets.resending import resend
from helpdesk.vocabulary import DeliveryState, Status
from tests.application import Desk, MemoryMailer
from tests.intake.phone.texts import ASKED, LOU, answer, kinds, send, text_of, texts_to, tickets


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


def test_what_was_posted_before_stop_does_not_leave(app: Flask, client: FlaskClient, desk: Desk) -> None:
    send(app, client, text_of(ASKED))
    (ticket,) = tickets()
    agent = desk.agent(ticket.service.slug)
    actions.reply(agent, ticket.reference, "Essayez.", seen=2**60, solve=False, now=utc_now())
    send(app, client, text_of("STOP", sid="SM2"))

    desk.parts.dispatcher.wake()

    assert texts_to(LOU)[1].state is DeliveryState.FAILED
    assert "STOP" in texts_to(LOU)[1].last_error
    assert desk.read(ticket.reference).status is Status.OPEN, "an answer that was not read is none"


def test_a_text_too_long_for_the_provider_leaves_with_its_beginning(
    app: Flask, client: FlaskClient, desk: Desk, folder: Path
) -> None:
    send(app, client, text_of(ASKED))
    (ticket,) = tickets()

    answer(desk, ticket.reference, "mot " * 2000)

    sent = desk.parts.letters.text(texts_to(LOU)[-1], desk.read(ticket.reference))
    assert len(sent) <= 1600
    assert " ...\n" in sent
    assert f"/suivi/{ticket.reference}/" in sent


def report(app: Flask, client: FlaskClient, row: Outgoing, status: str, sid: str, code: str = "") -> Any:
    fields = {"MessageSid": sid, "MessageStatus": status, "ErrorCode": code}
    return send(app, client, fields, f"/telephone/sms/etat/{row.id}")


def test_reports_are_kept_in_any_order_and_any_number(app: Flask, client: FlaskClient) -> None:
    send(app, client, text_of(ASKED))
    (row,) = texts_to(LOU)
    sid = db.session.get_one(TextReport, row.id).sid

    for status in ("delivered", "sent", "queued", "delivered", "failed", "martian"):
        assert report(app, client, row, status, sid).status_code == 204
    report(app, client, row, "undelivered", "SMother")

    db.session.rollback()
    assert db.session.get_one(TextReport, row.id).state is TextState.DELIVERED
    assert texts_to(LOU)[0].state is DeliveryState.SENT


def test_an_answer_that_did_not_arrive_opens_the_request_again(app: Flask, client: FlaskClient, desk: Desk) -> None:
    send(app, client, text_of(ASKED))
    (ticket,) = tickets()
    answer(desk, ticket.reference)
    row = texts_to(LOU)[-1]
    sid = db.session.get_one(TextReport, row.id).sid

    for _ in range(2):
        report(app, client, row, "undelivered", sid, "30003")

    assert desk.read(ticket.reference).status is Status.OPEN
    assert kinds(ticket).count("delivery-failed") == 1
    assert "30003" in texts_to(LOU)[-1].last_error


def test_what_a_text_could_not_bring_leaves_by_mail(
    app: Flask, client: FlaskClient, desk: Desk, mailer: MemoryMailer
) -> None:
    send(app, client, text_of(ASKED))
    (ticket,) = tickets()
    answer(desk, ticket.reference)
    row = texts_to(LOU)[-1]
    report(app, client, row, "failed", db.session.get_one(TextReport, row.id).sid)

    agent = desk.agent(ticket.service.slug)
    resend(agent, ticket.reference, row.id, "lou@famille.example", now=utc_now())
    desk.parts.dispatcher.wake()

    (mail,) = mailer.sent
    assert mail["To"] == "lou@famille.example"
    body = mail.get_body(("plain",))
    assert body
    assert "Demandez au collège." in body.get_content()
    assert desk.read(ticket.reference).sender_email == "lou@famille.example"


def test_reports_on_what_is_no_text_of_ours_change_nothing(app: Flask, client: FlaskClient, desk: Desk) -> None:
    desk.ticket()  # acknowledged by mail
    before = db.session.scalar(select(func.count()).select_from(TextReport))

    for number in (1, 999, 2**53 - 1):
        fields = {"MessageSid": "SM1", "MessageStatus": "failed"}
        assert send(app, client, fields, f"/telephone/sms/etat/{number}").status_code == 204

    assert db.session.scalar(select(func.count()).select_from(TextReport)) == before
    assert send(app, client, fields, f"/telephone/sms/etat/{2**70}").status_code == 404
