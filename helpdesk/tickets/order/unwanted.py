"""Advertisements and abuse: out of every list of work and every figure in one click, and back exactly as it was.

The sender is told nothing and barred from nothing: a word of theirs on the ticket brings it back.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.lifecycle import Act, may
from helpdesk.tickets.order import withdrawing


def mark_unwanted(agent: Agent, reference: str, now: datetime) -> None:
    """Set the ticket aside as unwanted. Done twice it changes nothing.

    Raises IllegalMove for one that is closed, or into which another is merged.
    """
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.refresh(ticket, with_for_update=True)
        known = withdrawing.withdrawal_of(session, ticket)
        if known is not None and known.into_id is None:
            return
        set_aside(session, ticket, agent, now)


def set_aside(session: Session, ticket: Ticket, agent: Agent, now: datetime) -> None:
    """The writing part of `mark_unwanted`; the ticket's row is held."""
    withdrawing.standing(session, ticket)
    if not may(ticket.status, Act.CLOSE):
        raise IllegalMove("Cette demande est close : elle ne se classe plus.")
    if withdrawing.merged_into(session, ticket):
        raise IllegalMove("D’autres demandes sont fusionnées dans celle-ci : défaites d’abord la fusion.")
    withdrawing.withdraw(session, ticket, agent, now)
    history.record(session, ticket, history.UNWANTED, agent, now)


def mark_wanted(agent: Agent, reference: str, now: datetime) -> None:
    """Take it back as it was. Done twice it changes nothing."""
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.refresh(ticket, with_for_update=True)
        found = withdrawing.withdrawal_of(session, ticket)
        if found is None or found.into_id is not None:
            return
        if ticket.erased_at or ticket.archived_at:
            raise IllegalMove("Cette demande est archivée : elle ne se reprend plus.")
        withdrawing.restore(session, found)
        history.record(session, ticket, history.WANTED, agent, now)
