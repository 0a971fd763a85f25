"""To which ticket a mail belongs.

In this order: it answers a mail of ours (signed Message-ID), or a mail that came in before; it was written to an
address that bears a number; its subject names a number. Equal subjects never join. The sender must take part in the
ticket: whoever only knows the number gets a ticket of their own, which names the other to agents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.mail.value import Mail
from helpdesk.models import Address, IncomingMail, Outgoing, Ticket
from helpdesk.outbox.message_ids import read_message_id
from helpdesk.tickets.references import find_references, read_reference

ANSWERS_US = "la réponse à l’un de nos courriels"
ANSWERS_EARLIER = "la suite d’un courriel reçu auparavant"
WRITTEN_TO = "l’adresse à laquelle il est écrit"
SUBJECT = "le numéro donné dans l’objet"

_REFERENCES_AT_MOST = 30  # nearest first; a long conversation still quotes us among them


@dataclass(frozen=True)
class Thread:
    """The ticket that a mail names. `by` says how, in French; `takes_part`: whether its sender may join."""

    ticket_id: int
    reference: str
    by: str
    takes_part: bool


def thread_of(mail: Mail, sender: str, keys: Sequence[str]) -> Thread | None:
    """The ticket that the mail continues, or None. `sender` is the normalised address, `keys` are those that sign.

    When tickets can be merged, this is the place to go on to the one that survives.
    """
    named = list(_named(mail, keys))
    threads = [_thread(ticket, by, sender, mail) for ticket, by in named]
    return next((thread for thread in threads if thread.takes_part), threads[0] if threads else None)


def _named(mail: Mail, keys: Sequence[str]) -> Iterator[tuple[Ticket, str]]:
    nearest_first = mail.references[::-1][:_REFERENCES_AT_MOST]
    for message_id in nearest_first:
        yield from ((ticket, ANSWERS_US) for ticket in _of_ours(message_id, keys))
    yield from ((ticket, ANSWERS_EARLIER) for ticket in _of_earlier(nearest_first))
    for address in (*(each.address for each in (*mail.to, *mail.cc)), *mail.delivered_to):
        _name, plus, tag = address.partition("@")[0].partition("+")
        reference = read_reference(tag) if plus else None
        yield from ((ticket, WRITTEN_TO) for ticket in _of_references([reference] if reference else []))
    yield from ((ticket, SUBJECT) for ticket in _of_references(find_references(mail.subject)[:5]))


def _of_ours(message_id: str, keys: Sequence[str]) -> list[Ticket]:
    ours = read_message_id(keys, message_id)
    if ours is None:
        return []
    ticket_id = ours.ticket_id
    if ours.outgoing_id is not None:
        ticket_id = db.session.scalar(select(Outgoing.ticket_id).where(Outgoing.id == ours.outgoing_id))
    ticket = db.session.get(Ticket, ticket_id) if ticket_id is not None else None
    return [ticket] if ticket else []


def _of_earlier(message_ids: Sequence[str]) -> list[Ticket]:
    """Tickets of mails that came in before. A Message-ID used twice may name several."""
    if not message_ids:
        return []
    places = {message_id: place for place, message_id in enumerate(message_ids)}
    rows = db.session.execute(
        select(IncomingMail.message_id, Ticket)
        .join(Ticket, Ticket.id == IncomingMail.ticket_id)
        .where(IncomingMail.message_id.in_(message_ids))
        .order_by(IncomingMail.id)
        .limit(50)
    ).all()
    return list(dict.fromkeys(ticket for _, ticket in sorted(rows, key=lambda row: places[row[0]])))


def _of_references(references: Sequence[str]) -> list[Ticket]:
    return [
        ticket
        for reference in references
        if (ticket := db.session.scalar(select(Ticket).where(Ticket.reference == reference)))
    ]


def _thread(ticket: Ticket, by: str, sender: str, mail: Mail) -> Thread:
    forged = mail.authentication is not None and mail.authentication.dmarc == "fail"
    return Thread(ticket.id, ticket.reference, by, bool(sender) and not forged and _takes_part(ticket, sender))


def _takes_part(ticket: Ticket, sender: str) -> bool:
    if ticket.erased_at is not None:
        return False
    if sender == ticket.sender_email:
        return True
    known = select(Address.id).where(
        Address.person_id == ticket.person_id, Address.kind == "email", Address.value == sender
    )
    return db.session.scalar(known) is not None
