"""Links between tickets: said by agents on one of them, shown on both. A link moves and closes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Ticket, TicketLink
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for, visible_to
from helpdesk.tickets.order.relations import BACK_LABELS, RELATION_LABELS, Relation

AT_MOST = 50  # links of one ticket


@dataclass(frozen=True)
class Link:
    """A link as one of its tickets shows it: what that ticket is to `other`."""

    label: str
    other: Ticket


def link(agent: Agent, reference: str, other_reference: str, relation: Relation, now: datetime) -> None:
    """Say what the ticket is to the other. Both must be in the agent's sight. Said twice it changes nothing.

    Raises NotAllowed for a ticket and itself, an erased one, two that are linked in another way, and past AT_MOST.
    """
    with transaction() as session:
        ticket, other = both(session, agent, reference, other_reference)
        if ticket.erased_at or other.erased_at:
            raise NotAllowed("Les données de l’une des deux demandes ont été effacées : il n’y a plus rien à lier.")
        known = session.scalar(select(TicketLink).where(_between(ticket, other)))
        if known is not None:
            if (known.ticket_id, known.relation) == (ticket.id, relation):
                return
            raise NotAllowed("Ces deux demandes sont déjà liées. Défaites d’abord ce lien.")
        for each in (ticket, other):
            if len(session.scalars(select(TicketLink.id).where(_of(each)).limit(AT_MOST)).all()) == AT_MOST:
                raise NotAllowed(
                    f"La demande {each.reference} a déjà {AT_MOST} liens : c’est le plus qu’il peut y en avoir."
                )
        session.add(TicketLink(ticket=ticket, other=other, relation=relation, agent=agent, at=now))
        _tell(session, ticket, other, relation, history.TIED, agent, now)


def unlink(agent: Agent, reference: str, other_reference: str, now: datetime) -> None:
    """Undo a link, whichever ticket it was said on. One that is not there is gone already."""
    with transaction() as session:
        ticket, other = both(session, agent, reference, other_reference)
        known = session.scalar(select(TicketLink).where(_between(ticket, other)))
        if known is not None:
            session.delete(known)
            _tell(session, known.ticket, known.other, known.relation, history.UNTIED, agent, now)


def links_of(agent: Agent, ticket: Ticket) -> Sequence[Link]:
    """The links of a ticket whose other end the agent may see as well, in the order in which they were said."""
    ends = and_(TicketLink.ticket_id == ticket.id, Ticket.id == TicketLink.other_id)
    back = and_(TicketLink.other_id == ticket.id, Ticket.id == TicketLink.ticket_id)
    rows = db.session.execute(
        select(TicketLink, Ticket)
        .join(Ticket, or_(ends, back))
        .where(_of(ticket), visible_to(agent))
        .order_by(TicketLink.id)
    )
    return [
        Link((RELATION_LABELS if row.ticket_id == ticket.id else BACK_LABELS)[row.relation], other)
        for row, other in rows
    ]


def both(session: Session, agent: Agent, reference: str, other_reference: str) -> tuple[Ticket, Ticket]:
    """The two tickets, their rows held in the order of their ids, so that no two agents wait for each other.

    Raises NotFound for the first out of the agent's sight, NotAllowed for the second.
    """
    ticket = ticket_for(session, agent, reference)
    try:
        other = ticket_for(session, agent, other_reference)
    except NotFound:
        raise NotAllowed(f"La demande {other_reference} n’existe pas ou n’est pas dans vos services.") from None
    if ticket is other:
        raise NotAllowed("Une demande ne se lie pas à elle-même.")
    hold(session, ticket, other)
    return ticket, other


def hold(session: Session, *tickets: Ticket) -> None:
    """Hold the tickets' rows, in the order of their ids."""
    for each in sorted(tickets, key=lambda one: one.id):
        session.refresh(each, with_for_update=True)


def _tell(
    session: Session, ticket: Ticket, other: Ticket, relation: Relation, kind: str, agent: Agent, now: datetime
) -> None:
    """Both histories name the other ticket; `back` where the link is read from its second end."""
    history.record(session, ticket, kind, agent, now, {"to": other.reference, "kind": relation})
    history.record(session, other, kind, agent, now, {"to": ticket.reference, "kind": relation, "back": 1})


def _of(ticket: Ticket) -> ColumnElement[bool]:
    return or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id)


def _between(ticket: Ticket, other: Ticket) -> ColumnElement[bool]:
    return or_(
        and_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == other.id),
        and_(TicketLink.ticket_id == other.id, TicketLink.other_id == ticket.id),
    )
