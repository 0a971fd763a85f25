"""What time does to tickets."""

from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.db import transaction
from helpdesk.models import Ticket
from helpdesk.tickets import history
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.vocabulary import Status


def close_solved(now: datetime, *, after: timedelta, at_once: int = 500) -> int:
    """Close what has been solved for `after` without a word from the person; returns how many were closed."""
    with transaction() as session:
        old = select(Ticket).where(Ticket.status == Status.SOLVED, Ticket.solved_at <= now - after)
        tickets = list(session.scalars(old.order_by(Ticket.solved_at).limit(at_once).with_for_update(skip_locked=True)))
        for ticket in tickets:
            ticket.status, ticket.closed_at = next_status(ticket.status, Act.CLOSE), now
            history.record(session, ticket, history.CLOSED, None, now, {"reason": "sans nouvelle de la personne"})
        return len(tickets)
