"""The words of a recording as a machine understood them: added to the ticket, marked as such, and listened to by the
rules while nobody has touched the ticket.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.opening import Understood, add_message, understand
from helpdesk.models import Event, Message, Recording, Ticket
from helpdesk.parts import Parts
from helpdesk.routing.assign import assign_again, decision_for
from helpdesk.routing.decision import Decision
from helpdesk.routing.in_force import present
from helpdesk.tickets import history
from helpdesk.tickets.clocks import following
from helpdesk.vocabulary import Channel, Priority, Status

MARK = "Transcription automatique du message vocal, qui peut contenir des erreurs :"
_TOUCHED = (history.TRANSFERRED, history.MISROUTED, history.TAKEN, history.ERASED)


def add_transcript(parts: Parts, recording: str, text: str, now: datetime) -> bool:
    """Add the words to the recording's ticket; False for a recording that is not known. Safe to call again."""
    ticket = db.session.scalar(
        select(Ticket).join(Message).join(Recording).where(Recording.sid == recording, Ticket.erased_at.is_(None))
    )
    if ticket is None or not text.strip():
        return False
    said = "\n".join(message.text for message in ticket.messages)
    incoming = IncomingMessage(
        channel=Channel.PHONE,
        external_id=f"transcript:{recording}",
        text=f"{MARK}\n{text}",
        sender=Sender(ticket.sender_name, phone=ticket.sender_phone),
    )
    understood = understand(incoming, parts.files)
    decision = _thought_again(parts, ticket, f"{said}\n{understood.incoming.text.removeprefix(MARK)}", now)
    ticket_id = ticket.id
    db.session.rollback()
    try:
        with transaction() as session:
            _add(session, parts, ticket_id, understood, decision, now)
    except IntegrityError:  # told twice in the same moment
        pass
    return True


def _thought_again(parts: Parts, ticket: Ticket, text: str, now: datetime) -> Decision:
    school = SchoolHint(
        ticket.school_name, ticket.school_commune, ticket.school_postal_code, ticket.school_uai, ticket.school_level
    )
    sender = Sender(ticket.sender_name, phone=ticket.sender_phone)
    whole = IncomingMessage(Channel.PHONE, "", text, sender, subject=ticket.subject, school=school)
    return decision_for(whole, present(parts.routing), now)


def _add(
    session: Session, parts: Parts, ticket_id: int, understood: Understood, decision: Decision, now: datetime
) -> None:
    known = select(Message.id).where(
        Message.channel == Channel.PHONE, Message.external_id == understood.incoming.external_id
    )
    if session.scalar(known) is not None:
        return
    ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
    with following(ticket):
        message = add_message(session, ticket, understood, now)
        session.flush()
        history.record(session, ticket, history.TRANSCRIBED, None, now, {"message": message.id})
        if _tells_more(session, ticket, decision):
            assign_again(session, ticket, decision, parts.routing, now)


def _tells_more(session: Session, ticket: Ticket, decision: Decision) -> bool:
    """Whether the rules would now know better than they did; an académie that was known stays."""
    touched = select(Event.id).where(Event.ticket_id == ticket.id, Event.kind.in_(_TOUCHED)).limit(1)
    if ticket.status is not Status.NEW or ticket.assignee_id or session.scalar(touched) is not None:
        return False
    if ticket.academy is not None and decision.academy != ticket.academy:
        return False
    if ticket.priority is Priority.URGENT and decision.priority is not Priority.URGENT:
        return False
    return decision.service != ticket.service.slug or decision.priority != ticket.priority
