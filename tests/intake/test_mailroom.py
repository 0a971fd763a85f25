"""Every mail becomes exactly one thing, and nothing is lost on the way."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import IllegalMove
from helpdesk.intake import ledger, mailroom
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mailroom import settle_again, settle_due
from helpdesk.models import IncomingMail, MailPlace, Message, Outgoing, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.message_ids import mail_id, root_id
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import DeliveryState, MailOutcome, Status
from tests.application import MONDAY, Desk, later
from tests.intake.mails import a_bounce, a_mail

PLACE_TOLD = "Je n’arrive pas à me connecter à EduConnect. Mon fils est au collège à Lyon (69003)."
KEY, DOMAIN = "k" * 40, "educonnect.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is told apart here is not the databases'; the ledger's own statements have tests on both below."""
    return sqlite_url


class Post:
    """Delivers mails into the ledger and has them settled."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.parts = desk, desk.parts
        self._uid = 0

    def __call__(self, *mails: bytes, now: datetime = MONDAY, mailbox: str = "depot") -> IncomingMail:
        """Settle them all; gives the ledger's word on the last."""
        for raw in mails:
            self._uid += 1
            keep([(raw, Place(mailbox, 1, str(self._uid)))], self.parts.files, now)
        settle_due(self.parts, now)
        return self.rows()[-1]

    def rows(self) -> Sequence[IncomingMail]:
        db.session.rollback()
        return db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()


@pytest.fixture
def post(desk: Desk) -> Post:
    return Post(desk)


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def ticket_of(row: IncomingMail) -> Ticket:
    assert row.ticket is not None
    return row.ticket


def kinds(ticket: Ticket) -> set[str]:
    return {event.kind for event in ticket.events}


def test_a_mail_becomes_a_ticket_of_the_right_service(post: Post) -> None:
    row = post(a_mail())

    ticket = ticket_of(row)
    assert (row.outcome, ticket.academy, ticket.service.slug) == (MailOutcome.TICKET, "10", "assistance-10")
    assert (ticket.subject, ticket.sender_name, ticket.sender_email) == (
        "Compte bloqué",
        "Lou Inventé",
        "lou@famille.example",
    )
    assert [row.kind for row in db.session.scalars(select(Outgoing))] == ["acknowledgement"]


def test_a_mail_that_tells_no_place_goes_where_its_mailbox_belongs(post: Post) -> None:
    post.parts = replace(post.parts, mailboxes=(MailboxSpec("lyon", academy="10", service="scolarite-10"),))

    row = post(a_mail("Bonjour, pouvez-vous m’aider ?", subject="Bonjour"), mailbox="lyon")

    assert ticket_of(row).academy == "10"


@pytest.mark.parametrize(
    ("text", "service"),
    [("Bonjour, pouvez-vous m’aider ?", "protection-nationale"), (PLACE_TOLD, "assistance-10")],
    ids=["nothing told", "a place told"],
)
def test_a_service_has_what_comes_to_its_mailbox_unless_the_mail_tells_more(
    post: Post, text: str, service: str
) -> None:
    post.parts = replace(post.parts, mailboxes=(MailboxSpec("garde", service="protection-nationale"),))

    row = post(a_mail(text, subject="Bonjour"), mailbox="garde")

    assert ticket_of(row).service.slug == service


def test_a_password_in_the_quotation_is_masked_too(post: Post) -> None:
    text = "Toujours pas.\n\nLe 20 nov. 2026 à 10:00, Lou Inventé a écrit :\n> Mon mot de passe est Soleil2024!\n"

    message = ticket_of(post(a_mail(text))).messages[0]

    assert message.text.strip() == "Toujours pas."
    assert "> Mon mot de passe" in message.quoted
    assert "Soleil2024" not in message.quoted


@pytest.mark.parametrize("message_id", ["<un@famille.example>", None], ids=["with an id", "without"])
def test_the_same_mail_again_is_one(post: Post, message_id: str | None) -> None:
    raw = a_mail(message_id=message_id)

    # A mailbox numbered anew, then another mailbox of ours, whose server adds its own lines.
    post(raw, raw)
    post(b"Received: from mx\r\nDelivered-To: autre@educonnect.example\r\n" + raw, mailbox="autre")

    assert (count(IncomingMail), count(MailPlace), count(Ticket)) == (1, 3, 1)


def test_two_mails_that_share_a_message_id_are_two(post: Post) -> None:
    post(a_mail("Premier texte."), a_mail("Autre texte."))

    assert [row.outcome for row in post.rows()] == [MailOutcome.TICKET] * 2
    assert count(Ticket) == 2


def test_an_answer_to_our_mail_joins_and_opens_again(post: Post) -> None:
    ticket = ticket_of(post(a_mail()))
    actions.solve(post.desk.agent(), ticket.reference, now=later(hours=1))
    root = root_id(KEY, ticket.id, DOMAIN)

    row = post(
        a_mail("Toujours bloqué.", subject="Autre objet", message_id="<deux@x.example>", In_Reply_To=root),
        now=later(hours=2),
    )

    assert (row.outcome, row.ticket_id) == (MailOutcome.REPLY, ticket.id)
    assert post.desk.read(ticket.reference).status is Status.OPEN


def test_the_acknowledgement_that_left_bears_what_finds_its_ticket(post: Post) -> None:
    ticket = ticket_of(post(a_mail()))
    deliver_due(post.parts.mailer, post.parts.letters, MONDAY)

    sent = post.parts.mailer.sent[-1]  # type: ignore[attr-defined]  # that of tests.application

    assert sent["Message-ID"] == root_id(KEY, ticket.id, DOMAIN)
    assert sent["X-Helpdesk-Loop"] == sent["Message-ID"]


@pytest.mark.parametrize(
    "headers",
    [
        {"subject": "Re: {reference}"},
        {"Delivered_To": "assistance+{reference}@educonnect.example"},
        {"References": "<un@famille.example>"},
    ],
    ids=["subject", "plus address", "own earlier mail"],
)
def test_a_mail_that_names_its_ticket_joins_it(post: Post, headers: dict[str, str]) -> None:
    ticket = ticket_of(post(a_mail()))
    told = {name: value.format(reference=ticket.reference) for name, value in headers.items()}

    row = post(a_mail("Une précision.", message_id="<deux@x.example>", **told))

    assert (row.outcome, row.ticket_id) == (MailOutcome.REPLY, ticket.id)


def test_equal_subjects_never_join(post: Post) -> None:
    post(a_mail(), a_mail("Bonjour, moi aussi.", message_id="<deux@x.example>", subject="Re: Compte bloqué"))

    assert count(Ticket) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "Un Autre <autre@ailleurs.example>"},
        {"Authentication_Results": "mx.nous.example; dmarc=fail header.from=famille.example"},
    ],
    ids=["a stranger", "a forged address"],
)
def test_who_takes_no_part_gets_a_ticket_that_names_the_other(post: Post, changes: dict[str, str]) -> None:
    post.parts = replace(post.parts, mailboxes=(MailboxSpec("depot", trusted_host="mx.nous.example"),))
    ticket = ticket_of(post(a_mail()))
    root = root_id(KEY, ticket.id, DOMAIN)

    row = post(a_mail("Donnez-moi le code.", message_id="<deux@x.example>", In_Reply_To=root, **changes))

    assert row.outcome is MailOutcome.TICKET
    assert row.ticket_id != ticket.id
    assert len(post.desk.read(ticket.reference).messages) == 1
    assert history.LINKED in kinds(ticket_of(row)) & kinds(post.desk.read(ticket.reference))


def test_a_signature_that_is_not_ours_names_nothing(post: Post) -> None:
    ticket = ticket_of(post(a_mail()))
    forged = root_id("another key" * 4, ticket.id, DOMAIN)

    post(a_mail("Bonjour.", message_id="<deux@x.example>", In_Reply_To=forged))

    assert count(Ticket) == 2


def test_long_after_closing_an_answer_opens_a_linked_ticket(post: Post) -> None:
    ticket = ticket_of(post(a_mail()))
    actions.close(post.desk.agent(), ticket.reference, "réglé", now=later(hours=1))
    root = root_id(KEY, ticket.id, DOMAIN)

    row = post(a_mail("Cela recommence.", message_id="<deux@x.example>", In_Reply_To=root), now=later(days=40))

    assert row.outcome is MailOutcome.TICKET
    assert history.LINKED in kinds(ticket_of(row))
    assert post.desk.read(ticket.reference).status is Status.CLOSED


def sent_answer(post: Post) -> tuple[Ticket, Outgoing]:
    """A ticket whose answer has left."""
    ticket = ticket_of(post(a_mail()))
    actions.reply(
        post.desk.agent(), ticket.reference, "Voici.", seen=ticket.messages[-1].id, solve=True, now=later(hours=1)
    )
    deliver_due(post.parts.mailer, post.parts.letters, later(hours=1))
    return ticket, db.session.scalars(select(Outgoing).where(Outgoing.kind == "answer")).one()


def test_a_bounce_opens_the_ticket_whose_answer_did_not_arrive(post: Post) -> None:
    ticket, answer = sent_answer(post)

    row = post(a_bounce(mail_id(KEY, answer.id, DOMAIN)), now=later(hours=2))

    assert (row.outcome, row.ticket_id) == (MailOutcome.BOUNCE, ticket.id)
    ticket = post.desk.read(ticket.reference)
    assert ticket.status is Status.OPEN
    assert history.DELIVERY_FAILED in kinds(ticket)
    assert db.session.get_one(Outgoing, answer.id, populate_existing=True).state is DeliveryState.FAILED


@pytest.mark.parametrize("of", ["a delay", "a forged id"])
def test_a_delay_or_a_forged_report_changes_nothing(post: Post, of: str) -> None:
    ticket, answer = sent_answer(post)
    key, action = (KEY, "delayed") if of == "a delay" else ("another key" * 4, "failed")
    report = a_bounce(mail_id(key, answer.id, DOMAIN), status="4.4.1" if of == "a delay" else "5.1.1", action=action)

    row = post(report, now=later(hours=2))

    assert row.outcome is MailOutcome.BOUNCE
    assert post.desk.read(ticket.reference).status is Status.SOLVED


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"Auto_Submitted": "auto-replied"}, MailOutcome.AUTOMATIC),
        ({"sender": "assistance@educonnect.example"}, MailOutcome.REFUSED),
        ({"X_Helpdesk_Loop": root_id(KEY, 7, DOMAIN)}, MailOutcome.AUTOMATIC),
    ],
    ids=["out of office", "our own address", "our own mail"],
)
def test_machines_and_loops_are_kept_and_never_answered(
    post: Post, headers: dict[str, str], outcome: MailOutcome
) -> None:
    row = post(a_mail(**headers))

    assert row.outcome is outcome
    assert row.because
    assert (count(Ticket), count(Outgoing)) == (0, 0)


def test_a_sender_gets_so_many_acknowledgements_an_hour_and_all_their_tickets(post: Post) -> None:
    most = post.parts.settings.acknowledgements_per_hour

    post(*(a_mail(f"Message {number}", message_id=f"<{number}@x.example>") for number in range(most + 3)))

    assert (count(Ticket), count(Outgoing)) == (most + 3, most)


def test_what_is_no_mail_is_kept_and_can_be_made_a_ticket(post: Post) -> None:
    raw = b"\x00\x01 nothing of a mail"
    row = post(raw)
    assert row.outcome is MailOutcome.UNREADABLE
    assert post.parts.files.read(row.sha256) == raw

    made = settle_again(post.parts, row.id, later(hours=1), as_ticket=True)

    assert made.outcome is MailOutcome.TICKET
    assert post.parts.files.read(ticket_of(made).messages[0].attachments[0].sha256) == raw
    with pytest.raises(IllegalMove):
        settle_again(post.parts, row.id, later(hours=2), as_ticket=True)
    assert count(Ticket) == 1


def test_a_mail_that_always_fails_ends_as_unreadable_and_stops_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(raw: bytes, **options: str) -> object:
        if b"POISON" in raw:
            raise RecursionError
        return read_mail(raw, **options)

    monkeypatch.setattr(mailroom, "read_mail", fragile)
    post(a_mail("POISON", message_id="<p@x.example>"), a_mail())
    assert count(Ticket) == 1

    for attempt in range(1, ledger.ATTEMPTS):
        settle_due(post.parts, later(hours=attempt))

    assert [row.outcome for row in post.rows()] == [MailOutcome.UNREADABLE, MailOutcome.TICKET]


def test_a_mail_that_kills_its_reader_takes_no_other_with_it(post: Post) -> None:
    for number in range(3):
        raw = a_mail(f"Message {number}", message_id=f"<{number}@x.example>")
        keep([(raw, Place("depot", 1, str(number)))], post.parts.files, MONDAY)

    first = ledger.claim(MONDAY)  # and the process is killed
    again = ledger.claim(MONDAY + ledger.LEASE)

    assert [claim.attempt for claim in first] == [1, 1, 1]
    assert [claim.attempt for claim in again] == [2]


def test_a_mail_that_kills_its_reader_each_time_ends_as_unreadable(post: Post) -> None:
    keep([(a_mail(), Place("depot", 1, "1"))], post.parts.files, MONDAY)
    for attempt in range(ledger.ATTEMPTS):
        ledger.claim(later(hours=attempt))  # and the process is killed

    settle_due(post.parts, later(days=1))

    assert [row.outcome for row in post.rows()] == [MailOutcome.UNREADABLE]


class TestOnBothDatabases:
    """Statements that two processes run at once."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def database_url(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue(f"{request.param}_url")
        return url

    def test_two_pollers_at_once_make_one_ticket_of_each_mail(self, desk: Desk) -> None:
        mails = [a_mail(f"Message {number}", message_id=f"<{number}@x.example>") for number in range(6)]
        copies = [(raw, Place("depot", 1, str(uid))) for uid, raw in enumerate(mails)]
        start, errors = threading.Barrier(3), list[Exception]()

        def poll() -> None:
            with desk.app.app_context():
                start.wait()
                try:
                    keep(copies, desk.parts.files, MONDAY)
                    settle_due(replace(desk.parts, dispatcher=Asleep()), MONDAY)
                except Exception as error:  # noqa: BLE001 (a thread must hand its error over)
                    errors.append(error)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=poll) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert errors == []
        assert (count(IncomingMail), count(MailPlace), count(Ticket), count(Message)) == (6, 6, 6, 6)

    def test_who_was_overtaken_writes_nothing(self, desk: Desk) -> None:
        keep([(a_mail(), Place("depot", 1, "1"))], desk.parts.files, MONDAY)
        (slow,) = ledger.claim(MONDAY)
        (quick,) = ledger.claim(MONDAY + ledger.LEASE)

        mailroom.settle(desk.parts, slow, MONDAY + ledger.LEASE)
        assert count(Ticket) == 0

        mailroom.settle(desk.parts, quick, MONDAY + ledger.LEASE)
        assert (count(Ticket), count(Outgoing)) == (1, 1)


class Asleep:
    def wake(self) -> None:
        """Nobody delivers here."""
