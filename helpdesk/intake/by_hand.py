"""A call that an agent takes by hand: the road of all requests, and what the agent did while talking beside it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.files import FileStore
from helpdesk.intake.message import IncomingMessage
from helpdesk.intake.receive import Receipt, receive, receive_on
from helpdesk.models import Agent, Message, Ticket
from helpdesk.routing.assign import Routing
from helpdesk.tickets import history
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.vocabulary import Channel, Direction


@dataclass(frozen=True)
class Talk:
    """What happened on the phone. `told`: the person heard what becomes of the data. `answer`: what the agent said;
    `solved`: and that was all.
    """

    told: bool = False
    answer: str = ""
    solved: bool = False


def take_call(
    agent: Agent, incoming: IncomingMessage, talk: Talk, routing: Routing, files: FileStore, now: datetime
) -> Receipt:
    """Open a ticket from the call, taken by the agent if it comes into the agent's sight. Safe to call again: the same
    words change nothing, other words under the same id join the ticket.

    Raises Unavailable when it cannot be kept.
    """

    def beside(session: Session, ticket: Ticket, _message: Message) -> None:
        _note(session, ticket, session.get_one(Agent, agent_id), talk, now)

    agent_id = agent.id
    receipt = receive(incoming, routing, files, now, acknowledge=not talk.solved, also=beside)
    if receipt.new or receipt.repeated:
        return receipt
    other_words = hashlib.sha256(incoming.text.encode("utf-8", "replace")).hexdigest()[:16]
    more = replace(incoming, external_id=f"{incoming.external_id}:{other_words}")
    return receive_on(receipt.reference, more, files, reopen_within=timedelta(days=1), now=now)


def _note(session: Session, ticket: Ticket, agent: Agent, talk: Talk, now: datetime) -> None:
    seen = session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, visible_to(agent))) is not None
    history.record(session, ticket, history.CALL_TAKEN, agent, now, {"told": int(talk.told)})
    if talk.answer:
        session.add(
            Message(
                ticket=ticket,
                direction=Direction.NOTE,
                channel=Channel.PHONE,
                agent=agent,
                service=ticket.service,
                author_name=agent.name,
                text=talk.answer,
                at=now,
            )
        )
    with following(ticket):
        if seen:
            ticket.status, ticket.assignee = next_status(ticket.status, Act.TAKE), agent
            history.record(session, ticket, history.TAKEN, agent, now)
        if talk.answer:
            ticket.answered_at = now
        if talk.solved:
            ticket.status, ticket.solved_at = next_status(ticket.status, Act.SOLVE), now
            history.record(session, ticket, history.SOLVED, agent, now)
        session.flush()
