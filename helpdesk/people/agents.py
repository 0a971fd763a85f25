"""Adding agents and changing what they may do."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.models import Agent, Membership, Service
from helpdesk.people.emails import read_email
from helpdesk.vocabulary import Role


def add_agent(email: str, name: str, title: str, services: Sequence[str], role: Role) -> None:
    """Add an agent, or bring name, title and roles of a known one in step. Raises NotFound for an unknown service."""
    address = read_email(email)
    if address is None:
        raise HelpdeskError(f"« {email} » n’est pas une adresse de courriel.")
    with transaction() as session:
        agent = session.scalar(select(Agent).where(Agent.email == address.casefold()))
        if agent is None:
            agent = Agent(email=address.casefold())
            session.add(agent)
        agent.name, agent.title = name, title
        session.flush()
        for slug in services:
            service = session.scalar(select(Service).where(Service.slug == slug))
            if service is None:
                raise NotFound(f"Le service « {slug} » n’existe pas (voir config/services.toml).")
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


def _agent(session: Session, email: str) -> Agent:
    agent = session.scalar(select(Agent).where(Agent.email == email.casefold().strip()))
    if agent is None:
        raise NotFound(f"Aucun agent « {email} ».")
    return agent
