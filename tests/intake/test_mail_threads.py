"""A mail joins the ticket that it names, and no other; what comes back opens it again."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.models import Outgoing, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.message_ids import mail_id, root_id
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import DeliveryState, MailOutcome, Status
from tests.application import MONDAY, later
from tests.intake.mails import a_bounce, a_mail
from tests.intake.post import DOMAIN, KEY, Post, count, kinds, ticket_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is told apart here is not the databases'."""
    return sqlite_url


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
