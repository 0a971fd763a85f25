"""Sending a mail again that did not arrive, from the ticket's page."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.intake.message import Sender
from helpdesk.intake.receive import receive_on
from helpdesk.models import Address, Agent, Outgoing, Ticket
from helpdesk.outbox.deliver import RETRIES, deliver_due
from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.outbox.post import ANSWER
from helpdesk.tickets import actions
from helpdesk.tickets.followup import link_secret
from helpdesk.tickets.resending import resend
from helpdesk.vocabulary import DeliveryState, Status
from tests.application import MONDAY, Desk, MemoryMailer, field_in, later, token_in
from tests.workspace.pages import main_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Two clicks at one moment are tested on both databases, beside the other verbs."""
    return sqlite_url


@pytest.fixture
def failed(desk: Desk, agent: Agent, mailer: MemoryMailer) -> Ticket:
    """A ticket whose acknowledgement arrived and whose answer was refused."""
    ticket = desk.ticket()
    deliver_due(mailer, desk.parts.letters, MONDAY)
    actions.reply(agent, ticket.reference, "Voici comment faire.", seen=2**40, solve=False, now=later(hours=1))
    mailer.fail_with = Refused("destinataire refusé (550)")
    deliver_due(mailer, desk.parts.letters, later(hours=1))
    mailer.fail_with = None
    mailer.sent.clear()
    return desk.read(ticket.reference)


def answer_mail() -> Outgoing:
    db.session.rollback()
    return db.session.scalars(select(Outgoing).where(Outgoing.kind == ANSWER)).one()


def press(client: FlaskClient, ticket: Ticket, **fields: Any) -> Any:
    """The button « Renvoyer » of the page as it is now."""
    page = f"/agent/demandes/{ticket.reference}"
    html = client.get(page).text
    hidden = {name: field_in(html, name) for name in ("mail", "address")}
    return client.post(f"{page}/renvoi", data={"csrf_token": token_in(html), **hidden, **fields})


def test_the_button_sends_the_mail_again_and_waits_for_the_person(
    desk: Desk, agent: Agent, failed: Ticket, mailer: MemoryMailer
) -> None:
    client = desk.sign_in(agent)

    page = main_of(client.get(press(client, failed).location))

    assert [mail["To"] for mail in mailer.sent] == ["lou@famille.example"]
    assert "Le courriel repart pour lou@famille.example" in page
    assert "Agathe Essai a fait repartir le courriel" in page
    ticket = desk.read(failed.reference)
    assert (ticket.status, ticket.answered_at is None) == (Status.WAITING, False)


def test_a_wrong_address_is_corrected_on_the_way(
    desk: Desk, agent: Agent, failed: Ticket, mailer: MemoryMailer
) -> None:
    old_link = f"/suivi/{failed.reference}/{link_secret(desk.parts.settings.secret_key, failed.reference, 0)}"
    client = desk.sign_in(agent)

    press(client, failed, address=" Lou.Invente@famille.example ")

    ticket = desk.read(failed.reference)
    assert ticket.sender_email == "lou.invente@famille.example"
    assert [mail["To"] for mail in mailer.sent] == ["lou.invente@famille.example"]
    assert {address.value for address in ticket.person.addresses} >= {"lou.invente@famille.example"}
    assert "lou@famille.example → lou.invente@famille.example" in main_of(
        client.get(f"/agent/demandes/{failed.reference}")
    )
    # Whoever owns the wrong address may hold the link that was sent there.
    assert desk.app.test_client().get(old_link).status_code == 404


def test_an_address_of_somebody_else_joins_nobody(desk: Desk, agent: Agent, failed: Ticket) -> None:
    other = desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"))

    resend(agent, failed.reference, answer_mail().id, "nour@famille.example", now=later(hours=2))

    owner = db.session.scalars(select(Address).where(Address.value == "nour@famille.example")).one().person_id
    assert owner == other.person_id != desk.read(failed.reference).person_id


def test_the_second_click_says_the_same_as_the_first(desk: Desk, agent: Agent, failed: Ticket) -> None:
    client = desk.sign_in(agent)
    html = client.get(f"/agent/demandes/{failed.reference}").text
    fields = {"csrf_token": token_in(html), "mail": field_in(html, "mail"), "address": "lou@famille.example"}

    answers = [client.post(f"/agent/demandes/{failed.reference}/renvoi", data=fields) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]


def test_a_mail_sent_again_is_tried_as_often_as_a_new_one(
    desk: Desk, agent: Agent, failed: Ticket, mailer: MemoryMailer
) -> None:
    resend(agent, failed.reference, answer_mail().id, "lou@famille.example", now=later(hours=2))
    mailer.fail_with = DeliveryError("serveur injoignable")

    deliver_due(mailer, desk.parts.letters, later(hours=2))

    mail = answer_mail()
    assert (mail.state, mail.attempts, mail.due) == (DeliveryState.PENDING, 2, later(hours=2) + RETRIES[0])


def test_what_the_person_said_meanwhile_keeps_the_ticket_open(desk: Desk, agent: Agent, failed: Ticket) -> None:
    mail_id = answer_mail().id
    receive_on(
        failed.reference, desk.message("Alors ?"), desk.parts.files, reopen_within=RETRIES[-1], now=later(hours=2)
    )

    resend(agent, failed.reference, mail_id, "lou@famille.example", now=later(hours=3))

    assert desk.read(failed.reference).status is Status.OPEN


@pytest.mark.parametrize(
    "typed", ["", "lou", "lou@", "lou@famille", "a" * 300 + "@famille.example", "\x00@famille.example"]
)
def test_an_address_that_cannot_be_one_is_shown_again(
    desk: Desk, agent: Agent, failed: Ticket, mailer: MemoryMailer, typed: str
) -> None:
    answer = press(desk.sign_in(agent), failed, address=typed)

    assert answer.status_code == 422
    assert 'href="#adresse"' in answer.text
    assert mailer.sent == []


def test_the_mail_of_another_ticket_or_service_is_not_found(desk: Desk, agent: Agent, failed: Ticket) -> None:
    mail_id = answer_mail().id
    other = desk.ticket()
    stranger = desk.agent("assistance-08", name="Autre Essai")

    with pytest.raises(NotFound):
        resend(agent, other.reference, mail_id, "lou@famille.example", now=later(hours=2))
    with pytest.raises(NotFound):
        resend(stranger, failed.reference, mail_id, "lou@famille.example", now=later(hours=2))
    assert answer_mail().state is DeliveryState.FAILED


@pytest.mark.parametrize("mail", ["", "x", "-1", "9" * 30])
def test_a_number_changed_by_hand_is_not_found(desk: Desk, agent: Agent, failed: Ticket, mail: str) -> None:
    assert press(desk.sign_in(agent), failed, mail=mail).status_code == 404


def test_a_forged_post_sends_nothing(desk: Desk, agent: Agent, failed: Ticket, mailer: MemoryMailer) -> None:
    answer = press(desk.sign_in(agent), failed, csrf_token="")

    assert answer.status_code == 422
    assert mailer.sent == []
