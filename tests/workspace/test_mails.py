"""The mails that came in: for administrators alone, shown as text, tried again."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import db, transaction
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailroom import settle_due
from helpdesk.models import Agent, IncomingMail, Ticket
from helpdesk.outbox.message_ids import root_id
from tests.application import MONDAY, Desk, post
from tests.intake.mails import a_mail

MACHINE = a_mail("<script>alert(1)</script>", Auto_Submitted="auto-replied")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages do not know which database there is."""
    return sqlite_url


def take_in(desk: Desk, raw: bytes) -> IncomingMail:
    keep([(raw, Place("depot", 1, str(hash(raw))))], desk.parts.files, MONDAY)
    settle_due(desk.parts, MONDAY)
    return db.session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1)).one()


@pytest.fixture
def admin(desk: Desk) -> FlaskClient:
    agent_id = desk.agent(name="Ada Essai").id
    with transaction() as session:
        session.get_one(Agent, agent_id).is_admin = True
    return desk.sign_in(db.session.get_one(Agent, agent_id))


def test_an_administrator_sees_what_each_mail_became(desk: Desk, admin: FlaskClient) -> None:
    mail = take_in(desk, MACHINE)

    listed = admin.get("/agent/courriels?issue=automatic").text
    shown = admin.get(f"/agent/courriels/{mail.id}").text

    assert f"/agent/courriels/{mail.id}" in listed
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_the_original_is_only_ever_a_download(desk: Desk, admin: FlaskClient) -> None:
    answer = admin.get(f"/agent/courriels/{take_in(desk, MACHINE).id}/original")

    assert answer.data == MACHINE
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["", "/{id}", "/{id}/original"])
def test_to_others_there_is_no_such_page(desk: Desk, page: str) -> None:
    mail = take_in(desk, MACHINE)
    client = desk.sign_in(desk.agent())

    assert client.get("/agent/courriels" + page.format(id=mail.id)).status_code == 404
    assert "/agent/courriels" not in client.get("/agent/").text


@pytest.mark.parametrize("page", ["/999", "/99999999999999999999", "/999/original"])
def test_what_is_not_there_is_told(admin: FlaskClient, page: str) -> None:
    assert admin.get("/agent/courriels" + page).status_code == 404


def test_a_mail_laid_aside_becomes_one_ticket_however_often_one_clicks(desk: Desk, admin: FlaskClient) -> None:
    address = f"/agent/courriels/{take_in(desk, MACHINE).id}"

    first = post(admin, f"{address}/demande", {}, page=address)
    second = post(admin, f"{address}/demande", {}, page="/agent/courriels")

    assert (first.status_code, second.status_code) == (303, 409)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_forged_click_does_nothing(desk: Desk, admin: FlaskClient) -> None:
    mail = take_in(desk, MACHINE)

    assert admin.post(f"/agent/courriels/{mail.id}/demande", data={}).status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_the_ticket_says_what_is_known_of_the_sender_and_names_the_linked_one(desk: Desk) -> None:
    first = take_in(desk, a_mail()).ticket
    assert first
    answers = root_id("k" * 40, first.id, "educonnect.example")
    stranger = a_mail("Et moi ?", sender="x@ailleurs.example", message_id="<2@x.example>", In_Reply_To=answers)
    second = take_in(desk, stranger).ticket
    assert second
    agents = desk.sign_in(desk.agent(second.service.slug))

    page = agents.get(f"/agent/demandes/{second.reference}").text

    assert "Adresse non vérifiée." in page
    assert f"/agent/demandes/{first.reference}" in page
