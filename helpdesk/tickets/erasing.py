"""Taking everything personal out of a ticket. What stays are figures: topic, académie, service, rule, priority, dates.

The one place where events change: their words go, their kind and date stay. Files go afterwards, when nothing points to
them any more (see tickets.retention).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.models import (
    Address,
    Attachment,
    Call,
    CallBack,
    Correction,
    Event,
    Hold,
    IncomingMail,
    Mention,
    Message,
    Notice,
    Opinion,
    Outgoing,
    Person,
    Recording,
    Snooze,
    TextPicture,
    TextReport,
    Ticket,
    TicketTag,
    Watch,
)
from helpdesk.tickets import history
from helpdesk.tickets.drafts import forget
from helpdesk.tickets.order.withdrawing import with_merged

GONE = "(effacé)"
# What is left of a mail that came in: that it came, where, and what it became. Its bytes are swept like any file.
BLANK_MAIL = {"sender": "", "subject": "", "message_id": "", "sha256": "", "because": "", "checks": None}
# What is left of a call: that it came, and how it ended.
BLANK_TALK: dict[str, Any] = {}
# What events say by themselves; all other words were written by people, or read in what they wrote.
_FIGURES = frozenset((
    "channel", "academy", "topic", "audience", "priority", "service", "rule", "because", "academy_reason", "from", "to",
    "of", "kind", "kinds", "how", "until", "error",
))  # fmt: skip


def erase(session: Session, tickets: Collection[Ticket], now: datetime) -> None:
    """Erase the tickets with all that is merged into them, and their persons where they have no other ticket."""
    if not tickets:
        return
    tickets = [ticket for ticket in with_merged(session, tickets) if not ticket.erased_at]
    persons = {ticket.person_id for ticket in tickets}
    nobody = _nobody(session)
    for ticket in tickets:
        _erase_beside(session, ticket.id)
        for event in session.scalars(select(Event).where(Event.ticket_id == ticket.id)):
            event.data = {key: _figures(key, value) for key, value in event.data.items()}
        ticket.subject, ticket.person = "Demande effacée", nobody
        ticket.sender_name = ticket.sender_email = ticket.sender_phone = ""
        ticket.school_name = ticket.school_commune = ticket.school_postal_code = ticket.school_uai = ""
        ticket.link_version += 1
        ticket.archived_at, ticket.erased_at = ticket.archived_at or now, now
        history.record(session, ticket, history.ERASED, None, now)
    session.flush()
    for person_id in persons - {nobody.id}:
        if session.scalar(select(Ticket.id).where(Ticket.person_id == person_id).limit(1)) is None:
            session.execute(delete(Address).where(Address.person_id == person_id))
            session.execute(delete(Person).where(Person.id == person_id))


def _erase_beside(session: Session, ticket_id: int) -> None:
    """Rows that hang on the ticket. Messages keep their date and direction; mails and files go."""
    messages = select(Message.id).where(Message.ticket_id == ticket_id)
    mails = select(Outgoing.id).where(Outgoing.ticket_id == ticket_id)
    blank = {"text": "", "quoted": "", "author_name": "", "external_id": None}
    forget(session, ticket_id)
    for statement in (
        delete(Hold).where(Hold.ticket_id == ticket_id),
        *(delete(each).where(each.ticket_id == ticket_id) for each in (Mention, Watch, Snooze, TicketTag)),
        delete(Attachment).where(Attachment.message_id.in_(messages)),
        delete(TextPicture).where(TextPicture.message_id.in_(messages)),
        delete(CallBack).where(CallBack.ticket_id == ticket_id),
        delete(Recording).where(Recording.message_id.in_(messages)),
        update(Call).where(Call.ticket_id == ticket_id).values(number="", talk=BLANK_TALK),
        delete(TextReport).where(TextReport.outgoing_id.in_(mails)),
        delete(Notice).where(or_(Notice.ticket_id == ticket_id, Notice.outgoing_id.in_(mails))),
        delete(Outgoing).where(Outgoing.ticket_id == ticket_id),
        update(Message).where(Message.ticket_id == ticket_id).values(blank),
        update(IncomingMail).where(IncomingMail.ticket_id == ticket_id).values(BLANK_MAIL),
        update(Opinion).where(Opinion.ticket_id == ticket_id).values(words=""),
        update(Correction).where(Correction.ticket_id == ticket_id).values(reason=GONE),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _figures(key: str, value: Any) -> Any:
    """The value without words, in the same shape, so that the event can still be shown."""
    if key in _FIGURES or value is None or isinstance(value, int | float):
        return value
    return GONE if isinstance(value, str) else type(value)()


def _nobody(session: Session) -> Person:
    """Whom all erased tickets belong to: a person without name and address."""
    erased = select(Person).join(Ticket).where(Ticket.erased_at.is_not(None)).limit(1)
    nobody = session.scalar(erased)
    if nobody is None:
        nobody = Person()
        session.add(nobody)
        session.flush()
    return nobody
