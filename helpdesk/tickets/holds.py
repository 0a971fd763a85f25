"""Who is on a ticket now, so that nobody answers what a colleague is answering.

A hold is a short lease: an open page renews it, a closed or dead one lets it end. It bars nothing by itself; pages show
it, and an answer that crosses one is asked about first (see tickets.meanwhile).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, forgettable, transaction
from helpdesk.models import Agent, Hold, Ticket
from helpdesk.tickets.access import ticket_for

LEASE = timedelta(minutes=5)


def keep(agent: Agent, reference: str, now: datetime, *, writing: bool = False) -> Hold | None:
    """Hold the ticket for LEASE from now, unless a colleague does: then nothing changes and theirs is returned.

    `writing`: the agent has begun an answer; a hold remembers it until it ends.
    """
    try:
        with transaction() as session:
            forgettable(session)
            ticket = ticket_for(session, agent, reference)
            # The ticket's row first, as all acts do: otherwise two transactions could wait for each other.
            session.execute(select(Ticket.id).where(Ticket.id == ticket.id).with_for_update(read=True, key_share=True))
            if not _renew(session, ticket.id, agent, now, writing) and not others(session, [ticket.id], agent, now):
                session.add(Hold(ticket_id=ticket.id, agent_id=agent.id, until=now + LEASE, writing=writing))
    except IntegrityError:  # a colleague opened it in the same moment
        db.session.rollback()
    return others(db.session(), [ticket.id], agent, now).get(ticket.id)


def leave(agent: Agent, reference: str) -> None:
    """Let go of the ticket, if the agent holds it."""
    with transaction() as session:
        release(session, ticket_for(session, agent, reference), agent)


def grab(session: Session, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """Make the agent hold the ticket, whoever did before; in the transaction of an act that says so knowingly."""
    values = {"agent_id": agent.id, "until": now + LEASE, "writing": False}
    changed = session.scalar(update(Hold).where(Hold.ticket_id == ticket.id).values(values).returning(Hold.ticket_id))
    if changed is None:
        session.add(Hold(ticket_id=ticket.id, **values))


def release(session: Session, ticket: Ticket, agent: Agent) -> None:
    """End the agent's hold, in the transaction of what ends it."""
    session.execute(delete(Hold).where(Hold.ticket_id == ticket.id, Hold.agent_id == agent.id))


def others(session: Session, ticket_ids: Collection[int], agent: Agent, now: datetime) -> dict[int, Hold]:
    """The colleagues who hold these tickets now, by the id of the ticket. The caller may see the tickets."""
    held = select(Hold).where(Hold.ticket_id.in_(ticket_ids), Hold.agent_id != agent.id, Hold.until > now)
    return {hold.ticket_id: hold for hold in session.scalars(held.options(joinedload(Hold.agent)))}


def present(session: Session, ticket: Ticket, now: datetime) -> Hold | None:
    """Who holds the ticket now. The caller may see it."""
    held = select(Hold).where(Hold.ticket_id == ticket.id, Hold.until > now)
    return session.scalar(held.options(joinedload(Hold.agent)))


def held_by_another(agent: Agent, now: datetime) -> ColumnElement[bool]:
    """Whether a colleague holds the ticket, as a condition on Ticket."""
    return exists().where(Hold.ticket_id == Ticket.id, Hold.agent_id != agent.id, Hold.until > now)


def _renew(session: Session, ticket_id: int, agent: Agent, now: datetime, writing: bool) -> bool:
    """Prolong the agent's own hold, or take over the row of one that has ended."""
    own = (Hold.agent_id == agent.id) & (Hold.until > now)
    lasting = update(Hold).where(Hold.ticket_id == ticket_id, own).values(until=now + LEASE)
    if writing:
        lasting = lasting.values(writing=True)
    if session.scalar(lasting.returning(Hold.ticket_id)) is not None:
        return True
    ended = update(Hold).where(Hold.ticket_id == ticket_id, or_(Hold.agent_id == agent.id, Hold.until <= now))
    taken = ended.values(agent_id=agent.id, until=now + LEASE, writing=writing)
    return session.scalar(taken.returning(Hold.ticket_id)) is not None
