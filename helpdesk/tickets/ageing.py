"""What time does to tickets."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from helpdesk.db import transaction
from helpdesk.models import Ticket
from helpdesk.tickets import history
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.vocabulary import Status


def close_solved(now: datetime, *, after: timedelta, at_once: int = 500) -> int:
    """Close what has been solved for `after` without a word from the person; returns how many were closed."""
    return _close(Ticket.status == Status.SOLVED, Ticket.solved_at <= now - after, now, at_once)


def close_waiting(now: datetime, *, after: timedelta, at_once: int = 500) -> int:
    """Close what has waited for a word of the person for `after`: what never ends would be kept for ever.

    What waits for a day comes back by itself.
    """
    waiting = (Ticket.status == Status.WAITING) & Ticket.wake_at.is_(None)
    return _close(waiting, Ticket.paused_at <= now - after, now, at_once)


def _close(where: ColumnElement[bool], since: ColumnElement[bool], now: datetime, at_once: int) -> int:
    with transaction() as session:
        old = select(Ticket).where(where, since).order_by(Ticket.id).limit(at_once)
        tickets = list(session.scalars(old.with_for_update(skip_locked=True)))
        for ticket in tickets:
            ticket.status, ticket.closed_at = next_status(ticket.status, Act.CLOSE), now
            history.record(session, ticket, history.CLOSED, None, now, {"reason": "sans nouvelle de la personne"})
        return len(tickets)
