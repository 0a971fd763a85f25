"""What an agent can do to a ticket. Each verb is one transaction, checks access itself, and leaves an event.

All raise NotFound for a ticket out of the agent's sight, IllegalMove where the status does not allow the act, and
Changed when somebody else acted in between.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import Changed, NotAllowed, NotFound
from helpdesk.models import Agent, Message, Service, Ticket
from helpdesk.outbox.post import ANSWER, TRANSFER, post
from helpdesk.outbox.ways import way_to
from helpdesk.tickets import drafts, history, holds, telling
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.citing import cite
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.meanwhile import nobody_else, nothing_since
from helpdesk.tickets.order.withdrawing import standing, with_merged
from helpdesk.tickets.placing import settle
from helpdesk.vocabulary import Channel, Direction, Priority


@dataclass(frozen=True)
class Sending:
    """What an answer's page tells and asks beside the words.

    `told` is the last event that the page showed, `despite` the id of the colleague whose presence was asked about.
    `until`: the ticket waits, and is ours again then. `undo`: how long the mail stays here, to be taken back.
    """

    told: int | None = None
    despite: int = 0
    until: datetime | None = None
    undo: timedelta = timedelta()


def take(agent: Agent, reference: str, now: datetime, *, over: int | None = None) -> None:
    """Become the one who answers. Taking a ticket over from a colleague is allowed and recorded.

    `over` is the id of the colleague whom the agent's page showed as its holder. If another one holds it by now,
    Changed is raised.
    """
    with acting(agent, reference) as (session, ticket):
        holds.grab(session, ticket, agent, now)
        if ticket.assignee_id == agent.id:
            return
        if ticket.assignee and ticket.assignee.id != over:
            raise Changed(f"{ticket.assignee.name} vient de prendre cette demande.")
        before = ticket.assignee.name if ticket.assignee else None
        ticket.status = next_status(ticket.status, Act.TAKE)
        ticket.assignee = agent
        history.record(session, ticket, history.TAKEN, agent, now, {"from": before} if before else {})


def release(agent: Agent, reference: str, now: datetime) -> None:
    """Give the ticket back to the service. Only its holder can."""
    with acting(agent, reference) as (session, ticket):
        if ticket.assignee_id != agent.id:
            raise NotAllowed("Vous ne suivez pas cette demande.")
        ticket.assignee = None
        history.record(session, ticket, history.RELEASED, agent, now)


def reply(
    agent: Agent,
    reference: str,
    text: str,
    *,
    seen: int,
    solve: bool,
    now: datetime,
    sending: Sending = Sending(),
) -> int:
    """Answer the person, with the files of the agent's draft, and take the ticket if nobody follows it. Returns the
    id of the message.

    `seen` is the id of the last message that the agent's page showed: if one came since, or if something else that
    counts happened, nothing is sent and Changed is raised, so that no answer crosses another or misses what the person
    added. Held is raised while a colleague is on the ticket.
    """
    with acting(agent, reference) as (session, ticket):
        nothing_since(session, ticket, agent, seen, sending.told)
        nobody_else(session, ticket, agent, sending.despite, now)
        message = answer(session, ticket, agent, text, now, solve=solve, sending=sending)
        drafts.send_along(session, agent, message)
        cite(session, message, now)
        holds.release(session, ticket, agent)
        return message.id


def answer(
    session: Session,
    ticket: Ticket,
    agent: Agent,
    text: str,
    now: datetime,
    *,
    solve: bool = False,
    sending: Sending = Sending(),
) -> Message:
    """The writing part of an answer, for verbs that do more with it; the ticket's row is held. Stores the message."""
    told = {"from": ticket.status, "taken": ticket.assignee is None, "solved": solve}
    if ticket.wake_at:
        told["wake_at"] = ticket.wake_at.isoformat()
    ticket.status = next_status(ticket.status, Act.REPLY)
    if solve:
        ticket.status = next_status(ticket.status, Act.SOLVE)
        ticket.solved_at = now
    elif sending.until:
        told["until"] = sending.until.isoformat()
    ticket.wake_at = None if solve else sending.until
    ticket.assignee, ticket.answered_at = ticket.assignee or agent, ticket.answered_at or now
    message = _say(ticket, agent, Direction.OUT, text, now)
    message.channel = way_to(session, ticket) or Channel.EMAIL
    session.add(message)
    session.flush()
    history.record(session, ticket, history.REPLIED, agent, now, {"message": message.id, **told})
    post(session, ANSWER, ticket, now, message, not_before=now + sending.undo)
    return message


def note(agent: Agent, reference: str, text: str, *, now: datetime, to: Collection[int] = ()) -> list[str]:
    """Write for colleagues only; the person never sees it. Those whom it calls (« @prénom.nom ») and those of `to`, by
    id, are told; returns the names it calls that nobody has who may see the ticket.
    """
    with acting(agent, reference) as (session, ticket):
        message = _say(ticket, agent, Direction.NOTE, text, now)
        session.add(message)
        session.flush()
        history.record(session, ticket, history.NOTED, agent, now, {"message": message.id})
        return telling.name(session, agent, ticket, message, to, now)


def transfer(agent: Agent, reference: str, service_slug: str, reason: str, *, now: datetime) -> None:
    """Hand the ticket to another service, with a reason, and tell the person who is in charge now.

    The date of receipt stays; the holder goes. Afterwards the agent may no longer see the ticket.
    """
    with acting(agent, reference) as (session, ticket):
        hand_over(session, ticket, service_slug, reason, agent, now)


def set_priority(agent: Agent, reference: str, priority: Priority, *, now: datetime) -> None:
    """Change how long the person can wait."""
    with acting(agent, reference) as (session, ticket):
        before = ticket.priority
        if before == priority:
            return
        ticket.priority = priority
        history.record(session, ticket, history.PRIORITY_CHANGED, agent, now, {"from": before, "to": priority})


def solve(agent: Agent, reference: str, *, now: datetime) -> None:
    """Mark as solved without writing to the person."""
    with acting(agent, reference) as (session, ticket):
        ticket.status, ticket.solved_at = next_status(ticket.status, Act.SOLVE), now
        ticket.assignee = ticket.assignee or agent
        history.record(session, ticket, history.SOLVED, agent, now)


def close(agent: Agent, reference: str, reason: str, *, now: datetime) -> None:
    """End without an answer (a duplicate, an advertisement), or file what is solved."""
    with acting(agent, reference) as (session, ticket):
        ticket.status, ticket.closed_at = next_status(ticket.status, Act.CLOSE), now
        holds.release(session, ticket, agent)
        history.record(session, ticket, history.CLOSED, agent, now, {"reason": reason} if reason else {})


def reopen(agent: Agent, reference: str, *, now: datetime) -> None:
    """Take a solved or closed ticket up again, from the archive too; not one whose data was erased."""
    with acting(agent, reference) as (session, ticket):
        if ticket.erased_at:
            raise NotAllowed("Les données de cette demande ont été effacées : il n’y a plus rien à traiter.")
        ticket.status = next_status(ticket.status, Act.REOPEN)
        ticket.solved_at = ticket.closed_at = ticket.archived_at = None
        history.record(session, ticket, history.REOPENED, agent, now)


def hand_over(
    session: Session,
    ticket: Ticket,
    service_slug: str,
    reason: str,
    agent: Agent,
    now: datetime,
    more: Mapping[str, Any] | None = None,
    *,
    tell_at: datetime | None = None,
) -> Service:
    """The writing part of a transfer, for verbs that do more with it; `more` goes into the event, and the person is
    told at `tell_at`, else at once. Returns the service that was meant, which is not the holder if it is closed.
    """
    service = session.scalar(select(Service).where(Service.slug == service_slug, Service.active))
    if service is None:
        raise NotFound("Ce service n’existe pas.")
    if service.id == ticket.service_id:
        raise NotAllowed("La demande est déjà dans ce service.")
    ticket.status = next_status(ticket.status, Act.TRANSFER)
    before, ticket.academy = ticket.service, service.academy
    told = {"from": before.slug, "to": service.slug, "reason": reason, **(more or {})}
    history.record(session, ticket, history.TRANSFERRED, agent, now, told)
    settle(session, ticket, service, now)
    holds.release(session, ticket, agent)
    if ticket.service is before:
        raise NotAllowed("Ce service est fermé, et c’est celui de la demande qui le remplace.")
    post(session, TRANSFER, ticket, now, not_before=tell_at)
    return service


@contextmanager
def acting(agent: Agent, reference: str, *, merged: bool = False) -> Iterator[tuple[Session, Ticket]]:
    """A transaction that holds the ticket's row, so that two agents act one after the other. `merged`: the rows of the
    tickets that are merged into it too, for acts that change these.
    """
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        for each in sorted(with_merged(session, [ticket]), key=lambda one: one.id) if merged else [ticket]:
            session.refresh(each, with_for_update=True)
        standing(session, ticket)
        with following(ticket):
            yield session, ticket


def _say(ticket: Ticket, agent: Agent, direction: Direction, text: str, now: datetime) -> Message:
    return Message(
        ticket=ticket,
        direction=direction,
        channel=Channel.EMAIL if direction is Direction.OUT else Channel.AGENT,
        agent=agent,
        service=ticket.service,
        author_name=agent.name,
        text=text,
        at=now,
    )
