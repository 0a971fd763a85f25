"""Doing an order to many tickets: one transaction a ticket, so that nobody waits for all of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.models import Agent, BulkAct, BulkPart, Ticket
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.bulk.kinds import AT_MOST, PartState
from helpdesk.tickets.bulk.orders import Order, perform
from helpdesk.tickets.clocks import following
from helpdesk.tickets.order.withdrawing import picture

REFUSALS = (NotFound, NotAllowed, IllegalMove, Changed)
_PLACE = ("service_id", "lent_by_id", "academy", "priority")


def do(agent: Agent, token: str, order: Order, versions: Mapping[int, int], now: datetime) -> int:
    """Do the order to the tickets, given by id with the version that the preview showed; returns the id of the act.

    The same token again does nothing and returns the same id. What changed since the preview, what cannot be done and
    what the agent may not see is left alone, and noted.
    """
    if len(versions) > AT_MOST:
        raise NotAllowed(f"{AT_MOST} demandes au plus à la fois.")
    act_id, again = _begin(agent, token, order, len(versions), now)
    if not again:
        for ticket_id, version in versions.items():
            _one(agent, act_id, order, ticket_id, version, now)
    return act_id


def act_of(agent: Agent, act_id: int) -> BulkAct:
    """An act of the agent's own, with what became of each ticket. Raises NotFound."""
    parts = selectinload(BulkAct.parts).joinedload(BulkPart.ticket)
    own = select(BulkAct).where(BulkAct.id == act_id, BulkAct.agent_id == agent.id)
    act = db.session.scalar(own.options(joinedload(BulkAct.agent), parts))
    if act is None:
        raise NotFound("Cette action n’existe pas, ou n’est pas la vôtre.")
    return act


def in_sight(agent: Agent, act: BulkAct) -> set[int]:
    """Ids of its tickets that the agent may see: a transfer may have led the others away."""
    ids = [part.ticket_id for part in act.parts]
    return set(db.session.scalars(select(Ticket.id).where(Ticket.id.in_(ids), visible_to(agent))))


def _begin(agent: Agent, token: str, order: Order, asked: int, now: datetime) -> tuple[int, bool]:
    """The id of the act, and whether it was there already: of two clicks at once, one writes the row."""
    try:
        with transaction() as session:
            known = _known(session, agent, token)
            if known is not None:
                return known, True
            act = BulkAct(token=token, agent_id=agent.id, kind=order.kind, said=order.said(), asked=asked, at=now)
            session.add(act)
            session.flush()
            return act.id, False
    except IntegrityError:
        known = _known(db.session(), agent, token)
        if known is None:
            raise Changed("Cette page a déjà servi : revenez à la liste.") from None
        return known, True


def _known(session: Session, agent: Agent, token: str) -> int | None:
    return session.scalar(select(BulkAct.id).where(BulkAct.token == token, BulkAct.agent_id == agent.id))


def _one(agent: Agent, act_id: int, order: Order, ticket_id: int, version: int, now: datetime) -> None:
    """The ticket and what is noted of it change together, or neither does."""
    seen: int | None = None
    try:
        with transaction() as session:
            ticket = session.scalar(select(Ticket).where(Ticket.id == ticket_id, visible_to(agent)))
            if ticket is None:
                raise NotFound("Une demande n’existe pas ou n’est pas dans vos services.")
            seen = ticket_id
            session.refresh(ticket, with_for_update=True)
            if ticket.version != version:
                raise Changed("Elle a changé depuis l’aperçu.")
            before = _picture(ticket)
            with following(ticket):
                perform(session, agent, ticket, order, now)
            session.flush()
            done = {"state": PartState.DONE, "version": ticket.version, "before": before}
            session.add(BulkPart(act_id=act_id, ticket_id=ticket.id, **done))
    except REFUSALS as error:
        with transaction() as session:
            session.add(BulkPart(act_id=act_id, ticket_id=seen, state=PartState.REFUSED, why=str(error)[:300]))


def _picture(ticket: Ticket) -> dict[str, Any]:
    return {**picture(ticket), **{name: getattr(ticket, name) for name in _PLACE}}
