"""Who may work on the FAQ: editors write, reviewers publish as well.

Supervisors of a national service and administrators may do both, and say who else may.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.models import Agent
from helpdesk.tickets.access import Sight, supervises_nationally
from helpdesk.vocabulary import EditorRole


def edits(agent: Agent) -> ColumnElement[bool]:
    """Whether the agent may see and write drafts."""
    return or_(grants(agent), exists().where(Agent.id == agent.id, Agent.editor_role.is_not(None)))


def reviews(agent: Agent) -> ColumnElement[bool]:
    """Whether the agent may publish and archive."""
    return or_(grants(agent), exists().where(Agent.id == agent.id, Agent.editor_role == EditorRole.REVIEWER))


def grants(agent: Agent) -> ColumnElement[bool]:
    """Whether the agent says who edits."""
    return or_(supervises_nationally(agent), exists().where(Agent.id == agent.id, Agent.is_admin))


def may_edit(agent: Agent, sight: Sight) -> bool:
    """As `edits`, for the menu of every page: from what is read already."""
    return sight.national or agent.is_admin or agent.editor_role is not None


def may_review(agent: Agent) -> bool:
    """As `reviews`, for a button."""
    return bool(db.session.scalar(select(reviews(agent))))


def may_grant(agent: Agent) -> bool:
    """As `grants`, for a menu."""
    return bool(db.session.scalar(select(grants(agent))))


def check(session: Session, right: ColumnElement[bool]) -> None:
    """Raises NotFound to who has not this right: what is not theirs is not there."""
    if not session.scalar(select(right)):
        raise NotFound("Cette page n’existe pas, ou ne vous est pas ouverte.")


def team(agent: Agent) -> Sequence[Agent]:
    """Who was given a role, by name."""
    check(db.session(), grants(agent))
    given = select(Agent).where(Agent.editor_role.is_not(None), Agent.active)
    return db.session.scalars(given.order_by(Agent.name, Agent.id)).all()


def grant(agent: Agent, email: str, role: EditorRole | None) -> Agent:
    """Give an agent a role, or take it away. Raises NotFound for an unknown address."""
    with transaction() as session:
        check(session, grants(agent))
        return _set(session, email, role)


def set_role(email: str, role: EditorRole | None) -> None:
    """The same for the command line, where there is no agent."""
    with transaction() as session:
        _set(session, email, role)


def _set(session: Session, email: str, role: EditorRole | None) -> Agent:
    found = session.scalar(select(Agent).where(Agent.email == email.strip().casefold(), Agent.active))
    if found is None:
        raise NotFound(f"Aucun agent « {email.strip()} » : un administrateur peut l’ajouter.")
    found.editor_role = role
    return found
