"""Rows of new tickets and their messages, added to the transaction of whoever takes them in, many at a time.

A mailbox after an outage brings hundreds of requests: what they need is looked up for all of them at once and their
rows leave in a few statements. One form is the same with one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.files import FileStore, content_type_of
from helpdesk.intake.message import IncomingMessage
from helpdesk.models import Attachment, Message, Person, Ticket
from helpdesk.outbox.post import ACKNOWLEDGEMENT, post
from helpdesk.people.persons import persons_for
from helpdesk.privacy.masking import mask
from helpdesk.routing.assign import Routing, assign
from helpdesk.routing.decision import Decision
from helpdesk.text import clean, one_line, tidy_lines
from helpdesk.tickets import history
from helpdesk.tickets.references import new_reference
from helpdesk.vocabulary import Direction, Status


@dataclass(frozen=True)
class KeptFile:
    """A file whose bytes are on disk."""

    sha256: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Understood:
    """A message fit to be stored: cleaned and masked, its files kept on disk and not in memory any more."""

    incoming: IncomingMessage
    masked: tuple[str, ...]
    files: tuple[KeptFile, ...]


@dataclass(frozen=True)
class Request:
    """A message that opens a ticket, with what was decided on it."""

    understood: Understood
    decision: Decision
    acknowledge: bool = True


def understand(incoming: IncomingMessage, files: FileStore) -> Understood:
    """Clean and mask what was written, and keep the files: before the transaction, which stays short."""
    text, subject = mask(tidy_lines(incoming.text)), mask(one_line(incoming.subject, 300))
    kept = tuple(
        KeptFile(
            files.keep(file.content),
            clean(file.name)[-255:] or "fichier",
            content_type_of(file.content),
            len(file.content),
        )
        for file in incoming.files
    )
    quoted = mask(tidy_lines(incoming.quoted))
    kinds = sorted({found.kind for masked in (text, subject, quoted) for found in masked.found})
    cleaned = replace(incoming, text=text.text, subject=subject.text, quoted=quoted.text, files=())
    return Understood(cleaned, tuple(kinds), kept)


def open_tickets(session: Session, requests: Sequence[Request], routing: Routing, now: datetime) -> list[Message]:
    """A ticket for each, routed, with its acknowledgement in the outbox; gives the messages, stored, in order.

    None of them is known already. Two of one sender are two tickets of one person.
    """
    persons = persons_for(session, [request.understood.incoming.sender for request in requests])
    references = free_references(session, len(requests))
    tickets = [
        _new_ticket(session, request.understood.incoming, person, reference, now)
        for request, person, reference in zip(requests, persons, references, strict=True)
    ]
    assign(
        session, [(ticket, request.decision) for ticket, request in zip(tickets, requests, strict=True)], routing, now
    )
    messages = [
        add_message(session, ticket, request.understood, now) for ticket, request in zip(tickets, requests, strict=True)
    ]
    session.flush()
    for ticket, request in zip(tickets, requests, strict=True):
        if request.acknowledge:
            post(session, ACKNOWLEDGEMENT, ticket, now)
    return messages


def add_message(session: Session, ticket: Ticket, understood: Understood, now: datetime) -> Message:
    """What the person wrote, as a message of the ticket; not flushed yet."""
    incoming = understood.incoming
    message = Message(
        ticket=ticket,
        direction=Direction.IN,
        channel=incoming.channel,
        external_id=incoming.external_id,
        author_name=one_line(incoming.sender.name),
        text=incoming.text,
        quoted=incoming.quoted,
        at=incoming.sent_at or now,
        attachments=[
            Attachment(sha256=file.sha256, name=file.name, content_type=file.content_type, size=file.size)
            for file in understood.files
        ],
    )
    session.add(message)
    if understood.masked:
        history.record(session, ticket, history.MASKED, None, now, {"kinds": list(understood.masked)})
    return message


def _new_ticket(session: Session, incoming: IncomingMessage, person: Person, reference: str, now: datetime) -> Ticket:
    sender, school = incoming.sender, incoming.school
    ticket = Ticket(
        reference=reference,
        status=Status.NEW,
        channel=incoming.channel,
        language=incoming.language,
        subject=incoming.subject or one_line(incoming.text, 80),
        person=person,
        sender_name=one_line(sender.name),
        sender_email=sender.email,
        sender_phone=sender.phone,
        profile=incoming.profile,
        school_name=one_line(school.name),
        school_commune=one_line(school.commune, 120),
        school_postal_code=one_line(school.postal_code, 20),
        school_uai=one_line(school.uai, 20),
        school_level=school.level,
        received_at=now,
        changed_at=now,
    )
    session.add(ticket)
    history.record(session, ticket, history.RECEIVED, None, now, {"channel": incoming.channel})
    return ticket


def free_references(session: Session, number: int) -> list[str]:
    """Numbers not in use; with a million tickets one draw in three thousand meets a used one."""
    free: set[str] = set()
    while len(free) < number:
        drawn = {new_reference() for _ in range(number - len(free))}
        free |= drawn - set(session.scalars(select(Ticket.reference).where(Ticket.reference.in_(drawn))))
    return list(free)
