"""Who may see which tickets: one condition, put into every query that an agent's page makes."""

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from helpdesk.errors import NotFound
from helpdesk.models import Agent, Membership, Service, Ticket
from helpdesk.vocabulary import Role


class Somebody(Protocol):
    """An agent, or the place of one in a statement."""

    @property
    def id(self) -> Any: ...


# For statements that every page asks: built once, and given the agent's id as `agent` when they are asked. Building one
# takes as long as asking it.
WHOEVER: Final[Somebody] = SimpleNamespace(id=bindparam("agent"))


def services_of(agent: Somebody) -> ColumnElement[bool]:
    """Services in which the agent works."""
    return Service.id.in_(select(Membership.service_id).where(Membership.agent_id == agent.id))


def visible_to(agent: Somebody) -> ColumnElement[bool]:
    """Tickets the agent may see: those that the agent's services hold or have lent, the archive only as a supervisor of
    the service; for a supervisor of a national service, all.
    """
    services = select(Membership.service_id).where(Membership.agent_id == agent.id)
    own = or_(Ticket.service_id.in_(services), Ticket.lent_by_id.in_(services)) & Ticket.archived_at.is_(None)
    archive = Ticket.service_id.in_(services.where(Membership.role == Role.SUPERVISOR))
    return or_(own, archive & Ticket.archived_at.is_not(None), supervises_nationally(agent))


@dataclass(frozen=True)
class Sight:
    """How far an agent sees, read once for a page: ids of the services in which the agent works, of those that the
    agent supervises, and whether one of them is national.
    """

    services: tuple[int, ...]
    supervised: tuple[int, ...]
    national: bool

    def covers(self) -> ColumnElement[bool]:
        """The tickets that `visible_to` allows, as a condition that an index can serve."""
        if self.national:
            return true()
        own = or_(Ticket.service_id.in_(self.services), Ticket.lent_by_id.in_(self.services))
        own &= Ticket.archived_at.is_(None)
        if not self.supervised:
            return own
        return or_(own, Ticket.service_id.in_(self.supervised) & Ticket.archived_at.is_not(None))


def sight_of(session: Session, agent: Agent) -> Sight:
    """For lists that must be quick: with ids at hand the database can go down one index for each service."""
    rows = session.execute(_memberships(), {"agent": agent.id}).all()
    supervised = [(number, academy) for number, role, academy in rows if role is Role.SUPERVISOR]
    national = any(academy is None for _number, academy in supervised)
    return Sight(tuple(row[0] for row in rows), tuple(number for number, _academy in supervised), national)


@cache
def _memberships() -> Select[int, Role, str | None]:
    shown = select(Membership.service_id, Membership.role, Service.academy)
    joined = shown.join(Service, Service.id == Membership.service_id)
    return joined.where(Membership.agent_id == WHOEVER.id).order_by(Membership.service_id)


def supervises_nationally(agent: Somebody) -> ColumnElement[bool]:
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
    ticket = session.scalar(_ticket(), {"reference": reference, "agent": agent.id})
    if ticket is None:
        raise NotFound("Cette demande n’existe pas ou n’est pas dans vos services.")
    return ticket


@cache
def _ticket() -> Select[Ticket]:
    return select(Ticket).where(Ticket.reference == bindparam("reference"), visible_to(WHOEVER))
