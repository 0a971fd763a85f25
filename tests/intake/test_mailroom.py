"""Every mail becomes exactly one thing, and nothing is lost on the way."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import IllegalMove
from helpdesk.intake import ledger, mailroom
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mailroom import settle_again, settle_due
from helpdesk.models import IncomingMail, MailPlace, Message, Outgoing, Ticket
from helpdesk.outbox.message_ids import root_id
from helpdesk.vocabulary import MailOutcome
from tests.application import MONDAY, Desk, later
from tests.intake.mails import a_mail
from tests.intake.post import DOMAIN, KEY, Post, count, ticket_of

PLACE_TOLD = "Je n’arrive pas à me connecter à EduConnect. Mon fils est au collège à Lyon (69003)."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is told apart here is not the databases'; the ledger's own statements have tests on both below."""
    return sqlite_url


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


@pytest.mark.parametrize(
    ("sender", "answered"),
    [
        ("Lou Inventé <lou@famille.example>", "lou@famille.example"),
        ("Portail <ne-pas-repondre@portail.example>", "parent@ailleurs.example"),
    ],
)
def test_an_answer_goes_elsewhere_only_where_the_sender_takes_none(post: Post, sender: str, answered: str) -> None:
    row = post(a_mail(PLACE_TOLD, sender=sender, Reply_To="parent@ailleurs.example"))
    if row.outcome is not MailOutcome.TICKET:  # a machine's address is laid aside, until somebody makes it a request
        row = settle_again(post.parts, row.id, later(hours=1), as_ticket=True)

    assert ticket_of(row).sender_email == answered
