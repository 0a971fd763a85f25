"""What agents' pages read. Every query passes through `access`, so no page can show what its agent may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.models import Address, Agent, Attachment, Event, Message, Outgoing, Service, Ticket
from helpdesk.outbox.post import ALARM
from helpdesk.people.emails import read_email
from helpdesk.people.phones import read_phone
from helpdesk.routing.decision import Decision
from helpdesk.tickets import history
from helpdesk.tickets.access import services_of, ticket_for, visible_to
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.references import read_reference
from helpdesk.vocabulary import DeliveryState, Direction, Priority, Status

PAGE_SIZE = 25
LIVE = AWAITING
_MOVES = (history.TRANSFERRED, history.LENT, history.RETURNED)
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


@dataclass(frozen=True)
class TicketPage:
    """All that the page of one ticket shows. `others` are those of the same person that this agent may see."""

    ticket: Ticket
    messages: Sequence[Message]
    events: Sequence[Event]
    decision: Decision | None
    others: Sequence[Ticket]
    failed: Sequence[Outgoing]
    pending: Sequence[Outgoing]
    services: Sequence[Service]

    @property
    def last_seen(self) -> int:
        """Id of the last message shown; an answer says it, so that nothing newer is overlooked."""
        return max((message.id for message in self.messages), default=0)

    @property
    def alarms(self) -> Sequence[Outgoing]:
        """Failed mails that nothing has made up for: that of the last answer or, without an answer, all others."""
        last_answer = max((message.id for message in self.messages if message.direction is Direction.OUT), default=None)
        return [row for row in self.failed if row.message_id == last_answer]

    @property
    def moves(self) -> Sequence[Event]:
        """The last transfer, and what a closing did after it: they say more of why the ticket is here than its first
        decision.
        """
        moves = [event for event in self.events if event.kind in _MOVES]
        last = max((place for place, event in enumerate(moves) if event.kind == history.TRANSFERRED), default=0)
        return moves[last:]


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


def ticket_page(agent: Agent, reference: str) -> TicketPage:
    """The page of one ticket. Raises NotFound if the agent may not see it."""
    ticket = ticket_for(db.session(), agent, reference)
    events = list(
        db.session.scalars(
            select(Event).where(Event.ticket_id == ticket.id).options(joinedload(Event.agent)).order_by(Event.id)
        )
    )
    messages = db.session.scalars(
        select(Message)
        .where(Message.ticket_id == ticket.id)
        .options(selectinload(Message.attachments), joinedload(Message.agent))
        .order_by(Message.id)
    )
    others = db.session.scalars(
        select(Ticket)
        .where(Ticket.person_id == ticket.person_id, Ticket.id != ticket.id, visible_to(agent))
        .where(Ticket.erased_at.is_(None))
        .order_by(Ticket.received_at.desc())
        .limit(10)
    )
    unsent = list(
        db.session.scalars(
            select(Outgoing).where(
                Outgoing.ticket_id == ticket.id, Outgoing.state != DeliveryState.SENT, Outgoing.kind != ALARM
            )
        )
    )
    services = db.session.scalars(
        select(Service).where(Service.active, Service.id != ticket.service_id).order_by(Service.academy, Service.name)
    )
    routed = [event for event in events if event.kind == history.ROUTED]
    return TicketPage(
        ticket=ticket,
        messages=list(messages),
        events=events,
        decision=Decision.from_json(routed[-1].data) if routed else None,
        others=list(others),
        failed=[row for row in unsent if row.state is DeliveryState.FAILED],
        pending=[row for row in unsent if row.state is DeliveryState.PENDING],
        services=list(services),
    )


def ticket_of(agent: Agent, reference: str) -> Ticket:
    """The ticket as it stands. Raises NotFound if the agent may not see it."""
    return ticket_for(db.session(), agent, reference)


def attachment_for(agent: Agent, reference: str, attachment_id: int) -> Attachment:
    """A file of a ticket that the agent may see. Raises NotFound."""
    attachment = db.session.scalar(
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .join(Ticket)
        .where(Attachment.id == attachment_id, Ticket.reference == reference, visible_to(agent))
    )
    if attachment is None:
        raise NotFound("Ce fichier n’existe pas ou n’est pas dans vos services.")
    return attachment


def own_services(agent: Agent) -> Sequence[Service]:
    """The services in which the agent works, by name."""
    return list(db.session.scalars(select(Service).where(services_of(agent)).order_by(Service.name)))


def ticket_by_link(reference: str) -> Ticket:
    """A ticket for its follow-up page, until it is archived; the caller checks the link's secret. Raises NotFound."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.reference == reference, Ticket.archived_at.is_(None))
        .options(joinedload(Ticket.service), selectinload(Ticket.messages).selectinload(Message.attachments))
    )
    if ticket is None:
        raise NotFound("Cette demande n’existe pas.")
    return ticket


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
