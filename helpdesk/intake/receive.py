"""Where every door leads: one message from outside becomes a ticket, or joins one, exactly once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.files import FileStore, content_type_of
from helpdesk.intake.message import IncomingFile, IncomingMessage
from helpdesk.models import Attachment, Message, Ticket
from helpdesk.outbox.post import ACKNOWLEDGEMENT, post
from helpdesk.people.persons import person_for
from helpdesk.privacy.masking import mask
from helpdesk.routing.assign import Routing, assign, decision_for
from helpdesk.routing.in_force import present
from helpdesk.text import clean, one_line, tidy_lines
from helpdesk.tickets import history
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.references import new_reference
from helpdesk.vocabulary import Direction, Status


@dataclass(frozen=True)
class Receipt:
    """What became of a message. `new`: it opened this ticket. `repeated`: the very same message was here already.

    Neither: the message joined the ticket, or came under a known id with other words and was not stored (the caller
    may hand those words in again under another id).
    """

    ticket_id: int
    reference: str
    new: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class _Understood:
    """A message fit to be stored: cleaned and masked, its files kept on disk."""

    incoming: IncomingMessage
    masked: tuple[str, ...]
    files: tuple[tuple[IncomingFile, str], ...]


Also = Callable[[Session, Ticket, Message], None]  # what a door writes in the same transaction


def receive(
    incoming: IncomingMessage,
    routing: Routing,
    files: FileStore,
    now: datetime,
    *,
    acknowledge: bool = True,
    also: Also | None = None,
) -> Receipt:
    """Open a ticket, route it and post its acknowledgement. Safe to call again with the same message.

    Raises Unavailable or StorageFull when it cannot be kept; nothing is half done then.
    """
    understood = _understand(incoming, files)
    db.session.rollback()  # the rules of now, not those of a moment at which the caller read something
    routing = present(routing)
    decision = decision_for(understood.incoming, routing, now)

    def open_ticket(session: Session) -> Receipt:
        ticket = _new_ticket(session, understood.incoming, now)
        session.add(ticket)
        history.record(session, ticket, history.RECEIVED, None, now, {"channel": incoming.channel})
        assign(session, ticket, decision, routing, now)
        message = _add_message(session, ticket, understood, now)
        if acknowledge:
            post(session, ACKNOWLEDGEMENT, ticket, now)
        session.flush()
        if also:
            also(session, ticket, message)
        return Receipt(ticket.id, ticket.reference, new=True)

    return _once(understood.incoming, open_ticket)


def receive_on(
    reference: str,
    incoming: IncomingMessage,
    files: FileStore,
    *,
    reopen_within: timedelta,
    now: datetime,
    also: Also | None = None,
) -> Receipt:
    """Add the message to a ticket that its sender has proved to hold. Safe to call again with the same message.

    Raises IllegalMove for a ticket closed longer ago than `reopen_within`.
    """
    understood = _understand(incoming, files)

    def join_ticket(session: Session) -> Receipt:
        ticket = session.scalar(select(Ticket).where(Ticket.reference == reference).with_for_update())
        if ticket is None:
            raise NotFound("Cette demande n’existe pas.")
        long_ago = ticket.closed_at is not None and now - ticket.closed_at > reopen_within
        if ticket.archived_at or (ticket.status is Status.CLOSED and long_ago):
            raise IllegalMove("Cette demande est close depuis longtemps. Faites une nouvelle demande.")
        with following(ticket):
            ticket.status = next_status(ticket.status, Act.PERSON_WRITES)
            ticket.solved_at = ticket.closed_at = None
            message = _add_message(session, ticket, understood, now)
            session.flush()
            history.record(session, ticket, history.PERSON_WROTE, None, now, {"message": message.id})
            if also:
                also(session, ticket, message)
        return Receipt(ticket.id, ticket.reference)

    return _once(understood.incoming, join_ticket)


def _once(incoming: IncomingMessage, work: Callable[[Session], Receipt]) -> Receipt:
    """Do the work unless the message is known. Two at the same moment may add the same row, the message itself or the
    address of somebody new: the second is then done again and finds what the first has left.
    """

    def attempt() -> Receipt:
        with transaction() as session:
            return _known(session, incoming) or work(session)

    try:
        return attempt()
    except IntegrityError:
        return attempt()


def _known(session: Session, incoming: IncomingMessage) -> Receipt | None:
    row = session.execute(
        select(Ticket.id, Ticket.reference, Message.text)
        .join(Message)
        .where(Message.channel == incoming.channel, Message.external_id == incoming.external_id)
    ).first()
    return Receipt(row.id, row.reference, repeated=row.text == incoming.text) if row else None


def _understand(incoming: IncomingMessage, files: FileStore) -> _Understood:
    """Clean and mask what was written, and keep the files: before the transaction, which stays short."""
    text, subject = mask(tidy_lines(incoming.text)), mask(one_line(incoming.subject, 300))
    kept = tuple((file, files.keep(file.content)) for file in incoming.files)
    quoted = mask(tidy_lines(incoming.quoted))
    kinds = sorted({found.kind for masked in (text, subject, quoted) for found in masked.found})
    cleaned = replace(incoming, text=text.text, subject=subject.text, quoted=quoted.text)
    return _Understood(cleaned, tuple(kinds), kept)


def _new_ticket(session: Session, incoming: IncomingMessage, now: datetime) -> Ticket:
    sender, school = incoming.sender, incoming.school
    return Ticket(
        reference=_free_reference(session),
        status=Status.NEW,
        channel=incoming.channel,
        language=incoming.language,
        subject=incoming.subject or one_line(incoming.text, 80),
        person=person_for(session, sender),
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


def _free_reference(session: Session) -> str:
    """A number not in use; with a million tickets one draw in three thousand meets a used one."""
    while True:
        reference = new_reference()
        if session.scalar(select(Ticket.id).where(Ticket.reference == reference)) is None:
            return reference


def _add_message(session: Session, ticket: Ticket, understood: _Understood, now: datetime) -> Message:
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
            Attachment(
                sha256=digest,
                name=clean(file.name)[-255:] or "fichier",
                content_type=content_type_of(file.content),
                size=len(file.content),
            )
            for file, digest in understood.files
        ],
    )
    session.add(message)
    if understood.masked:
        history.record(session, ticket, history.MASKED, None, now, {"kinds": list(understood.masked)})
    return message
