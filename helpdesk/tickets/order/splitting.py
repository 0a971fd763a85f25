"""A message about something else becomes a request of its own, where its own words belong.

The message itself goes, with its files and the mail it came by: what answers it later finds it there. Merging the two
tickets is the way back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import IllegalMove, NotAllowed
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.opening import free_references
from helpdesk.models import Agent, Event, IncomingMail, Message, Ticket, TicketLink
from helpdesk.outbox.post import ACKNOWLEDGEMENT, post
from helpdesk.routing.assign import Routing, assign, decision_for
from helpdesk.routing.decision import Decision
from helpdesk.text import one_line
from helpdesk.tickets import clocks, history
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.actions import acting
from helpdesk.tickets.order.relations import Relation
from helpdesk.tickets.order.withdrawing import standing
from helpdesk.vocabulary import Direction, Status

LONGEST = 300  # characters of a subject
_CALLED = 80  # of the message, where nobody gives it a subject
_PLACES = frozenset({"commune", "departement", "academie", "place"})


@dataclass(frozen=True)
class Preview:
    """The message, what its request would be called, and where it would go."""

    ticket: Ticket
    message: Message
    subject: str
    decision: Decision


@dataclass(frozen=True)
class _Part:
    """What is known of the new request: its school, as told before, and where it belongs."""

    school: SchoolHint
    decision: Decision


def preview(agent: Agent, reference: str, message_id: int, routing: Routing, now: datetime) -> Preview:
    """What `split` would do. Raises what it raises; writes nothing."""
    session = db.session()
    ticket = ticket_for(session, agent, reference)
    standing(session, ticket)
    message = _message(session, ticket, message_id)
    part = _part(session, ticket, message, routing, now)
    return Preview(ticket, message, one_line(message.text, _CALLED), part.decision)


def split(agent: Agent, reference: str, message_id: int, subject: str, routing: Routing, now: datetime) -> str:
    """Take the message off into a new ticket of the same person and tell them its number, which is returned. Done twice
    it changes nothing. The new ticket may be out of the agent's sight.

    `routing` is the one in force. The person has waited since the message came, and the clock says so.

    Raises NotAllowed for what is no message of the person on this ticket and for the first one, IllegalMove for a
    ticket that is archived, merged or unwanted.
    """
    with acting(agent, reference) as (session, ticket):
        done = _split_off(session, ticket, message_id)
        if done:
            return done
        message = _message(session, ticket, message_id)
        part = _part(session, ticket, message, routing, now)
        came = _came(session, ticket, message)
        new = _new_ticket(session, ticket, message, subject, part.school, came)
        history.record(session, new, history.SPLIT, agent, now, {"to": ticket.reference, "back": 1})
        assign(session, [(new, part.decision)], routing, now)
        clocks.start([new], came)
        session.flush()
        message.ticket_id = new.id
        for mail in session.scalars(select(IncomingMail).where(IncomingMail.message_row_id == message.id)):
            mail.ticket_id = new.id
        session.add(TicketLink(ticket=new, other=ticket, relation=Relation.FOLLOWS, agent=agent, at=now))
        told = {"to": new.reference, "message": message.id}
        history.record(session, ticket, history.SPLIT, agent, now, told)
        post(session, ACKNOWLEDGEMENT, new, now)
        return new.reference


def _split_off(session: Session, ticket: Ticket, message_id: int) -> str:
    """The ticket that the message went to, if it was split off this one."""
    events = session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == history.SPLIT))
    return next((str(event.data["to"]) for event in events if event.data.get("message") == message_id), "")


def _message(session: Session, ticket: Ticket, message_id: int) -> Message:
    """The message, if it can go."""
    if ticket.archived_at or ticket.erased_at:
        raise IllegalMove("Cette demande est archivée : rien ne s’en sépare plus.")
    message = session.scalar(select(Message).where(Message.id == message_id, Message.ticket_id == ticket.id))
    if message is None:
        raise NotAllowed("Ce message n’est pas de cette demande, ou ne l’est plus.")
    if message.direction is not Direction.IN:
        raise NotAllowed("Seul un message de la personne se sépare, pas une réponse ni une note.")
    theirs = select(Message.id).where(Message.ticket_id == ticket.id, Message.direction == Direction.IN)
    if session.scalar(theirs.order_by(Message.id).limit(1)) == message.id:
        raise NotAllowed("Le premier message est la demande elle-même : il ne se sépare pas.")
    return message


def _part(session: Session, ticket: Ticket, message: Message, routing: Routing, now: datetime) -> _Part:
    """By its own words. Where they tell of no place, the school is the one of the ticket; where they do, it may be that
    of another child.
    """
    routed = select(Event.data).where(Event.ticket_id == ticket.id, Event.kind == history.ROUTED)
    stored = session.scalar(routed.order_by(Event.id.desc()).limit(1))
    kept = Decision.from_json(stored) if stored else None
    own = SchoolHint(level=ticket.school_level)
    decision = decision_for(_incoming(ticket, message, own, kept), routing, now)
    if any(clue.field == "text" for clue in decision.clues):
        return _Part(own, decision)
    known = _school_of(ticket, kept)
    return _Part(known, decision_for(_incoming(ticket, message, known, kept), routing, now))


def _school_of(ticket: Ticket, kept: Decision | None) -> SchoolHint:
    """As it was told; of a mail, which has no fields for it, the place that decided."""
    commune = ticket.school_commune
    typed = ticket.school_name or commune or ticket.school_postal_code or ticket.school_uai
    if not typed and kept is not None and kept.academy:
        commune = next((clue.words for clue in kept.clues if clue.kind in _PLACES), "")
    return SchoolHint(
        ticket.school_name, commune, ticket.school_postal_code, ticket.school_uai, level=ticket.school_level
    )


def _incoming(ticket: Ticket, message: Message, school: SchoolHint, kept: Decision | None) -> IncomingMessage:
    facts = kept.facts if kept else {}
    return IncomingMessage(
        channel=message.channel,
        external_id="",
        text=message.text,
        sender=Sender(ticket.sender_name, ticket.sender_email, ticket.sender_phone),
        profile=ticket.profile,
        school=school,
        language=ticket.language,
        mailbox_academy=facts.get("mailbox_academy", ""),
        mailbox_service=facts.get("mailbox_service", ""),
    )


def _came(session: Session, ticket: Ticket, message: Message) -> datetime:
    """When the message came in, by our own clock; what a mail says of itself may be anything."""
    wrote = select(Event).where(Event.ticket_id == ticket.id, Event.kind == history.PERSON_WROTE)
    came = (event.at for event in session.scalars(wrote) if event.data.get("message") == message.id)
    return next(came, message.at)


def _new_ticket(
    session: Session, ticket: Ticket, message: Message, subject: str, school: SchoolHint, came: datetime
) -> Ticket:
    """Of the same person, reached as on the ticket it comes from."""
    new = Ticket(
        reference=free_references(session, 1)[0],
        status=Status.NEW,
        channel=message.channel,
        language=ticket.language,
        subject=one_line(subject, LONGEST) or one_line(message.text, _CALLED),
        person=ticket.person,
        sender_name=ticket.sender_name,
        sender_email=ticket.sender_email,
        sender_phone=ticket.sender_phone,
        profile=ticket.profile,
        school_name=school.name,
        school_commune=one_line(school.commune, 120),
        school_postal_code=school.postal_code,
        school_uai=school.uai,
        school_level=school.level,
        received_at=came,
    )
    session.add(new)
    return new
