"""Tickets that wait until a day: when it comes they are ours again, whether or not the person has written."""

from datetime import datetime

from sqlalchemy import select

from helpdesk.db import transaction
from helpdesk.models import Ticket
from helpdesk.tickets import history
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.vocabulary import Status


def wake_due(now: datetime, *, at_once: int = 500) -> int:
    """Bring the tickets whose day has come back to the queue; returns how many that were."""
    with transaction() as session:
        due = select(Ticket).where(Ticket.wake_at <= now, Ticket.status == Status.WAITING).order_by(Ticket.wake_at)
        tickets = session.scalars(due.limit(at_once).with_for_update(skip_locked=True)).all()
        for ticket in tickets:
            with following(ticket):
                ticket.status = next_status(ticket.status, Act.WAKE)
                history.record(session, ticket, history.WOKEN, None, now)
        return len(tickets)
