"""The queue: which tickets of an agent's services are shown, in what order, and finding one of them.

Every query passes through `access`, so no page can show what its agent may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.models import Address, Agent, Service, Ticket
from helpdesk.people.emails import read_email
from helpdesk.people.phones import read_phone
from helpdesk.tickets.access import services_of, visible_to
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.references import read_reference
from helpdesk.vocabulary import Priority, Status

PAGE_SIZE = 25
LIVE = AWAITING
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class View(StrEnum):
    """The queues an agent can look at."""

    TODO = "a-traiter"
    LATE = "en-retard"
    MINE = "mes-demandes"
    UNASSIGNED = "non-attribuees"
    WAITING = "en-attente"
    DONE = "terminees"


@dataclass(frozen=True)
class QueueKey:
    """Where a page of the queue ends; the next one starts after it, however the queue has changed meanwhile.

    `at` is the due date or, among finished tickets, the date of the last change.
    """

    priority: Priority
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.priority}.{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


@dataclass(frozen=True)
class QueuePage:
    """Some tickets, the most pressing or the last changed first, and where the next page starts."""

    tickets: Sequence[Ticket]
    after: QueueKey | None
    counts: dict[View, int]


def read_key(text: str) -> QueueKey | None:
    """The key in an address, or None if somebody changed it by hand."""
    try:
        priority, microseconds, number = text.split(".")
        at = _EPOCH + timedelta(microseconds=int(microseconds))
        return QueueKey(Priority(priority), at, min(abs(int(number)), 2**62))
    except (ValueError, OverflowError):
        return None


def queue_page(
    agent: Agent, view: View, service_slug: str = "", after: QueueKey | None = None, *, now: datetime
) -> QueuePage:
    """One page of a queue of the agent's services, or of one of them; the counts are of the same. An unknown service
    gives an empty page.
    """
    own = _own(agent)
    if service_slug:
        own &= Ticket.service.has(Service.slug == service_slug)
    query = _row(select(Ticket).where(own, _in_view(view, agent, now)))
    query = _newest_first(query, after) if view is View.DONE else _most_pressing_first(query, after)
    tickets = list(db.session.scalars(query.limit(PAGE_SIZE + 1)))
    last = tickets[PAGE_SIZE - 1] if len(tickets) > PAGE_SIZE else None
    return QueuePage(tickets[:PAGE_SIZE], _key_of(last, view) if last else None, _counts(agent, own, now))


def find_tickets(agent: Agent, words: str) -> Sequence[Ticket]:
    """Tickets the agent may see, newest first: the one of this reference; those of the person whom this mail address or
    phone number reaches; else those with these words in the name or the subject. At most PAGE_SIZE.
    """
    phone = read_phone(words)
    address = phone.e164 if phone else read_email(words)
    if reference := read_reference(words):
        named: ColumnElement[bool] = Ticket.reference == reference
    elif address:
        named = Ticket.person_id.in_(select(Address.person_id).where(Address.value == address))
    else:
        named = or_(
            Ticket.sender_name.icontains(words, autoescape=True), Ticket.subject.icontains(words, autoescape=True)
        )
    newest = select(Ticket).where(visible_to(agent), named).order_by(Ticket.received_at.desc(), Ticket.id.desc())
    return list(db.session.scalars(_row(newest).limit(PAGE_SIZE)))


def own_services(agent: Agent) -> Sequence[Service]:
    """The services in which the agent works, by name."""
    return list(db.session.scalars(select(Service).where(services_of(agent)).order_by(Service.name)))


def _row(query: Select[Ticket]) -> Select[Ticket]:
    """With what a row of the queue shows beside the ticket's own fields."""
    return query.options(joinedload(Ticket.service), joinedload(Ticket.assignee))


def _most_pressing_first(query: Select[Ticket], after: QueueKey | None) -> Select[Ticket]:
    place = (Ticket.priority, Ticket.due_at, Ticket.id)
    if after is not None:
        # A bare tuple on the right takes the columns' types; a priority is compared by rank, not as a word.
        query = query.where(tuple_(*place) > (after.priority, after.at, after.id))
    return query.order_by(*place)


def _newest_first(query: Select[Ticket], after: QueueKey | None) -> Select[Ticket]:
    if after is not None:
        query = query.where(tuple_(Ticket.changed_at, Ticket.id) < (after.at, after.id))
    return query.order_by(Ticket.changed_at.desc(), Ticket.id.desc())


def _key_of(ticket: Ticket, view: View) -> QueueKey:
    return QueueKey(ticket.priority, ticket.changed_at if view is View.DONE else ticket.due_at, ticket.id)


def _own(agent: Agent) -> ColumnElement[bool]:
    """Queues hold the tickets of the agent's own services; a national supervisor's wider sight and the archive are for
    look-ups.
    """
    return Ticket.service_id.in_(select(Service.id).where(services_of(agent))) & Ticket.archived_at.is_(None)


def _in_view(view: View, agent: Agent, now: datetime) -> ColumnElement[bool]:
    return {
        View.TODO: Ticket.status.in_(LIVE),
        View.LATE: Ticket.status.in_(LIVE) & (Ticket.due_at <= now),
        View.MINE: Ticket.status.in_(LIVE) & (Ticket.assignee_id == agent.id),
        View.UNASSIGNED: Ticket.status.in_(LIVE) & Ticket.assignee_id.is_(None),
        View.WAITING: Ticket.status == Status.WAITING,
        View.DONE: Ticket.status.in_((Status.SOLVED, Status.CLOSED)),
    }[view]


def _counts(agent: Agent, own: ColumnElement[bool], now: datetime) -> dict[View, int]:
    """How many tickets each view holds, in one query."""
    counted = [func.count().filter(_in_view(view, agent, now)).label(view.name) for view in View]
    row = db.session.execute(select(*counted).select_from(Ticket).where(own)).one()
    return {view: row[place] for place, view in enumerate(View)}
