"""Which tickets are of an incident: said by agents one by one or ticked in a list, never decided by the software."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, Incident, IncidentTicket, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for, visible_to
from helpdesk.tickets.incidents.sight import seen_by
from helpdesk.tickets.incidents.states import IncidentState

AT_ONCE = 200


def attach(agent: Agent, incident_id: int, reference: str, now: datetime) -> None:
    """Say that the ticket is of the incident; it leaves the one it was in. Said twice it changes nothing."""
    with transaction() as session:
        join(session, ticket_for(session, agent, reference), seen_by(session, agent, incident_id), agent, now)


def attach_all(agent: Agent, incident_id: int, references: Collection[str], now: datetime) -> int:
    """The same for several, at most AT_ONCE; returns how many were not in it. What the agent may not see is passed
    over.
    """
    with transaction() as session:
        incident = seen_by(session, agent, incident_id)
        chosen = select(Ticket).where(Ticket.reference.in_(list(references)[:AT_ONCE]), visible_to(agent))
        tickets = session.scalars(chosen.order_by(Ticket.id)).all()
        return sum(join(session, ticket, incident, agent, now) for ticket in tickets)


def detach(agent: Agent, reference: str, now: datetime) -> None:
    """Take the ticket out of its incident. One that is in none is out already."""
    with transaction() as session:
        leave(session, ticket_for(session, agent, reference), agent, now)


def join(session: Session, ticket: Ticket, incident: Incident, agent: Agent, now: datetime) -> bool:
    """Put the ticket into the incident, out of the one it was in; False if it is there already. Raises IllegalMove if
    the incident has ended. In the transaction of a verb that knows that the agent may see both.
    """
    if incident.state is IncidentState.ENDED:
        raise IllegalMove("Cet incident est terminé : il ne reçoit plus de demandes.")
    if ticket.erased_at:
        raise IllegalMove("Les données de cette demande ont été effacées.")
    session.refresh(ticket, with_for_update=True)
    row = session.get(IncidentTicket, ticket.id)
    if row is not None and row.incident_id == incident.id:
        return False
    if row is None:
        row = IncidentTicket(ticket_id=ticket.id)
        session.add(row)
    row.incident_id, row.agent_id, row.at = incident.id, agent.id, now
    history.record(session, ticket, history.JOINED, agent, now, {"incident": incident.id, "title": incident.title})
    return True


def leave(session: Session, ticket: Ticket, agent: Agent, now: datetime) -> bool:
    """Take the ticket out of its incident; False if it is in none."""
    session.refresh(ticket, with_for_update=True)
    row = session.get(IncidentTicket, ticket.id)
    if row is None:
        return False
    told = {"incident": row.incident_id, "title": row.incident.title}
    session.delete(row)
    history.record(session, ticket, history.PARTED, agent, now, told)
    return True
