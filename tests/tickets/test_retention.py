"""How long personal data stays, and that nothing of it is left afterwards."""

import hashlib
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import Base, db, transaction
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.intake.message import IncomingFile, SchoolHint, Sender
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, IncomingMail, Message, Outgoing, Person, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.mailer import Refused
from helpdesk.routing.corrections import correct
from helpdesk.tickets import actions, history
from helpdesk.tickets.escalation import post_notices, ring_due
from helpdesk.tickets.followup import link_secret
from helpdesk.tickets.queries import ticket_page
from helpdesk.tickets.queue import View, queue_page
from helpdesk.tickets.resending import resend
from helpdesk.tickets.retention import (
    archive_closed,
    due,
    erase_archived,
    forget_mails,
    purge,
)
from helpdesk.tickets.search import find_tickets
from helpdesk.vocabulary import MailOutcome, Role, Status
from tests.application import MONDAY, Desk, MemoryMailer, later
from tests.tickets.periods import A_YEAR_ON, BARELY, CLOSED, PERIODS, TWO_YEARS_ON


def closed(desk: Desk, agent: Agent, at: datetime = CLOSED) -> Ticket:
    ticket = desk.ticket()
    actions.close(agent, ticket.reference, "doublon", now=at)
    return desk.read(ticket.reference)


def everything() -> str:
    """Every value of every table, as text."""
    db.session.rollback()
    return "\n".join(
        f"{table.name}: {row!r}" for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))
    )


def mail(word: str, ticket_id: int | None) -> IncomingMail:
    """A mail of the ledger that speaks of somebody."""
    return IncomingMail(
        fingerprint=hashlib.sha256(word.encode()).hexdigest(),
        sha256="0" * 64,
        size=1,
        mailbox="assistance",
        message_id=f"<{word}@secret.example>",
        kept_at=MONDAY,
        due=MONDAY,
        outcome=MailOutcome.TICKET if ticket_id else MailOutcome.REFUSED,
        sender=f"{word}@secret.example",
        subject=word,
        checks={"from_domain": f"{word}.example"},
        ticket_id=ticket_id,
    )


class TestArchive:
    """A year after the end: for supervisors only."""

    def test_a_closed_ticket_is_archived_after_a_year_and_not_before(self, desk: Desk) -> None:
        agent = desk.agent()
        reference = closed(desk, agent).reference
        waiting = desk.ticket().reference

        assert archive_closed(PERIODS, A_YEAR_ON - BARELY) == 0
        assert archive_closed(PERIODS, A_YEAR_ON) == 1
        assert archive_closed(PERIODS, A_YEAR_ON) == 0

        assert desk.read(reference).events[-1].kind == history.ARCHIVED
        assert desk.read(waiting).archived_at is None

    def test_in_archive_it_is_in_no_queue_and_only_supervisors_find_it(self, desk: Desk) -> None:
        agent = desk.agent()
        supervisor = desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
        stranger = desk.agent("assistance-08", name="Autre Essai", role=Role.SUPERVISOR)
        reference = closed(desk, agent).reference
        archive_closed(PERIODS, A_YEAR_ON)

        for each in (agent, supervisor):
            page = queue_page(each, View.DONE, now=A_YEAR_ON)
            assert list(page.tickets) == []
        found = [find_tickets(each, reference, now=A_YEAR_ON).tickets for each in (agent, stranger, supervisor)]
        assert [len(each) for each in found] == [0, 0, 1]
        for each in (agent, stranger):
            with pytest.raises(NotFound):
                ticket_page(each, reference)
        assert ticket_page(supervisor, reference).ticket.reference == reference

    def test_its_follow_up_link_and_its_thread_are_closed(self, desk: Desk, client: FlaskClient) -> None:
        reference = closed(desk, desk.agent()).reference
        link = f"/suivi/{reference}/{link_secret(desk.parts.settings.secret_key, reference, 0)}"
        assert client.get(link).status_code == 200
        archive_closed(PERIODS, A_YEAR_ON)

        assert client.get(link).status_code == 404
        with pytest.raises(IllegalMove):
            receive_on(reference, desk.message(), desk.parts.files, reopen_within=timedelta(days=999), now=A_YEAR_ON)

    def test_a_supervisor_can_take_it_out_again(self, desk: Desk) -> None:
        supervisor = desk.agent(role=Role.SUPERVISOR)
        reference = closed(desk, supervisor).reference
        archive_closed(PERIODS, A_YEAR_ON)

        actions.reopen(supervisor, reference, now=A_YEAR_ON)

        assert desk.read(reference).archived_at is None
        assert erase_archived(PERIODS, TWO_YEARS_ON) == 0


class TestErasing:
    """Another year on: figures only."""

    @pytest.fixture
    def rich(self, desk: Desk, mailer: MemoryMailer) -> Ticket:
        """A ticket with something personal wherever there can be something."""
        agent = desk.agent(role=Role.SUPERVISOR)
        sender = Sender("Zéphyrine Secrète", "zephyrine@secret.example", "+33639981234")
        school = SchoolHint("collège Secret", "Lyon", "69003", "0690001A")
        picture = IncomingFile("Secret.png", "image/png", b"\x89PNG\r\n\x1a\nsecret")
        text = "Je suis Zéphyrine Secrète, ma fille est au collège Secret de Lyon."
        ticket = desk.ticket(text, sender=sender, school=school, files=(picture,), subject="Compte de Zéphyrine")
        ring_due(later(days=2))
        post_notices(later(days=2))
        actions.note(agent, ticket.reference, "Zéphyrine a rappelé.", now=later(hours=1))
        actions.reply(agent, ticket.reference, "Bonjour Zéphyrine,", seen=2**40, solve=False, now=later(hours=2))
        mailer.fail_with = Refused("destinataire refusé (550)")
        deliver_due(mailer, desk.parts.letters, later(hours=2))
        failed = db.session.scalars(select(Outgoing.id).where(Outgoing.message_id.is_not(None))).one()
        resend(agent, ticket.reference, failed, "z.secrete@secret.example", now=later(hours=3))
        correct(agent, ticket.reference, "", "autre", "Zéphyrine a dit autre chose", now=later(hours=4))
        actions.close(agent, ticket.reference, "Zéphyrine a trouvé", now=CLOSED)
        with transaction() as session:
            session.add(mail("Zéphyrine", ticket.id))
        return desk.read(ticket.reference)

    def test_nothing_personal_is_left_in_any_table_and_the_figures_stay(self, desk: Desk, rich: Ticket) -> None:
        kept = (
            "reference",
            "topic",
            "academy",
            "service_id",
            "rule",
            "priority",
            "received_at",
            "closed_at",
            "answered_at",
        )
        before = {name: getattr(rich, name) for name in kept}
        events = [event.kind for event in rich.events]
        words = ("Zéphyrine", "Secret", "secret.example", "33639981234", "0690001A", "69003")
        assert [word for word in words if word not in everything()] == []
        archive_closed(PERIODS, A_YEAR_ON)

        assert erase_archived(PERIODS, TWO_YEARS_ON - BARELY) == 0
        assert erase_archived(PERIODS, TWO_YEARS_ON) == 1
        assert erase_archived(PERIODS, TWO_YEARS_ON) == 0

        assert [word for word in words if word in everything()] == []
        ticket = desk.read(rich.reference)
        assert {name: getattr(ticket, name) for name in kept} == before
        assert [event.kind for event in ticket.events] == [*events, history.ARCHIVED, history.ERASED]
        assert [message.direction for message in ticket.messages] == [message.direction for message in rich.messages]

    def test_its_page_can_still_be_read_and_nothing_be_done(self, desk: Desk, rich: Ticket) -> None:
        archive_closed(PERIODS, A_YEAR_ON)
        erase_archived(PERIODS, TWO_YEARS_ON)
        supervisor = db.session.scalars(select(Agent)).one()

        page = desk.sign_in(supervisor).get(f"/agent/demandes/{rich.reference}")

        assert page.status_code == 200
        assert "Données personnelles effacées" in page.text
        with pytest.raises(NotAllowed):
            actions.reopen(db.session.scalars(select(Agent)).one(), rich.reference, now=TWO_YEARS_ON)

    def test_who_still_has_a_ticket_keeps_name_and_address_but_is_not_tied_to_the_erased_one(self, desk: Desk) -> None:
        agent = desk.agent(role=Role.SUPERVISOR)
        old, new = closed(desk, agent), desk.ticket()
        person = new.person_id
        assert old.person_id == person
        archive_closed(PERIODS, A_YEAR_ON)
        erase_archived(PERIODS, TWO_YEARS_ON)

        assert desk.read(new.reference).person.name == "Lou Inventé"
        assert desk.read(old.reference).person_id != person
        assert [other.reference for other in ticket_page(agent, new.reference).others] == []

    def test_many_are_erased_in_batches_and_belong_to_one_nobody(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("helpdesk.tickets.retention.AT_ONCE", 2)
        agent = desk.agent()
        for _place in range(5):
            closed(desk, agent)

        assert due(PERIODS, desk.parts.files, A_YEAR_ON) == {"archived": 5, "erased": 0, "mails": 0, "files": 0}
        assert purge(PERIODS, desk.parts.files, TWO_YEARS_ON) == {"archived": 5, "erased": 5, "mails": 0, "files": 0}
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1

    def test_what_waits_for_somebody_is_never_erased(self, desk: Desk) -> None:
        ticket = desk.ticket()

        assert purge(PERIODS, desk.parts.files, MONDAY + timedelta(days=3000))["erased"] == 0
        assert desk.read(ticket.reference).status is Status.NEW


def test_a_mail_that_became_no_ticket_is_forgotten_after_a_year(desk: Desk) -> None:
    with transaction() as session:
        session.add(mail("Reklame", None))
    end = MONDAY + PERIODS.keep

    assert forget_mails(PERIODS, end - BARELY) == 0
    assert due(PERIODS, desk.parts.files, end)["mails"] == 1
    assert forget_mails(PERIODS, end) == 1
    assert forget_mails(PERIODS, end) == 0

    row = db.session.scalars(select(IncomingMail)).one()
    assert (row.sender, row.subject, row.message_id, row.sha256, row.checks) == ("", "", "", "", None)
    assert row.outcome is MailOutcome.REFUSED


def test_an_erased_message_can_be_told_from_none_by_its_date_only(desk: Desk) -> None:
    agent = desk.agent(role=Role.SUPERVISOR)
    ticket = closed(desk, agent)
    with transaction() as session:
        session.get_one(Ticket, ticket.id).archived_at = A_YEAR_ON
    erase_archived(PERIODS, TWO_YEARS_ON)

    message = db.session.scalars(select(Message).where(Message.ticket_id == ticket.id)).one()

    assert (message.text, message.author_name, message.external_id, message.at) == ("", "", None, MONDAY)
