"""What a text message does: it opens a ticket or goes on with one, or says that no more are wanted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove
from helpdesk.files import FileStore
from helpdesk.intake.message import IncomingMessage, Sender
from helpdesk.intake.phone.text_form import Text
from helpdesk.intake.receive import Receipt, receive, receive_on
from helpdesk.models import Message, Outgoing, TextPicture, TextStop, Ticket, Withdrawal
from helpdesk.people.phones import read_phone
from helpdesk.routing.assign import Routing
from helpdesk.tickets import history
from helpdesk.tickets.calls.earlier import of_numbers
from helpdesk.tickets.references import find_references
from helpdesk.vocabulary import Channel, Status

MOST_TOLD = 20  # tickets of a number whose history tells of STOP


@dataclass(frozen=True)
class Periods:
    """`thread`: a text goes on with the ticket on which the last one was exchanged; `reopen`: as for all channels."""

    thread: timedelta
    reopen: timedelta


def take(text: Text, routing: Routing, files: FileStore, periods: Periods, now: datetime) -> Receipt:
    """Make the text a ticket, or a message of the one it goes on with. Safe to call again with the same text.

    Raises Unavailable or StorageFull when it cannot be kept.
    """
    number = _number(text.sender)
    incoming = IncomingMessage(Channel.SMS, text.sid, text.words, Sender(phone=number))
    reference = _thread_of(number, text.words, now - periods.thread)
    db.session.rollback()

    def note_pictures(session: Session, _ticket: Ticket, message: Message) -> None:
        for url in dict.fromkeys(text.pictures):
            session.add(TextPicture(message=message, url=url, due=now))

    if reference is not None:
        try:
            return receive_on(reference, incoming, files, reopen_within=periods.reopen, now=now, also=note_pictures)
        except IllegalMove:  # archived in this very moment
            pass
    return receive(incoming, routing, files, now, also=note_pictures)


def stop(sender: str, now: datetime) -> None:
    """Send nothing more to the number. Said again it changes nothing."""
    number = _number(sender)
    try:
        with transaction() as session:
            if not number or session.get(TextStop, number) is not None:
                return
            session.add(TextStop(number=number, at=now))
            session.flush()
            _tell(session, number, history.TEXTS_STOPPED, now)
    except IntegrityError:  # twice in the same moment
        return


def start(sender: str, now: datetime) -> None:
    """Send to the number again."""
    number = _number(sender)
    with transaction() as session:
        ended = delete(TextStop).where(TextStop.number == number).returning(TextStop.number)
        if session.scalar(ended) is not None:
            _tell(session, number, history.TEXTS_RESUMED, now)


def _number(sender: str) -> str:
    """E.164; a short code or a name stays as it came."""
    phone = read_phone(sender) if sender.startswith("+") else None
    return phone.e164 if phone else sender


def _thread_of(number: str, words: str, since: datetime) -> str | None:
    """Reference of the ticket that a text from the number goes on with: one of its own that it names, else the one on
    which a text was exchanged last.
    """
    own = of_numbers([number]) & Ticket.archived_at.is_(None) & Ticket.erased_at.is_(None)
    merged = exists().where(Withdrawal.ticket_id == Ticket.id, Withdrawal.into_id.is_not(None))  # goes on elsewhere
    live = own & or_(Ticket.status != Status.CLOSED, merged)
    if not number:
        return None
    named = find_references(words)[:5]
    found = db.session.scalar(select(Ticket.reference).where(live, Ticket.reference.in_(named))) if named else None
    if found is not None:
        return found
    said = exists().where(Message.ticket_id == Ticket.id, Message.channel == Channel.SMS, Message.at > since)
    sent = exists().where(
        Outgoing.ticket_id == Ticket.id,
        Outgoing.channel == Channel.SMS,
        Outgoing.to_address == number,
        Outgoing.created_at > since,
    )
    return db.session.scalar(
        select(Ticket.reference)
        .where(live, or_(said, sent))
        .order_by(Ticket.changed_at.desc(), Ticket.id.desc())
        .limit(1)
    )


def _tell(session: Session, number: str, kind: str, now: datetime) -> None:
    theirs = of_numbers([number]) & (Ticket.status != Status.CLOSED) & Ticket.erased_at.is_(None)
    tickets = session.scalars(select(Ticket).where(theirs).order_by(Ticket.id).limit(MOST_TOLD).with_for_update())
    for ticket in tickets:
        history.record(session, ticket, kind, None, now)
