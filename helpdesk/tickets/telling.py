"""What agents are told of tickets that are not theirs to answer: where a note names them, and what they asked to be
told about. Nobody is told of what she may not see.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed
from helpdesk.models import Agent, Event, Membership, Mention, Message, Service, Ticket, Watch
from helpdesk.tickets.access import Somebody, ticket_for, visible_to
from helpdesk.tickets.mentions import handles_in, meant
from helpdesk.vocabulary import Role

AT_MOST = 100  # tickets of each list


@dataclass(frozen=True)
class Told:
    """What is new for an agent: notes that name her, newest first, and watched tickets on which others did something.
    `watched` are all that she watches, those first.
    """

    mentions: Sequence[Mention]
    news: Collection[int]
    watched: Sequence[Ticket]


def colleagues(agent: Agent, ticket: Ticket) -> Sequence[Agent]:
    """The other agents who may see the ticket, by name."""
    national = Service.academy.is_(None) & (Membership.role == Role.SUPERVISOR)
    where = or_(Membership.service_id.in_([ticket.service_id, ticket.lent_by_id or 0]), national)
    working = select(Membership.agent_id).join(Service, Service.id == Membership.service_id).where(where)
    query = select(Agent).where(Agent.id.in_(working), Agent.active, Agent.id != agent.id)
    return db.session.scalars(query.order_by(Agent.name, Agent.id)).all()


def name(
    session: Session, agent: Agent, ticket: Ticket, message: Message, to: Collection[int], now: datetime
) -> list[str]:
    """Tell those whom the note's text calls, and those of `to`; returns the names that nobody has who may see the
    ticket. In the transaction of the note. Raises NotAllowed where one of `to` may not see it.
    """
    known = {each.id: each.name for each in colleagues(agent, ticket)}
    if not set(to) <= known.keys():
        raise NotAllowed("Ce collègue ne peut pas voir cette demande : choisissez-en un autre.")
    called, unknown = meant(handles_in(message.text), known.items())
    for number in sorted(called | set(to)):
        session.add(Mention(message_id=message.id, agent_id=number, ticket_id=ticket.id, at=now))
    return unknown


def watch(agent: Agent, reference: str) -> None:
    """Be told from now on what happens on the ticket."""
    try:
        with transaction() as session:
            ticket = ticket_for(session, agent, reference)
            if session.get(Watch, (agent.id, ticket.id)) is None:
                session.add(Watch(agent_id=agent.id, ticket_id=ticket.id, seen=_last(session, ticket.id)))
    except IntegrityError:  # the second of two clicks
        db.session.rollback()


def forget(agent: Agent, reference: str) -> None:
    """Be told no more."""
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        session.execute(delete(Watch).where(Watch.agent_id == agent.id, Watch.ticket_id == ticket.id))


def watchers(ticket: Ticket) -> Sequence[Agent]:
    """Who is told of a ticket that the caller may see, by name."""
    query = select(Agent).join(Watch, Watch.agent_id == Agent.id).where(Watch.ticket_id == ticket.id)
    return db.session.scalars(query.order_by(Agent.name)).all()


def read(agent: Agent, ticket: Ticket, now: datetime) -> None:
    """The agent has looked at the ticket. Writes only where something was new."""
    named = (Mention.agent_id == agent.id) & (Mention.ticket_id == ticket.id) & Mention.read_at.is_(None)
    mine = (Watch.agent_id == agent.id) & (Watch.ticket_id == ticket.id)
    if not db.session.scalar(select(or_(exists().where(named), exists().where(mine, _news(agent))))):
        return
    with transaction() as session:
        session.execute(update(Mention).where(named).values(read_at=now))
        session.execute(update(Watch).where(mine).values(seen=_last(session, ticket.id)))


def news(agent: Somebody) -> ColumnElement[int]:
    """How many notes and watched tickets are new for the agent."""
    seen = visible_to(agent)
    mentions = select(func.count(func.distinct(Mention.ticket_id))).join(Ticket, Ticket.id == Mention.ticket_id)
    unread = mentions.where(Mention.agent_id == agent.id, Mention.read_at.is_(None), seen).scalar_subquery()
    watched = select(func.count()).select_from(Watch).join(Ticket, Ticket.id == Watch.ticket_id)
    changed = watched.where(Watch.agent_id == agent.id, _news(agent), seen).scalar_subquery()
    return unread + changed


def told(agent: Agent) -> Told:
    """All of it."""
    session, seen = db.session(), visible_to(agent)
    mentions = (
        select(Mention)
        .join(Ticket, Ticket.id == Mention.ticket_id)
        .where(Mention.agent_id == agent.id, seen)
        .order_by(Mention.read_at.is_not(None), Mention.message_id.desc())
        .options(joinedload(Mention.ticket), joinedload(Mention.message))
    )
    mine = (Watch.agent_id == agent.id) & seen
    news = session.scalars(select(Watch.ticket_id).join(Ticket).where(mine, _news(agent))).all()
    watched = select(Ticket).join(Watch, Watch.ticket_id == Ticket.id).where(mine)
    first = watched.order_by(Ticket.id.not_in(news), Ticket.changed_at.desc())
    return Told(session.scalars(mentions.limit(AT_MOST)).all(), set(news), session.scalars(first.limit(AT_MOST)).all())


def _news(agent: Somebody) -> ColumnElement[bool]:
    """Whether others, or the software, did something on a watched ticket since its page was shown."""
    by_others = or_(Event.agent_id.is_(None), Event.agent_id != agent.id)
    return exists().where(and_(Event.ticket_id == Watch.ticket_id, Event.id > Watch.seen, by_others))


def _last(session: Session, ticket_id: int) -> int:
    return session.scalar(select(func.max(Event.id)).where(Event.ticket_id == ticket_id)) or 0
