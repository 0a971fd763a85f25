"""Adding agents and changing what they may do."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.models import Agent, Membership, Service, Ticket
from helpdesk.people.emails import read_email
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.vocabulary import Role


def add_agent(email: str, name: str, title: str, services: Sequence[str], role: Role) -> None:
    """Add an agent, or bring name, title and roles of a known one in step; who had left is back, without a password.
    Raises NotFound for an unknown service.
    """
    address = read_email(email)
    if address is None:
        raise HelpdeskError(f"« {email} » n’est pas une adresse de courriel.")
    with transaction() as session:
        agent = session.scalar(select(Agent).where(Agent.email == address.casefold()))
        if agent is None:
            agent = Agent(email=address.casefold())
            session.add(agent)
        agent.name, agent.title, agent.active = name, title, True
        session.flush()
        for slug in services:
            service = _service(session, slug)
            membership = session.get(Membership, (agent.id, service.id))
            if membership is None:
                session.add(Membership(agent=agent, service=service, role=role))
            else:
                membership.role = role


def set_password(email: str, password_hash: str) -> None:
    """Change the password (already hashed); sessions opened with the old one end."""
    with transaction() as session:
        agent = _agent(session, email)
        agent.password_hash = password_hash
        agent.session_stamp += 1


def end_sessions(email: str) -> None:
    """Sign the agent out everywhere."""
    with transaction() as session:
        _agent(session, email).session_stamp += 1


def set_admin(email: str, is_admin: bool) -> None:
    """Whether the agent is an administrator: sees how all parts fare, and the mails that came in."""
    with transaction() as session:
        _agent(session, email).is_admin = is_admin


def leave(email: str, services: Sequence[str] = ()) -> int:
    """The agent works there no more or, without services, nowhere: sessions, password and roles end. Returns how many
    tickets still wait under the agent's name there. Raises NotFound.
    """
    with transaction() as session:
        agent = _agent(session, email)
        left = [_service(session, slug).id for slug in services]
        waiting = select(func.count()).where(Ticket.assignee_id == agent.id, Ticket.status.in_(AWAITING))
        if left:
            where = (Membership.agent_id == agent.id) & Membership.service_id.in_(left)
            session.execute(delete(Membership).where(where))
            return session.scalar(waiting.where(Ticket.service_id.in_(left))) or 0
        # The services stay, so that supervisors find and hand on what waits there.
        agent.active, agent.is_admin, agent.editor_role, agent.password_hash = False, False, None, ""
        agent.session_stamp += 1
        return session.scalar(waiting) or 0


def _service(session: Session, slug: str) -> Service:
    service = session.scalar(select(Service).where(Service.slug == slug))
    if service is None:
        raise NotFound(f"Le service « {slug} » n’existe pas (voir config/services.toml).")
    return service


def _agent(session: Session, email: str) -> Agent:
    agent = session.scalar(select(Agent).where(Agent.email == email.casefold().strip()))
    if agent is None:
        raise NotFound(f"Aucun agent « {email} ».")
    return agent
