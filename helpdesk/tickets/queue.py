"""The queue: which tickets an agent's lists hold, and in what order.

Each list is one range of an index, or one for each service of the agent, so that a page costs the same with a thousand
tickets and with a million.

No list goes beyond what the agent may see: `Sight` is part of every query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, load_only

from helpdesk.db import db
from helpdesk.models import Agent, Hold, Service, Ticket
from helpdesk.tickets.access import Sight, services_of, sight_of
from helpdesk.tickets.filters import ME, NOBODY, Filters
from helpdesk.tickets.holds import others
from helpdesk.tickets.order.tags import has_tag
from helpdesk.tickets.search_index import holds
from helpdesk.tickets.search_terms import Field
from helpdesk.tickets.search_words import terms_in
from helpdesk.tickets.snoozing import asleep
from helpdesk.vocabulary import Priority

PAGE_SIZE = 25
COUNTED = 1_000  # a list that is longer is « 1 000+ »
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class View(StrEnum):
    """The lists an agent can look at."""

    TODO = "a-traiter"
    LATE = "en-retard"
    MINE = "mes-demandes"
    UNASSIGNED = "non-attribuees"
    WAITING = "en-attente"
    DONE = "terminees"
    ALL = "toutes"


def _is(*values: str) -> ColumnElement[bool]:
    # Written out, not bound: only then the databases see that an index of these statuses holds them all.
    return Ticket.status.in_([literal_column(f"'{value}'") for value in values])


TODO = _is("new", "open")
_CONDITIONS: dict[View, ColumnElement[bool]] = {
    View.TODO: TODO,
    View.LATE: TODO,
    View.MINE: TODO,
    View.UNASSIGNED: TODO & Ticket.assignee_id.is_(None),
    View.WAITING: Ticket.status == literal_column("'waiting'"),
    View.DONE: _is("solved", "closed") & Ticket.archived_at.is_(None),
    View.ALL: Ticket.archived_at.is_(None),
}
_PRESSING: tuple[InstrumentedAttribute[Any], ...] = (Ticket.priority, Ticket.due_at, Ticket.id)
_CHANGED: tuple[InstrumentedAttribute[Any], ...] = (Ticket.changed_at, Ticket.id)
_NEWEST: tuple[InstrumentedAttribute[Any], ...] = (Ticket.id,)
# Columns that order the list, and whether the highest comes first.
_ORDERS = {View.DONE: (_CHANGED, True), View.ALL: (_NEWEST, True)}

# What a row shows or its colour depends on; the rest is read when somebody asks for it.
_SHOWN = (
    Ticket.reference, Ticket.subject, Ticket.sender_name, Ticket.sender_email, Ticket.sender_phone, Ticket.topic,
    Ticket.service_id, Ticket.assignee_id, Ticket.priority, Ticket.status, Ticket.channel, Ticket.language,
    Ticket.received_at, Ticket.changed_at, Ticket.due_at, Ticket.answered_at, Ticket.paused_at, Ticket.lateness,
    Ticket.alarm_at, Ticket.school_name, Ticket.school_commune, Ticket.version,
)  # fmt: skip


@dataclass(frozen=True)
class QueueKey:
    """A place in a list, between two tickets: a page starts after it or ends before it, however the list has changed.

    `at` is the due date or, among finished tickets, the date of the last change.
    """

    priority: Priority
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.priority}.{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


@dataclass(frozen=True)
class QueuePage:
    """Some tickets in the order of their list, and where the pages around it begin.

    `counts` are those of the agent's services or of the one chosen, without the other filters; `COUNTED + 1` stands for
    more than are counted. `holders`: colleagues who are on a ticket just now, by the ticket's id.
    """

    tickets: Sequence[Ticket]
    before: QueueKey | None
    after: QueueKey | None
    counts: dict[View, int]
    holders: Mapping[int, Hold]


def read_key(text: str) -> QueueKey | None:
    """The key in an address, or None if somebody changed it by hand."""
    try:
        priority, microseconds, number = text.split(".")
        at = _EPOCH + timedelta(microseconds=int(microseconds))
        return QueueKey(Priority(priority), at, min(abs(int(number)), 2**62))
    except (ValueError, OverflowError):
        return None


def queue_page(
    agent: Agent,
    view: View,
    filters: Filters | None = None,
    after: QueueKey | None = None,
    before: QueueKey | None = None,
    *,
    now: datetime,
    sight: Sight | None = None,
) -> QueuePage:
    """One page of a list: the tickets after a place, or those before it. `sight` is the agent's, if it is known."""
    session, filters = db.session(), filters or Filters()
    sight = sight or sight_of(session, agent)
    services = _services(session, sight, view, filters.service)
    conditions = [_CONDITIONS[view], *_of_agent(view, agent, now), *narrowed(session, filters, agent, now)]
    aside = asleep(session, agent, now)
    conditions += _awake(view, aside)
    alone = filters == Filters(service=filters.service)
    ids = _ids(session, view, services, conditions, after, before, each=alone)
    more, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
    if before is not None:
        ids.reverse()
    tickets = in_order(session, ids)
    earlier = after is not None if before is None else more
    later = more if before is None else True
    return QueuePage(
        tickets,
        _key_of(tickets[0], view) if tickets and earlier else None,
        _key_of(tickets[-1], view) if tickets and later else None,
        _counts(session, agent, _services(session, sight, View.TODO, filters.service), aside, now),
        others(session, ids, agent, now) if ids else {},
    )


def in_order(session: Session, ids: Sequence[int]) -> list[Ticket]:
    """These tickets, in this order, with what a row shows of others than themselves."""
    shown = load_only(*_SHOWN), joinedload(Ticket.service), joinedload(Ticket.assignee).load_only(Agent.name)
    query = select(Ticket).where(Ticket.id.in_(ids)).options(*shown)
    found = {ticket.id: ticket for ticket in session.scalars(query)}
    return [found[number] for number in ids if number in found]


def own_services(agent: Agent) -> Sequence[Service]:
    """The services in which the agent works, by name."""
    return list(db.session.scalars(select(Service).where(services_of(agent)).order_by(Service.name)))


def _services(session: Session, sight: Sight, view: View, slug: str) -> tuple[int, ...] | None:
    """Ids of the services whose tickets are shown; None for all of France. « Toutes » is as wide as the agent's sight,
    the other lists are the agent's own work.
    """
    everywhere = view is View.ALL and sight.national
    if not slug:
        return None if everywhere else sight.services
    chosen = session.scalar(select(Service.id).where(Service.slug == slug))
    return (chosen,) if chosen is not None and (everywhere or chosen in sight.services) else ()


def _ids(
    session: Session,
    view: View,
    services: tuple[int, ...] | None,
    conditions: Sequence[ColumnElement[bool]],
    after: QueueKey | None,
    before: QueueKey | None,
    *,
    each: bool,
) -> list[int]:
    """Ids in the order of the list, or against it to find what is before a place; one more than a page holds.

    `each`: go down the list of each service apart.
    """
    columns, descending = _ORDERS.get(view, (_PRESSING, False))
    backward = before is not None
    descending = descending is not backward
    place = before or after
    query = select(*columns).where(*conditions)
    if place is not None:
        values = {Ticket.priority: place.priority, Ticket.due_at: place.at, Ticket.changed_at: place.at}
        # A bare tuple on the right takes the columns' types; a priority is compared by rank, not as a word.
        there = tuple(values.get(one, place.id) for one in columns)
        query = query.where(tuple_(*columns) < there if descending else tuple_(*columns) > there)
    order = [one.desc() if descending else one for one in columns]
    query = query.order_by(*order).limit(PAGE_SIZE + 1)
    # Walking down each service for a filter that few tickets pass would be as many long walks: then the database may
    # choose, by what it knows of the columns.
    if each and services is not None and len(services) > 1 and session.get_bind().dialect.name == "postgresql":
        query = _of_each(query, services, descending)
    elif services is not None:
        query = query.where(Ticket.service_id.in_(services))
    return [row[-1] for row in session.execute(query)]


def _of_each(query: Select[Any], services: Sequence[int], descending: bool) -> Select[Any]:
    """The first of each service, and of these the first: as many short walks down an index as there are services."""
    each = (
        func.unnest(cast(list(services), ARRAY(Integer)))
        .table_valued(column("id", Integer), name="each")
        .render_derived()
    )
    walk = query.where(Ticket.service_id == each.c.id).lateral("walk")
    order = [one.desc() if descending else one for one in walk.c]
    return select(*walk.c).select_from(each.join(walk, true())).order_by(*order).limit(PAGE_SIZE + 1)


def _of_agent(view: View, agent: Agent, now: datetime) -> list[ColumnElement[bool]]:
    if view is View.LATE:
        return [Ticket.due_at <= now]
    return [Ticket.assignee_id == agent.id] if view is View.MINE else []


def _awake(view: View, aside: Sequence[int]) -> list[ColumnElement[bool]]:
    """Without what the agent has put aside; what is late is shown all the same."""
    return [Ticket.id.not_in(aside)] if aside and view in (View.TODO, View.MINE, View.UNASSIGNED) else []


def narrowed(session: Session, filters: Filters, agent: Agent, now: datetime) -> list[ColumnElement[bool]]:
    """What the filters ask for, but for the service, as conditions on Ticket."""
    columns = {
        Ticket.topic: filters.topic,
        Ticket.academy: filters.academy,
        Ticket.status: filters.status,
        Ticket.channel: filters.channel,
        Ticket.priority: filters.priority,
        Ticket.language: filters.language,
    }
    found: list[ColumnElement[bool]] = [each == value for each, value in columns.items() if value]
    if filters.age:
        moment = now - timedelta(days=filters.age.days)
        found.append(Ticket.received_at <= moment if filters.age.at_least else Ticket.received_at > moment)
    if filters.holder == NOBODY:
        found.append(Ticket.assignee_id.is_(None))
    elif filters.holder:
        found.append(Ticket.assignee_id == (agent.id if filters.holder == ME else int(filters.holder)))
    if filters.tag:
        found.append(has_tag(session, filters.tag))
    terms = [*terms_in(filters.text), *terms_in(filters.school, Field.SCHOOL)]
    if terms:
        found.append(holds(session, terms))
    return found


def _key_of(ticket: Ticket, view: View) -> QueueKey:
    return QueueKey(ticket.priority, ticket.changed_at if view is View.DONE else ticket.due_at, ticket.id)


def _counts(
    session: Session, agent: Agent, services: tuple[int, ...] | None, aside: Sequence[int], now: datetime
) -> dict[View, int]:
    """How many tickets each list of work to do holds, in one statement that stops counting at COUNTED."""
    lists = [view for view in View if view not in (View.DONE, View.ALL)]
    counted = []
    for view in lists:
        of_agent = [Ticket.service_id.in_(services or ()), _CONDITIONS[view], *_of_agent(view, agent, now)]
        of_agent += _awake(view, aside)
        some: Select[Any] = select(literal_column("1")).select_from(Ticket).where(*of_agent).limit(COUNTED + 1)
        counted.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    return dict(zip(lists, session.execute(select(*counted)).one(), strict=True))
