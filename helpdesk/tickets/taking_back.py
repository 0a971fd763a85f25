"""Taking an answer back in the moment before its mail leaves. Of the agent and the worker, one wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, ArticleUse, Attachment, Event, Message, Outgoing, Ticket
from helpdesk.outbox.post import ANSWER
from helpdesk.tickets import drafts, history, search_index
from helpdesk.tickets.access import Somebody, ticket_for, visible_to
from helpdesk.tickets.clocks import answer_did_not_arrive
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.order.withdrawing import merged_into, standing
from helpdesk.vocabulary import DeliveryState, Direction, Status

_NOT_LEFT = (Outgoing.kind == ANSWER) & (Outgoing.state == DeliveryState.PENDING) & (Outgoing.attempts == 0)


@dataclass(frozen=True)
class Leaving:
    """An answer that its agent may still take back, and when its mail leaves."""

    reference: str
    message_id: int
    at: datetime


def leaving(agent: Agent, now: datetime) -> list[Leaving]:
    """The agent's answers whose mails have not left, soonest first."""
    query = _leaving(agent, now, Ticket.reference, Message.id, Outgoing.due)
    return [Leaving(*row) for row in db.session.execute(query.order_by(Outgoing.due))]


def some_leaving(agent: Somebody, now: Any) -> ColumnElement[bool]:
    """Whether there is such an answer. `now`: a moment, or its place in a statement."""
    return _leaving(agent, now, Message.id).exists()


def _leaving(agent: Somebody, now: Any, *columns: Any) -> Select[Any]:
    joined = select(*columns).select_from(Outgoing).join(Message, Message.id == Outgoing.message_id)
    joined = joined.join(Ticket, Ticket.id == Message.ticket_id)
    return joined.where(_NOT_LEFT, Outgoing.due > now, Message.agent_id == agent.id, visible_to(agent))


def shown_to_person(ticket: Ticket, now: datetime) -> list[Message]:
    """What the person may read, oldest first: all but notes, and answers that may still be taken back. Also what was
    said on tickets that are merged into this one, where they are of the same person.
    """
    own = [each for each in merged_into(db.session(), ticket) if each.person_id == ticket.person_id]
    said = [*ticket.messages, *(message for each in own for message in each.messages)]
    on_hold = select(Outgoing.message_id).where(
        Outgoing.ticket_id.in_([ticket.id, *(each.id for each in own)]), _NOT_LEFT, Outgoing.due > now
    )
    hidden = set(db.session.scalars(on_hold))
    shown = [message for message in said if message.direction is not Direction.NOTE and message.id not in hidden]
    return sorted(shown, key=lambda message: (message.at, message.id)) if own else shown


def take_back(agent: Agent, reference: str, message_id: int, now: datetime) -> None:
    """Make the agent's own answer a draft again, as if it had not been sent; the history says so.

    Raises IllegalMove once its mail has been handed to a worker, or when there is no such answer any more.
    """
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.refresh(ticket, with_for_update=True)
        standing(session, ticket)
        own = (Message.id == message_id) & (Message.ticket_id == ticket.id) & (Message.agent_id == agent.id)
        message = session.scalar(select(Message).where(own))
        if message is None:
            raise IllegalMove("Il n’y a plus d’envoi à annuler.")
        mail = delete(Outgoing).where(Outgoing.message_id == message.id, _NOT_LEFT).returning(Outgoing.id)
        if session.scalar(mail) is None:
            raise IllegalMove("Trop tard : le courriel est parti.")
        drafts.put_back(session, agent, message, now)
        _as_before(session, ticket, agent, message, now)
        for statement in (
            delete(Attachment).where(Attachment.message_id == message.id),
            delete(ArticleUse).where(ArticleUse.message_id == message.id),
            delete(Message).where(Message.id == message.id),
        ):
            session.execute(statement, execution_options={"synchronize_session": False})
        search_index.read(session, [ticket.id])  # what was taken back is found no more
        history.record(session, ticket, history.TAKEN_BACK, agent, now)


def _as_before(session: Session, ticket: Ticket, agent: Agent, message: Message, now: datetime) -> None:
    """Undo what the answer changed on the ticket, where nothing else has changed it since."""
    told = _what_it_changed(session, ticket, message)
    if ticket.status is (Status.SOLVED if told["solved"] else Status.WAITING):
        ticket.status = Status(told["from"])
        ticket.solved_at = ticket.solved_at if ticket.status is Status.SOLVED else None
        before = told.get("wake_at")
        ticket.wake_at = datetime.fromisoformat(before) if before and ticket.status is Status.WAITING else None
    if told.get("taken") and ticket.assignee_id == agent.id:
        ticket.assignee = None
    if ticket.status in AWAITING:
        answer_did_not_arrive(ticket, message.at, now)
    elif ticket.answered_at == message.at:
        ticket.answered_at, ticket.due_at = None, ticket.answer_due_at or ticket.due_at


def _what_it_changed(session: Session, ticket: Ticket, message: Message) -> Mapping[str, Any]:
    replies = select(Event).where(Event.ticket_id == ticket.id, Event.kind == history.REPLIED).order_by(Event.id.desc())
    return next(event.data for event in session.scalars(replies) if event.data["message"] == message.id)
