"""Views of the queue that agents keep under a name: their own, or for all of a service."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Membership, SavedView, Service
from helpdesk.tickets.access import services_of, supervised_by

AT_MOST = 30  # of one agent, so that a menu stays a menu


def saved_views(agent: Agent) -> Sequence[SavedView]:
    """The agent's own and those of the agent's services, by name."""
    query = select(SavedView).where(_usable_by(agent)).options(joinedload(SavedView.service))
    return list(db.session.scalars(query.order_by(func.lower(SavedView.name), SavedView.id)))


def save_view(agent: Agent, name: str, query: str, service_slug: str = "") -> None:
    """Keep the view under a name, for the agent or for all of a service; the same name again replaces what it meant.

    `query` is of an address that was read and written again, so that nothing else is ever kept.
    """
    with transaction() as session:
        service = None
        if service_slug:
            own = select(Service).where(Service.slug == service_slug, services_of(agent))
            service = session.scalar(own)
            if service is None:
                raise NotFound("Ce service n’existe pas ou n’est pas le vôtre.")
        mine = SavedView.agent_id == agent.id
        same = session.scalar(select(SavedView).where(mine, SavedView.name == name, SavedView.service == service))
        if same is not None:
            same.query = query
            return
        if (session.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0) >= AT_MOST:
            raise NotAllowed(f"Vous avez déjà {AT_MOST} vues : supprimez-en une d’abord.")
        session.add(SavedView(agent_id=agent.id, service=service, name=name, query=query))


def delete_view(agent: Agent, view_id: int) -> None:
    """Forget a view of one's own; a shared one, as who made it or as a supervisor of its service. Gone is gone: twice
    is no error, but NotFound for those of others.
    """
    with transaction() as session:
        view = session.get(SavedView, view_id)
        if view is None:
            return
        if view.agent_id != agent.id and not _supervises(agent, view):
            raise NotFound("Cette vue n’existe pas ou n’est pas la vôtre.")
        session.delete(view)


def _supervises(agent: Agent, view: SavedView) -> bool:
    supervised = select(Service.id).where(Service.id == view.service_id, supervised_by(agent))
    return db.session.scalar(supervised) is not None


def _usable_by(agent: Agent) -> ColumnElement[bool]:
    """One's own while it is nobody else's; a shared one ends with the membership, for its maker too."""
    services = select(Membership.service_id).where(Membership.agent_id == agent.id)
    private = (SavedView.agent_id == agent.id) & SavedView.service_id.is_(None)
    return or_(private, SavedView.service_id.in_(services))
