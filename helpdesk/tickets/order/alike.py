"""Tickets that may be one request of one person, told twice, by phone and by mail: proposed, never joined alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, false, or_, select

from helpdesk.db import db
from helpdesk.models import Agent, Ticket, TicketLink
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.calls.earlier import of_numbers
from helpdesk.tickets.lifecycle import LIVE

WITHIN = timedelta(days=14)  # between the two
AT_MOST = 3


@dataclass(frozen=True)
class Alike:
    """Another ticket, and what it shares with this one: words of a closed list, the person first."""

    other: Ticket
    shared: Sequence[str]


def alike(agent: Agent, ticket: Ticket) -> Sequence[Alike]:
    """Live tickets in the agent's sight that came near to this one, of the same person, number or address, about the
    same topic or school, and not linked to it. The nearest first; none for a ticket that is over.
    """
    if ticket.status not in LIVE or ticket.erased_at:
        return ()
    near = Ticket.received_at.between(ticket.received_at - WITHIN, ticket.received_at + WITHIN)
    others = db.session.scalars(
        select(Ticket)
        .where(Ticket.id != ticket.id, Ticket.status.in_(LIVE), Ticket.archived_at.is_(None), near)
        .where(or_(Ticket.person_id == ticket.person_id, _same_number(ticket)), visible_to(agent), ~_tied(ticket))
        .limit(50)
    )
    found = [Alike(other, shared) for other in others if (shared := _shared(ticket, other))]
    return sorted(found, key=lambda one: abs(one.other.received_at - ticket.received_at))[:AT_MOST]


def _same_number(ticket: Ticket) -> ColumnElement[bool]:
    return of_numbers([ticket.sender_phone]) if ticket.sender_phone else false()


def _tied(ticket: Ticket) -> ColumnElement[bool]:
    ends = select(TicketLink.other_id).where(TicketLink.ticket_id == ticket.id)
    backs = select(TicketLink.ticket_id).where(TicketLink.other_id == ticket.id)
    return or_(Ticket.id.in_(ends), Ticket.id.in_(backs))


def _shared(ticket: Ticket, other: Ticket) -> list[str]:
    """Who alone is not enough: families have several children, and several questions."""
    same_person = {
        "numéro": bool(ticket.sender_phone) and ticket.sender_phone == other.sender_phone,
        "courriel": bool(ticket.sender_email) and ticket.sender_email == other.sender_email,
    }
    school = bool(ticket.school_uai) and ticket.school_uai == other.school_uai
    place = bool(ticket.school_postal_code) and ticket.school_postal_code == other.school_postal_code
    same_matter = {"sujet": ticket.topic == other.topic, "établissement": school or place}
    if not any(same_matter.values()):
        return []
    who = [word for word, same in same_person.items() if same] or ["personne"]
    return who + [word for word, same in same_matter.items() if same]
