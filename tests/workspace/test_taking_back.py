"""The moment after sending: on any page, until the mail leaves."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from helpdesk.db import db, transaction, utc_now
from helpdesk.models import Outgoing
from helpdesk.settings import Settings
from helpdesk.tickets.followup import link_secret
from helpdesk.vocabulary import Status
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.workspace.pages import do, main_of, page_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The verb is tested on both."""
    return sqlite_url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With time to think again."""
    return replace(settings, undo_seconds=30)


def test_an_answer_is_taken_back_from_any_page_and_is_a_draft_again(
    desk: Desk, signed_in: FlaskClient, mailer: MemoryMailer
) -> None:
    ticket, other, mails = desk.ticket(), desk.ticket(), len(mailer.sent)
    do(signed_in, ticket, "reponse", {"text": "Trop vite", "solve": "1"})

    elsewhere = signed_in.get(page_of(other)).text
    fields = {"csrf_token": token_in(elsewhere), "message": field_in(elsewhere, "message")}
    page = signed_in.get(signed_in.post(f"{page_of(ticket)}/annuler", data=fields).location)
    again = signed_in.post(f"{page_of(ticket)}/annuler", data=fields)

    assert not [mail for mail in mailer.sent[mails:] if str(mail["Subject"]).startswith("Re:")]
    assert "Trop vite</textarea>" in page.text
    assert "Envoi annulé" in main_of(page)
    assert "Agathe Essai a annulé l’envoi de sa réponse." in main_of(page)
    assert (again.status_code, desk.read(ticket.reference).status) == (409, Status.NEW)
    sent = select(Outgoing.kind).where(Outgoing.ticket_id == ticket.id)
    assert db.session.scalars(sent).all() == ["acknowledgement"]


def test_the_person_reads_the_answer_once_it_cannot_be_taken_back(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    do(signed_in, ticket, "reponse", {"text": "Réponse à relire"})
    secret = link_secret(desk.parts.settings.secret_key, ticket.reference, ticket.link_version)
    address = f"/suivi/{ticket.reference}/{secret}"

    before = desk.app.test_client().get(address).text
    with transaction() as session:
        session.execute(update(Outgoing).where(Outgoing.message_id.is_not(None)).values(due=utc_now()))
    after = desk.app.test_client().get(address).text

    assert ["Réponse à relire" in text for text in (before, after)] == [False, True]


def test_a_colleague_and_a_visitor_are_offered_nothing(desk: Desk, signed_in: FlaskClient, client: FlaskClient) -> None:
    ticket = desk.ticket()
    do(signed_in, ticket, "reponse", {"text": "Bonjour"})
    colleague = desk.sign_in(desk.agent(name="Basile Essai"))

    pages = [page.get(address) for page, address in ((colleague, page_of(ticket)), (client, "/agent/connexion"))]

    assert [(page.status_code, "Annuler l’envoi" in page.text) for page in pages] == [(200, False), (200, False)]
