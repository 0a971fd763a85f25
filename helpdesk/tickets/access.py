"""Who may see which tickets: one condition, put into every query that an agent's page makes."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from helpdesk.errors import NotFound
from helpdesk.models import Agent, Membership, Service, Ticket
from helpdesk.vocabulary import Role


def services_of(agent: Agent) -> ColumnElement[bool]:
    """Services in which the agent works."""
    return Service.id.in_(select(Membership.service_id).where(Membership.agent_id == agent.id))


def visible_to(agent: Agent) -> ColumnElement[bool]:
    """Tickets the agent may see: those that the agent's services hold or have lent, the archive only as a supervisor of
    the service; for a supervisor of a national service, all.
    """
    services = select(Membership.service_id).where(Membership.agent_id == agent.id)
    own = or_(Ticket.service_id.in_(services), Ticket.lent_by_id.in_(services)) & Ticket.archived_at.is_(None)
    archive = Ticket.service_id.in_(services.where(Membership.role == Role.SUPERVISOR))
    return or_(own, archive & Ticket.archived_at.is_not(None), supervises_nationally(agent))


def supervises_nationally(agent: Agent) -> ColumnElement[bool]:
    """Whether the agent is a supervisor of a national service."""
    return exists().where(
        Membership.agent_id == agent.id,
        Membership.role == Role.SUPERVISOR,
        Membership.service_id == Service.id,
        Service.academy.is_(None),
    )


def supervised_by(agent: Agent) -> ColumnElement[bool]:
    """Services of which the agent is a supervisor."""
    supervised = Membership.agent_id == agent.id, Membership.role == Role.SUPERVISOR
    return Service.id.in_(select(Membership.service_id).where(*supervised))


def supervises(agent: Agent) -> ColumnElement[bool]:
    """Whether the agent is a supervisor of any service."""
    return exists().where(Membership.agent_id == agent.id, Membership.role == Role.SUPERVISOR)


def service_for(session: Session, agent: Agent, slug: str) -> Service:
    """The service, if the agent is a supervisor of it. Raises NotFound alike for all others."""
    service = session.scalar(select(Service).where(Service.slug == slug, Service.active, supervised_by(agent)))
    if service is None:
        raise NotFound("Ce service n’existe pas ou vous n’en êtes pas superviseur.")
    return service


def ticket_for(session: Session, agent: Agent, reference: str) -> Ticket:
    """The ticket, if the agent may see it. Raises NotFound alike for what is hidden and for what is not there."""
    ticket = session.scalar(select(Ticket).where(Ticket.reference == reference, visible_to(agent)))
    if ticket is None:
        raise NotFound("Cette demande n’existe pas ou n’est pas dans vos services.")
    return ticket
