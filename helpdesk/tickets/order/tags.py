"""Tags: words that supervisors keep for their service, or for all, and that agents put on tickets to find them again.

A ticket takes tags of its service and national ones. It keeps them when it moves; whoever sees it may take them off.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Membership, Service, Tag, Ticket, TicketTag
from helpdesk.text import fold
from helpdesk.tickets import history
from helpdesk.tickets.access import sight_of, supervised_by, supervises_nationally
from helpdesk.tickets.actions import acting

LONGEST = 40  # characters of a name
OF_A_SERVICE = 200  # tags that one list holds: more are not read by anybody
OF_A_TICKET = 20


@dataclass(frozen=True)
class Kept:
    """A tag in the list of who keeps it. `tickets`: how many of those that the agent may see have it."""

    tag: Tag
    tickets: int


def add_tag(agent: Agent, reference: str, tag_id: int, now: datetime) -> None:
    """Put a tag on a ticket. Done already, it changes nothing. Raises NotFound for a tag that is not offered there."""
    with acting(agent, reference) as (session, ticket):
        put_on(session, ticket, tag_id, agent, now)


def remove_tag(agent: Agent, reference: str, tag_id: int, now: datetime) -> None:
    """Take a tag off a ticket. Done already, it changes nothing."""
    with acting(agent, reference) as (session, ticket):
        take_off(session, ticket, tag_id, agent, now)


def put_on(session: Session, ticket: Ticket, tag_id: int, agent: Agent, now: datetime) -> bool:
    """The writing part of `add_tag`; the ticket's row is held. Whether anything changed."""
    tag = session.scalar(select(Tag).where(Tag.id == tag_id, _usable_in(ticket.service_id)))
    if tag is None:
        raise NotFound("Cette étiquette n’existe plus, ou n’est pas de ce service.")
    there = set(session.scalars(select(TicketTag.tag_id).where(TicketTag.ticket_id == ticket.id)))
    if tag.id in there:
        return False
    if ticket.erased_at:
        raise NotAllowed("Les données de cette demande ont été effacées.")
    if len(there) >= OF_A_TICKET:
        raise NotAllowed(f"Cette demande a déjà {OF_A_TICKET} étiquettes : enlevez-en une d’abord.")
    session.add(TicketTag(ticket_id=ticket.id, tag_id=tag.id))
    history.record(session, ticket, history.TAGGED, agent, now, {"tag": tag.name})
    return True


def take_off(session: Session, ticket: Ticket, tag_id: int, agent: Agent, now: datetime) -> bool:
    """The writing part of `remove_tag`; the ticket's row is held. Whether anything changed."""
    named = select(Tag.name).join(TicketTag).where(TicketTag.ticket_id == ticket.id, TicketTag.tag_id == tag_id)
    name = session.scalar(named)
    if name is None:
        return False
    session.execute(delete(TicketTag).where(TicketTag.ticket_id == ticket.id, TicketTag.tag_id == tag_id))
    history.record(session, ticket, history.UNTAGGED, agent, now, {"tag": name})
    return True


def tags_on(ticket_ids: Collection[int]) -> Mapping[int, Sequence[Tag]]:
    """The tags of tickets that the caller may see, by ticket, in the order of the alphabet."""
    rows = db.session.execute(
        select(TicketTag.ticket_id, Tag).join(Tag).where(TicketTag.ticket_id.in_(ticket_ids)).order_by(Tag.folded)
    )
    found: dict[int, list[Tag]] = {}
    for number, tag in rows:
        found.setdefault(number, []).append(tag)
    return found


def offered_on(ticket: Ticket) -> Sequence[Tag]:
    """What can still be put on a ticket that the caller may see: its service's own first."""
    there = select(TicketTag.tag_id).where(TicketTag.ticket_id == ticket.id)
    query = select(Tag).where(_usable_in(ticket.service_id), Tag.id.not_in(there))
    return db.session.scalars(query.order_by(Tag.service_id.is_(None), Tag.folded)).all()


def offered_to(agent: Agent) -> Sequence[Tag]:
    """Tags of the agent's services and national ones, archived ones left out."""
    own = select(Membership.service_id).where(Membership.agent_id == agent.id)
    query = select(Tag).where(or_(Tag.service_id.in_(own), Tag.service_id.is_(None)), Tag.archived_at.is_(None))
    return db.session.scalars(query.options(joinedload(Tag.service)).order_by(Tag.folded, Tag.id)).all()


def has_tag(session: Session, name: str) -> ColumnElement[bool]:
    """Tickets that have a tag of that name, whoever keeps it: a condition that is asked of each row of a list."""
    ids = session.scalars(select(Tag.id).where(Tag.folded == fold(name).strip())).all()
    return exists().where(TicketTag.ticket_id == Ticket.id, TicketTag.tag_id.in_(ids))


def editable(agent: Agent) -> Sequence[Kept]:
    """The tags that the agent keeps, archived ones last. Raises NotFound for who keeps none."""
    owners(agent)
    seen = sight_of(db.session(), agent).covers()
    with_it = select(func.count()).select_from(TicketTag).join(Ticket, Ticket.id == TicketTag.ticket_id)
    counted = with_it.where(TicketTag.tag_id == Tag.id, seen).correlate(Tag).scalar_subquery()
    order = (Tag.archived_at.is_not(None), Tag.service_id.is_(None), Tag.service_id, Tag.folded)
    query = select(Tag, counted).where(_may_keep(agent)).options(joinedload(Tag.service)).order_by(*order)
    return [Kept(tag, count) for tag, count in db.session.execute(query)]


def owners(agent: Agent) -> Sequence[Service | None]:
    """For whom the agent may keep tags: services, and None for all. Raises NotFound if for nobody."""
    query = select(Service).where(Service.active, supervised_by(agent)).order_by(Service.academy, Service.name)
    found: list[Service | None] = [*db.session.scalars(query)]
    found += [None] * bool(db.session.scalar(select(supervises_nationally(agent))))
    if not found:
        raise NotFound("Cette page est pour les superviseurs.")
    return found


def create(agent: Agent, owner: str, name: str) -> None:
    """Add a tag to the list of the service of that slug, or with "" of all. Raises NotFound for what is not the agent's
    to keep, NotAllowed for a name in use there and past OF_A_SERVICE.
    """
    with transaction() as session:
        service = _owner(session, agent, owner)
        _is_free(session, name, service.id if service else None)
        session.add(Tag(service=service, name=name, folded=fold(name)))


def rename(agent: Agent, tag_id: int, name: str) -> None:
    """Call a tag otherwise, on all its tickets. Raises as `create`."""
    with transaction() as session:
        tag = _one(session, agent, tag_id)
        if tag.name != name:
            _is_free(session, name, tag.service_id, tag.id)
            tag.name, tag.folded = name, fold(name)


def set_archived(agent: Agent, tag_id: int, archived: bool, now: datetime) -> None:
    """Offer a tag no more, or again; it stays on its tickets. Raises NotAllowed when its name is in use meanwhile."""
    with transaction() as session:
        tag = _one(session, agent, tag_id)
        if not archived and tag.archived_at:
            _is_free(session, tag.name, tag.service_id, tag.id)
        tag.archived_at = (tag.archived_at or now) if archived else None


def _is_free(session: Session, name: str, service_id: int | None, but: int | None = None) -> None:
    """Under a lock on the service's row, so that of two supervisors one is told."""
    if service_id is not None:
        session.execute(select(Service.id).where(Service.id == service_id).with_for_update())
    here = Tag.service_id.is_(None) if service_id is None else Tag.service_id == service_id
    rows = session.execute(select(Tag.id, Tag.folded).where(here, Tag.archived_at.is_(None))).all()
    if any(folded == fold(name) for number, folded in rows if number != but):
        raise NotAllowed(f"L’étiquette « {name} » existe déjà.")
    if len(rows) >= OF_A_SERVICE and but is None:
        raise NotAllowed(f"Il y a déjà {OF_A_SERVICE} étiquettes : archivez-en d’abord.")


def _one(session: Session, agent: Agent, tag_id: int) -> Tag:
    tag = session.scalar(select(Tag).where(Tag.id == tag_id, _may_keep(agent)).with_for_update())
    if tag is None:
        raise NotFound("Cette étiquette n’existe pas, ou n’est pas à vous.")
    return tag


def _may_keep(agent: Agent) -> ColumnElement[bool]:
    own = Tag.service_id.in_(select(Service.id).where(supervised_by(agent)))
    return or_(own, Tag.service_id.is_(None) & supervises_nationally(agent))


def _usable_in(service_id: int) -> ColumnElement[bool]:
    return or_(Tag.service_id == service_id, Tag.service_id.is_(None)) & Tag.archived_at.is_(None)


def _owner(session: Session, agent: Agent, slug: str) -> Service | None:
    if not slug:
        if not session.scalar(select(supervises_nationally(agent))):
            raise NotFound("Les étiquettes nationales sont tenues par les superviseurs d’un service national.")
        return None
    service = session.scalar(select(Service).where(Service.slug == slug, Service.active, supervised_by(agent)))
    if service is None:
        raise NotFound("Ce service n’existe pas ou vous n’en êtes pas superviseur.")
    return service
