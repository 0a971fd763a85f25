"""« Suivante »: the most pressing ticket that nobody holds becomes the agent's own."""

from datetime import datetime

from sqlalchemy import select

from helpdesk.db import transaction
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.access import sight_of
from helpdesk.tickets.clocks import following
from helpdesk.tickets.holds import grab, held_by_another
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.queue import TODO
from helpdesk.tickets.snoozing import asleep


def take_next(agent: Agent, now: datetime) -> str | None:
    """Take it, in any of the agent's services, and hold it; returns its reference, or None if there is none.

    Two agents at once get two tickets: what another is taking is passed over (PostgreSQL), or the second waits until
    the first is done (SQLite).
    """
    with transaction() as session:
        services = sight_of(session, agent).services
        free = (Ticket.service_id.in_(services), TODO, Ticket.assignee_id.is_(None), ~held_by_another(agent, now))
        awake = Ticket.id.not_in(asleep(session, agent, now))
        first = select(Ticket).where(*free, awake).order_by(Ticket.priority, Ticket.due_at, Ticket.id).limit(1)
        ticket = session.scalar(first.with_for_update(skip_locked=True))
        if ticket is None:
            return None
        with following(ticket):
            ticket.status = next_status(ticket.status, Act.TAKE)
            ticket.assignee = agent
            history.record(session, ticket, history.TAKEN, agent, now)
        grab(session, ticket, agent, now)
        return ticket.reference
