"""What is to be done to many tickets: to whom it can be done, and the doing of it to one.

`obstacles` tells before, for the preview, what `perform` would refuse; it is asked again under the ticket's row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.models import Agent, Membership, Service, Tag, Ticket, TicketTag
from helpdesk.tickets import history, holds
from helpdesk.tickets.access import Sight, sight_of, visible_to
from helpdesk.tickets.actions import hand_over
from helpdesk.tickets.bulk.kinds import UNDO, BulkKind
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.order import tags
from helpdesk.tickets.order.unwanted import set_aside
from helpdesk.tickets.order.withdrawing import merged_into, standing
from helpdesk.vocabulary import Priority

# What each needs of the ticket's status; tags need nothing.
_NEEDS = {
    **dict.fromkeys((BulkKind.MINE, BulkKind.GIVE, BulkKind.BACK, BulkKind.PRIORITY), Act.TAKE),
    BulkKind.TRANSFER: Act.TRANSFER,
    **dict.fromkeys((BulkKind.CLOSE, BulkKind.UNWANTED), Act.CLOSE),
}
# These leave alone what a colleague is reading or answering.
_UNSEEN = (BulkKind.PRIORITY, BulkKind.TAG, BulkKind.UNTAG)
_MISSING = "Cette demande n’existe pas ou n’est pas dans vos services."


@dataclass(frozen=True)
class Order:
    """An act and what it says: `to` (id of a colleague), `service` (slug), `priority`, `tag` (id), `reason`."""

    kind: BulkKind
    to: int | None = None
    service: str = ""
    priority: Priority = Priority.NORMAL
    tag: int | None = None
    reason: str = ""

    def said(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def kept(cls, said: Mapping[str, Any]) -> "Order":
        """The order that was kept so."""
        return cls(**{**said, "kind": BulkKind(said["kind"]), "priority": Priority(said["priority"])})


@dataclass(frozen=True)
class _Known:
    """What is asked of the database once for all the tickets."""

    sight: Sight
    holders: Mapping[int, str]
    services: Collection[int]  # where the colleague works who is to have them
    tagged: Collection[int]
    target: Service | None


def chosen(agent: Agent, ids: Collection[int]) -> Sequence[Ticket]:
    """Those of the tickets that the agent may see, most pressing first. Raises NotFound if there is none."""
    query = select(Ticket).where(Ticket.id.in_(ids), visible_to(agent)).order_by(Ticket.due_at, Ticket.id)
    tickets = db.session.scalars(query.options(joinedload(Ticket.service), joinedload(Ticket.assignee))).all()
    if not tickets:
        raise NotFound(_MISSING)
    return tickets


def colleagues(agent: Agent, tickets: Sequence[Ticket]) -> Sequence[Agent]:
    """Who works in a service of these tickets, by name, without the agent."""
    there = select(Membership.agent_id).where(Membership.service_id.in_({each.service_id for each in tickets}))
    query = select(Agent).where(Agent.id.in_(there), Agent.active, Agent.id != agent.id)
    return db.session.scalars(query.order_by(Agent.name, Agent.id)).all()


def tags_for(tickets: Sequence[Ticket], *, there: bool) -> Sequence[Tag]:
    """The tags that are on any of these tickets or, if not `there`, that can be put on one of them."""
    query = select(Tag).options(joinedload(Tag.service)).order_by(Tag.folded, Tag.id)
    if there:
        on_them = select(TicketTag.tag_id).where(TicketTag.ticket_id.in_([each.id for each in tickets]))
        return db.session.scalars(query.where(Tag.id.in_(on_them))).all()
    of_them = Tag.service_id.in_({each.service_id for each in tickets}) | Tag.service_id.is_(None)
    return db.session.scalars(query.where(of_them, Tag.archived_at.is_(None))).all()


def obstacles(session: Session, agent: Agent, tickets: Sequence[Ticket], order: Order, now: datetime) -> dict[int, str]:
    """Why the order cannot be done to some of the tickets, by id; nothing is said of the others."""
    known = _look(session, agent, tickets, order, now)
    found = {ticket.id: _obstacle(session, agent, ticket, order, known) for ticket in tickets}
    return {number: why for number, why in found.items() if why}


def perform(session: Session, agent: Agent, ticket: Ticket, order: Order, now: datetime) -> None:
    """Do it to a ticket whose row is held. Raises NotAllowed or IllegalMove where it cannot be done."""
    why = obstacles(session, agent, [ticket], order, now).get(ticket.id)
    if why:
        raise NotAllowed(why)
    match order.kind:
        case BulkKind.MINE | BulkKind.GIVE | BulkKind.BACK:
            to = {BulkKind.MINE: agent.id, BulkKind.GIVE: order.to}.get(order.kind)
            _assign(session, ticket, session.get_one(Agent, to) if to else None, agent, now)
        case BulkKind.TRANSFER:
            hand_over(session, ticket, order.service, order.reason, agent, now, tell_at=now + UNDO)
        case BulkKind.PRIORITY:
            told = {"from": ticket.priority, "to": order.priority}
            ticket.priority = order.priority
            history.record(session, ticket, history.PRIORITY_CHANGED, agent, now, told)
        case BulkKind.TAG:
            tags.put_on(session, ticket, order.tag or 0, agent, now)
        case BulkKind.UNTAG:
            tags.take_off(session, ticket, order.tag or 0, agent, now)
        case BulkKind.CLOSE:
            ticket.status, ticket.closed_at = next_status(ticket.status, Act.CLOSE), now
            holds.release(session, ticket, agent)
            history.record(session, ticket, history.CLOSED, agent, now, {"reason": order.reason})
        case BulkKind.UNWANTED:
            set_aside(session, ticket, agent, now)


def _assign(session: Session, ticket: Ticket, to: Agent | None, agent: Agent, now: datetime) -> None:
    before = ticket.assignee.name if ticket.assignee else None
    told: dict[str, str | None]
    if to is not None and to.id == agent.id:
        ticket.status = next_status(ticket.status, Act.TAKE)
        kind, told = history.TAKEN, {"from": before} if before else {}
    elif to is None and ticket.assignee_id == agent.id:
        kind, told = history.RELEASED, {}
    else:
        kind, told = history.HANDED, {"from": before, "to": to.name if to else None}
    ticket.assignee = to
    history.record(session, ticket, kind, agent, now, told)


def _look(session: Session, agent: Agent, tickets: Sequence[Ticket], order: Order, now: datetime) -> _Known:
    ids = [ticket.id for ticket in tickets]
    held = {} if order.kind in _UNSEEN else holds.others(session, ids, agent, now)
    member = agent.id if order.kind is BulkKind.MINE else order.to
    services = select(Membership.service_id).join(Agent, Agent.id == Membership.agent_id)
    tagged = select(TicketTag.ticket_id).where(TicketTag.ticket_id.in_(ids), TicketTag.tag_id == order.tag)
    target = select(Service).where(Service.slug == order.service, Service.active)
    return _Known(
        sight=sight_of(session, agent),
        holders={number: hold.agent.name for number, hold in held.items()},
        services=set(session.scalars(services.where(Membership.agent_id == member, Agent.active))),
        tagged=set(session.scalars(tagged)),
        target=session.scalar(target),
    )


def _obstacle(session: Session, agent: Agent, ticket: Ticket, order: Order, known: _Known) -> str:
    try:
        standing(session, ticket)
        if order.kind in _NEEDS:
            next_status(ticket.status, _NEEDS[order.kind])
    except IllegalMove as error:
        return str(error)
    if ticket.erased_at:
        return "Les données de cette demande ont été effacées."
    if ticket.id in known.holders:
        return f"{known.holders[ticket.id]} a cette demande ouverte."
    match order.kind:
        case BulkKind.MINE | BulkKind.GIVE | BulkKind.BACK:
            return _not_to_be_given(agent, ticket, order, known)
        case BulkKind.TRANSFER:
            return "" if known.target is None or known.target.id != ticket.service_id else "Elle y est déjà."
        case BulkKind.PRIORITY:
            return "Elle a déjà cette priorité." if ticket.priority == order.priority else ""
        case BulkKind.TAG | BulkKind.UNTAG:
            return _not_to_be_tagged(session, ticket, order, known)
        case BulkKind.UNWANTED if merged_into(session, ticket):
            return "D’autres demandes sont fusionnées dans celle-ci : défaites d’abord la fusion."
    return ""


def _not_to_be_given(agent: Agent, ticket: Ticket, order: Order, known: _Known) -> str:
    """Anybody takes a ticket over; only supervisors give away what somebody else follows."""
    whose, to = ticket.assignee, agent.id if order.kind is BulkKind.MINE else order.to
    if order.kind is BulkKind.BACK and whose is None:
        return "Personne ne la suit."
    if order.kind is not BulkKind.BACK and whose is not None and whose.id == to:
        return "Vous la suivez déjà." if to == agent.id else f"{whose.name} la suit déjà."
    if order.kind is BulkKind.MINE:
        return ""
    if whose is not None and whose.id != agent.id and not _supervises(ticket, known.sight):
        return f"{whose.name} la suit : seul un superviseur peut la lui retirer."
    if order.kind is BulkKind.GIVE and to is not None and ticket.service_id not in known.services:
        return "Ce collègue n’est pas dans le service de cette demande."
    return ""


def _not_to_be_tagged(session: Session, ticket: Ticket, order: Order, known: _Known) -> str:
    has = ticket.id in known.tagged
    if order.kind is BulkKind.UNTAG:
        return "" if has or order.tag is None else "Elle n’a pas cette étiquette."
    if has:
        return "Elle a déjà cette étiquette."
    tag = session.get(Tag, order.tag) if order.tag else None
    foreign = tag is not None and tag.service_id not in (None, ticket.service_id)
    return "Cette étiquette n’est pas du service de cette demande." if foreign else ""


def _supervises(ticket: Ticket, sight: Sight) -> bool:
    return sight.national or ticket.service_id in sight.supervised
