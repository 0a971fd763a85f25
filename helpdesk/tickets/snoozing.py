"""Tickets that an agent puts aside for some days: they leave her own lists until then, or until the person writes.

Nothing changes on the ticket: its clock goes on, colleagues see it where it was, and it is late when it is late.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, Message, Snooze, Ticket, Withdrawal
from helpdesk.tickets.access import ticket_for, visible_to
from helpdesk.tickets.lifecycle import LIVE
from helpdesk.vocabulary import Direction, Status

AT_MOST = 200


def snooze(agent: Agent, reference: str, until: datetime, now: datetime) -> bool:
    """Put the ticket aside until then; True if it will be late before. Said again, the last moment counts.

    Raises IllegalMove for a ticket that is over.
    """
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.refresh(ticket, with_for_update=True)  # the second of two clicks waits here
        if ticket.status not in LIVE:
            raise IllegalMove("Cette demande est terminée : il n’y a rien à mettre en pause.")
        session.merge(Snooze(agent_id=agent.id, ticket_id=ticket.id, until=until, at=now))
        return ticket.status is not Status.WAITING and ticket.due_at <= until


def end(agent: Agent, reference: str) -> None:
    """Have it back in the lists now."""
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.execute(delete(Snooze).where(Snooze.agent_id == agent.id, Snooze.ticket_id == ticket.id))


def asleep(session: Session, agent: Agent, now: datetime) -> Sequence[int]:
    """Ids of the tickets that the agent's lists leave out now; almost always few or none."""
    return session.scalars(select(Snooze.ticket_id).where(_sleeping(agent, now)).limit(AT_MOST)).all()


def snoozed(agent: Agent, now: datetime) -> Sequence[Snooze]:
    """What the agent has put aside and may see, the first to come back first."""
    query = select(Snooze).join(Ticket).where(_sleeping(agent, now), visible_to(agent))
    shown = joinedload(Snooze.ticket).joinedload(Ticket.service)
    return db.session.scalars(query.options(shown).order_by(Snooze.until).limit(AT_MOST)).all()


def until(agent: Agent, ticket: Ticket, now: datetime) -> datetime | None:
    """Until when the ticket is put aside; None if it is not."""
    mine = _sleeping(agent, now) & (Snooze.ticket_id == ticket.id)
    return db.session.scalar(select(Snooze.until).where(mine))


def _sleeping(agent: Agent, now: datetime) -> ColumnElement[bool]:
    merged = select(Withdrawal.ticket_id).where(Withdrawal.into_id == Snooze.ticket_id).correlate(Snooze)
    said_here = or_(Message.ticket_id == Snooze.ticket_id, Message.ticket_id.in_(merged))
    wrote = exists().where(said_here, Message.direction == Direction.IN, Message.at > Snooze.at)
    return (Snooze.agent_id == agent.id) & (Snooze.until > now) & ~wrote
