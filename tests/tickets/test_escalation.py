"""Who learns that a ticket is pressing, when, and in how many mails."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from helpdesk.db import db, transaction
from helpdesk.intake.receive import receive_on
from helpdesk.models import Notice, Outgoing, Service, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.mailer import Refused
from helpdesk.outbox.post import ALARM
from helpdesk.tickets import actions, history
from helpdesk.tickets.escalation import post_notices, ring_due
from helpdesk.vocabulary import Lateness, Priority, Role, Status
from tests.application import MONDAY, Desk, MemoryMailer, later

# A normal request of Monday 10:00 in Paris, sixteen hours of work.
ON_TIME, SOON = later(days=1, hours=3, minutes=59), later(days=1, hours=4)
LATE, FORGOTTEN = later(days=2), later(days=4)


def alarms(mailer: MemoryMailer, desk: Desk, now: datetime) -> list[EmailMessage]:
    """The duties' round, and the mails about pressing tickets that it sent."""
    mailer.sent.clear()
    ring_due(now)
    post_notices(now)
    deliver_due(mailer, desk.parts.letters, now)
    return [mail for mail in mailer.sent if mail["Auto-Submitted"] == "auto-generated"]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\u00a0", " ")


def kinds(desk: Desk, ticket: Ticket) -> list[str]:
    told = (history.WARNED, history.LATE, history.ESCALATED)
    return [event.kind for event in desk.read(ticket.reference).events if event.kind in told]


def test_who_holds_the_ticket_is_warned_in_the_last_quarter(desk: Desk, mailer: MemoryMailer) -> None:
    ticket = desk.ticket()
    actions.take(desk.agent(), ticket.reference, later(minutes=5))

    assert alarms(mailer, desk, ON_TIME) == []
    (mail,) = alarms(mailer, desk, SOON)

    assert mail["To"] == "agathe.essai@rectorat.example"
    assert mail["Subject"] == "EduConnect : 1 demande bientôt en retard"
    assert "Échéance : mercredi 25 novembre, 10 h 00" in text_of(mail)
    assert f"/agent/demandes/{ticket.reference}" in text_of(mail)
    assert kinds(desk, ticket) == [history.WARNED]


def test_without_a_holder_the_mailbox_of_the_service_is_warned_where_there_is_one(
    desk: Desk, mailer: MemoryMailer
) -> None:
    silent = desk.ticket()
    assert alarms(mailer, desk, SOON) == []
    with transaction() as session:
        session.scalars(select(Service).where(Service.slug == "assistance-10")).one().email = "lyon@rectorat.example"
    desk.ticket(now=later(hours=1))

    (mail,) = alarms(mailer, desk, SOON + timedelta(hours=1))

    assert mail["To"] == "lyon@rectorat.example"
    assert silent.reference not in text_of(mail)
    assert kinds(desk, silent) == [history.WARNED]


def test_what_is_late_goes_to_the_supervisors_of_the_service_then_to_national_triage(
    desk: Desk, mailer: MemoryMailer
) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    desk.agent("assistance-08", name="Autre Essai", role=Role.SUPERVISOR)
    desk.agent("triage-national", name="Nour Essai", role=Role.SUPERVISOR)
    ticket = desk.ticket()

    (late,) = alarms(mailer, desk, LATE)
    (forgotten,) = alarms(mailer, desk, FORGOTTEN)

    assert (late["To"], late["Subject"]) == ("sacha.essai@rectorat.example", "EduConnect : 1 demande en retard")
    assert forgotten["To"] == "nour.essai@rectorat.example"
    assert "Sans première réponse depuis longtemps" in text_of(forgotten)
    assert kinds(desk, ticket) == [history.LATE, history.ESCALATED]


def test_each_level_is_told_once_however_often_the_round_is_made(desk: Desk, mailer: MemoryMailer) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    ticket = desk.ticket()

    sent = [alarms(mailer, desk, LATE + timedelta(hours=hours)) for hours in (0, 0, 2, 5)]

    assert [len(mails) for mails in sent] == [1, 0, 0, 0]
    assert kinds(desk, ticket) == [history.LATE]


def test_many_late_tickets_are_one_mail_an_hour(desk: Desk, mailer: MemoryMailer) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    first = [desk.ticket(now=later(minutes=minute)).reference for minute in range(3)]
    second = desk.ticket(now=later(minutes=30)).reference

    (mail,) = alarms(mailer, desk, LATE + timedelta(minutes=5))
    too_soon = alarms(mailer, desk, LATE + timedelta(minutes=64))
    (next_mail,) = alarms(mailer, desk, LATE + timedelta(minutes=65))

    assert mail["Subject"] == "EduConnect : 3 demandes en retard"
    assert [reference for reference in first if reference not in text_of(mail)] == []
    assert too_soon == []
    assert second in text_of(next_mail)


def test_what_was_answered_before_the_mail_left_is_not_in_it(desk: Desk, mailer: MemoryMailer) -> None:
    agent = desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    answered, waiting = desk.ticket().reference, desk.ticket().reference
    ring_due(LATE)
    actions.reply(agent, answered, "Voilà.", seen=2**40, solve=False, now=LATE)

    (mail,) = alarms(mailer, desk, LATE)

    assert answered not in text_of(mail)
    assert waiting in text_of(mail)


def test_a_mail_about_late_tickets_says_nothing_of_the_people(desk: Desk, mailer: MemoryMailer) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    desk.ticket("Mon fils Zéphyrin ne peut plus se connecter.", subject="Compte de Zéphyrin")

    (mail,) = alarms(mailer, desk, LATE)

    for secret in ("Zéphyrin", "Inventé", "lou@famille.example", "/suivi/"):
        assert secret not in mail.as_string()
        assert secret not in text_of(mail)


def test_the_mails_can_be_switched_off_and_the_history_still_tells(desk: Desk) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    ticket = desk.ticket()

    ring_due(LATE, mails=False)

    assert post_notices(LATE) == 0
    assert kinds(desk, ticket) == [history.LATE]


def test_waiting_for_the_person_silences_the_alarms_and_a_new_beginning_brings_them_back(
    desk: Desk, mailer: MemoryMailer
) -> None:
    agent = desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    ticket = desk.ticket()
    actions.reply(agent, ticket.reference, "Pouvez-vous préciser ?", seen=2**40, solve=False, now=later(hours=1))
    assert alarms(mailer, desk, later(days=30)) == []

    actions.solve(agent, ticket.reference, now=later(days=30))
    actions.reopen(agent, ticket.reference, now=later(days=30))

    (mail,) = alarms(mailer, desk, later(days=32))
    assert ticket.reference in text_of(mail)
    assert desk.read(ticket.reference).answered_at is None


def test_small_batches_tell_all_of_it(desk: Desk) -> None:
    for _place in range(5):
        desk.ticket()

    assert ring_due(LATE, at_once=2) == 5
    assert ring_due(LATE, at_once=2) == 0


def test_a_ticket_from_before_there_were_clocks_gets_its_dates_at_the_first_round(desk: Desk) -> None:
    ticket = desk.ticket()
    with transaction() as session:  # as the step of the schema leaves it
        old = session.get_one(Ticket, ticket.id)
        old.solve_due_at, old.clock_since, old.alarm_at = None, old.received_at, old.received_at
        old.lateness = Lateness.ON_TIME

    ring_due(LATE)

    ticket = desk.read(ticket.reference)
    assert (ticket.due_at, ticket.lateness) == (LATE, Lateness.LATE)
    assert ticket.solve_due_at == later(days=7)


def test_a_mail_to_agents_that_fails_opens_no_ticket(desk: Desk, mailer: MemoryMailer) -> None:
    agent = desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    ticket = desk.ticket()
    ring_due(LATE)
    post_notices(LATE)
    actions.solve(agent, ticket.reference, now=LATE)
    mailer.fail_with = Refused("destinataire refusé (550)")

    deliver_due(mailer, desk.parts.letters, LATE)

    assert desk.read(ticket.reference).status is Status.SOLVED
    page = desk.sign_in(agent).get(f"/agent/demandes/{ticket.reference}")
    assert page.status_code == 200


class TestTheClockFollows:
    """What the verbs do to the dates of a ticket's row."""

    @pytest.fixture
    def ticket(self, desk: Desk) -> Ticket:
        return desk.ticket()

    def test_an_answer_pauses_and_a_word_of_the_person_goes_on(self, desk: Desk, ticket: Ticket) -> None:
        agent = desk.agent()
        actions.reply(agent, ticket.reference, "Quel collège ?", seen=2**40, solve=False, now=later(hours=1))
        paused = desk.read(ticket.reference)
        assert (paused.answered_at, paused.paused_at, paused.alarm_at) == (later(hours=1), later(hours=1), None)

        self.write_again(desk, ticket.reference, later(days=1, hours=1))

        going = desk.read(ticket.reference)
        assert (going.paused_at, going.due_at) == (None, later(days=8))

    def test_who_comes_back_after_the_end_waits_for_a_first_answer_again(self, desk: Desk, ticket: Ticket) -> None:
        actions.reply(desk.agent(), ticket.reference, "Voilà.", seen=2**40, solve=True, now=later(hours=1))

        self.write_again(desk, ticket.reference, later(days=7))

        again = desk.read(ticket.reference)
        assert (again.answered_at, again.due_at) == (None, later(days=9))

    def test_an_urgent_ticket_is_due_earlier(self, desk: Desk, ticket: Ticket) -> None:
        actions.set_priority(desk.agent(), ticket.reference, Priority.URGENT, now=later(minutes=30))

        assert desk.read(ticket.reference).due_at == later(hours=2)

    def test_a_transfer_goes_on_in_the_hours_of_the_other_service(self, desk: Desk, ticket: Ticket) -> None:
        actions.transfer(desk.agent(), ticket.reference, "assistance-28", "école à Saint-Denis", now=later(hours=2))

        # Fourteen hours are left. It is 15:00 in La Réunion: two hours today, eight tomorrow, four on Wednesday.
        assert desk.read(ticket.reference).due_at == datetime.fromisoformat("2026-11-25T13:00+04:00")

    def test_an_answer_that_did_not_arrive_is_no_answer(self, desk: Desk, ticket: Ticket, mailer: MemoryMailer) -> None:
        deliver_due(mailer, desk.parts.letters, MONDAY)
        actions.reply(desk.agent(), ticket.reference, "Voilà.", seen=2**40, solve=True, now=later(hours=1))
        mailer.fail_with = Refused("destinataire refusé (550)")

        deliver_due(mailer, desk.parts.letters, later(hours=3))

        again = desk.read(ticket.reference)
        assert (again.answered_at, again.paused_at, again.due_at) == (None, None, LATE)

    def write_again(self, desk: Desk, reference: str, now: datetime) -> None:
        receive_on(
            reference, desk.message("Toujours rien."), desk.parts.files, reopen_within=timedelta(days=30), now=now
        )


def test_no_notice_is_left_behind(desk: Desk, mailer: MemoryMailer) -> None:
    desk.agent(name="Sacha Essai", role=Role.SUPERVISOR)
    desk.ticket()

    alarms(mailer, desk, LATE)

    assert db.session.scalar(select(func.count()).where(Notice.outgoing_id.is_(None))) == 0
    assert db.session.scalar(select(func.count()).where(Outgoing.kind == ALARM)) == 1
