"""Who sees an incident, and who keeps it.

National supervisors keep those of any reach, supervisors of an académie those of theirs. All agents whom an incident
reaches see it.
"""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge.readers.banners import keeps
from helpdesk.models import Agent, Incident, Membership, Service


def may_keep(agent: Agent, incident: Incident) -> bool:
    """Whether the agent changes, answers and ends it."""
    owned = keeps(agent)
    return None in owned or (incident.academy is not None and incident.academy in owned)


def reaching(agent: Agent) -> ColumnElement[bool]:
    """The incidents that the agent sees: those of the académies where the agent works, the national ones; whoever works
    in a national service sees all. Nobody without a service sees any.
    """
    mine = select(Service.academy).join(Membership, Membership.service_id == Service.id)
    academies = set(db.session.scalars(mine.where(Membership.agent_id == agent.id)))
    if None in academies:
        return true()
    if not academies:
        return false()
    framed = " " + Incident.academies + " "
    return or_(Incident.academies == "", *(framed.contains(f" {code} ") for code in sorted(filter(None, academies))))


def seen_by(session: Session, agent: Agent, incident_id: int) -> Incident:
    """The incident, if it reaches the agent. Raises NotFound."""
    incident = session.scalar(select(Incident).where(Incident.id == incident_id, reaching(agent)))
    if incident is None:
        raise NotFound("Cet incident n’existe pas, ou ne concerne pas votre académie.")
    return incident


def kept_by(session: Session, agent: Agent, incident_id: int) -> Incident:
    """The incident with its row held, if the agent keeps it. Raises NotFound."""
    incident = seen_by(session, agent, incident_id)
    if not may_keep(agent, incident):
        raise NotFound("Cet incident est tenu par d’autres superviseurs.")
    session.refresh(incident, with_for_update=True)
    return incident
