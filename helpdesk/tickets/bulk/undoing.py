"""Undoing an act on many tickets: each is as it was, where nobody has touched it since."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.models import Agent, BulkAct, BulkPart, Outgoing, Ticket, TicketTag
from helpdesk.outbox.post import TRANSFER
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.bulk.doing import REFUSALS, act_of
from helpdesk.tickets.bulk.kinds import UNDO, BulkKind, PartState
from helpdesk.tickets.bulk.orders import Order
from helpdesk.tickets.order.withdrawing import put_back, restore, withdrawal_of
from helpdesk.vocabulary import DeliveryState, Priority


def undo(agent: Agent, act_id: int, now: datetime) -> None:
    """Undo an act of the agent's own; what could not be undone is noted with its reason. Done twice it changes nothing.

    Raises NotFound for somebody else's, IllegalMove when its time is over.
    """
    act = act_of(agent, act_id)
    if act.undone_at:
        return
    if now >= act.at + UNDO:
        raise IllegalMove("Trop tard : cela s’annule pendant dix minutes.")
    for part_id in [part.id for part in act.parts if part.state is PartState.DONE]:
        _one(agent, part_id, now)
    with transaction() as session:
        session.get_one(BulkAct, act_id).undone_at = now


def _one(agent: Agent, part_id: int, now: datetime) -> None:
    ticket_id = db.session.get_one(BulkPart, part_id).ticket_id
    try:
        with transaction() as session:
            ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
            part = session.get_one(BulkPart, part_id, populate_existing=True)
            if part.state is not PartState.DONE:
                return
            if ticket.version != part.version:
                raise Changed("Quelqu’un y a touché depuis.")
            _restore(session, ticket, part, agent, now)
            session.flush()
            ticket_for(session, agent, ticket.reference)  # who works there no more puts nothing back there
            part.state = PartState.UNDONE
    except REFUSALS as error:
        why = "Vous n’êtes plus dans son service." if isinstance(error, NotFound) else str(error)
        with transaction() as session:
            kept = session.get_one(BulkPart, part_id)
            kept.state, kept.why = PartState.KEPT, why[:300]


def _restore(session: Session, ticket: Ticket, part: BulkPart, agent: Agent, now: datetime) -> None:
    kind, order = part.act.kind, Order.kept(part.act.said)
    if kind is BulkKind.TRANSFER:
        _take_notice_back(session, ticket, part.act.at)
    if kind is BulkKind.TAG:
        there = (TicketTag.ticket_id == ticket.id) & (TicketTag.tag_id == order.tag)
        session.execute(delete(TicketTag).where(there))
    elif kind is BulkKind.UNTAG and order.tag is not None:
        session.add(TicketTag(ticket_id=ticket.id, tag_id=order.tag))
    elif kind is BulkKind.UNWANTED and (found := withdrawal_of(session, ticket)) is not None:
        restore(session, found)
    else:
        put_back(ticket, part.before)
        ticket.priority, ticket.academy = Priority(part.before["priority"]), part.before["academy"]
        ticket.service_id, ticket.lent_by_id = part.before["service_id"], part.before["lent_by_id"]
    history.record(session, ticket, history.BULK_UNDONE, agent, now, {"kind": kind})


def _take_notice_back(session: Session, ticket: Ticket, since: datetime) -> None:
    """The person was not told yet, and will not be."""
    notices = (Outgoing.ticket_id == ticket.id) & (Outgoing.kind == TRANSFER) & (Outgoing.created_at >= since)
    waiting = (Outgoing.state == DeliveryState.PENDING) & (Outgoing.attempts == 0)
    session.execute(delete(Outgoing).where(notices, waiting))
    if session.scalar(select(Outgoing.id).where(notices).limit(1)) is not None:
        raise IllegalMove("Trop tard : la personne est prévenue.")
