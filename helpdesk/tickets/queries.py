"""What agents' pages read. Every query passes through `access`, so no page can show what its agent may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.models import Agent, Attachment, Event, Message, Outgoing, Service, Ticket
from helpdesk.routing.decision import Decision
from helpdesk.tickets import history
from helpdesk.tickets.access import services_of, ticket_for, visible_to
from helpdesk.vocabulary import DeliveryState, Priority, Status

PAGE_SIZE = 25
LIVE = (Status.NEW, Status.OPEN)


class View(StrEnum):
    """The queues an agent can look at."""

    TODO = "a-traiter"
    MINE = "mes-demandes"
    UNASSIGNED = "non-attribuees"
    WAITING = "en-attente"
    DONE = "terminees"


@dataclass(frozen=True)
class QueueKey:
    """Where a page of the queue ends; the next one starts after it, however the queue has changed meanwhile."""

    priority: Priority
    due_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.priority}.{int(self.due_at.timestamp() * 1_000_000)}.{self.id}"


@dataclass(frozen=True)
class QueuePage:
    """Some tickets, the most pressing first, and where the next page starts."""

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


def read_key(text: str) -> QueueKey | None:
    """The key in an address, or None if somebody changed it by hand."""
    try:
        priority, microseconds, number = text.split(".")
        due_at = datetime.fromtimestamp(int(microseconds) / 1_000_000, tz=UTC)
        return QueueKey(Priority(priority), due_at, int(number))
    except (ValueError, OverflowError, OSError):
        return None


def queue_page(agent: Agent, view: View, service_slug: str = "", after: QueueKey | None = None) -> QueuePage:
    """One page of a queue of the agent's services. An unknown service gives an empty page."""
    wanted = [_own(agent), _in_view(view, agent)]
    if service_slug:
        wanted.append(Ticket.service.has(Service.slug == service_slug))
    query = select(Ticket).where(*wanted).options(joinedload(Ticket.service), joinedload(Ticket.assignee))
    if view is View.DONE:
        tickets = list(db.session.scalars(query.order_by(Ticket.changed_at.desc(), Ticket.id.desc()).limit(PAGE_SIZE)))
        return QueuePage(tickets, None, _counts(agent))
    if after is not None:
        place = tuple_(Ticket.priority, Ticket.due_at, Ticket.id)
        query = query.where(place > tuple_(after.priority, after.due_at, after.id))
    query = query.order_by(Ticket.priority, Ticket.due_at, Ticket.id).limit(PAGE_SIZE + 1)
    tickets = list(db.session.scalars(query))
    more = len(tickets) > PAGE_SIZE
    tickets = tickets[:PAGE_SIZE]
    last = tickets[-1] if more else None
    return QueuePage(tickets, QueueKey(last.priority, last.due_at, last.id) if last else None, _counts(agent))


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
        .order_by(Ticket.received_at.desc())
        .limit(10)
    )
    unsent = list(
        db.session.scalars(
            select(Outgoing).where(Outgoing.ticket_id == ticket.id, Outgoing.state != DeliveryState.SENT)
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
    """A ticket for its follow-up page; the caller checks the link's secret. Raises NotFound."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.reference == reference)
        .options(joinedload(Ticket.service), selectinload(Ticket.messages).selectinload(Message.attachments))
    )
    if ticket is None:
        raise NotFound("Cette demande n’existe pas.")
    return ticket


def _own(agent: Agent) -> ColumnElement[bool]:
    """Queues hold the tickets of the agent's own services; a national supervisor's wider sight is for look-ups."""
    return Ticket.service_id.in_(select(Service.id).where(services_of(agent)))


def _in_view(view: View, agent: Agent) -> ColumnElement[bool]:
    return {
        View.TODO: Ticket.status.in_(LIVE),
        View.MINE: Ticket.status.in_(LIVE) & (Ticket.assignee_id == agent.id),
        View.UNASSIGNED: Ticket.status.in_(LIVE) & Ticket.assignee_id.is_(None),
        View.WAITING: Ticket.status == Status.WAITING,
        View.DONE: Ticket.status.in_((Status.SOLVED, Status.CLOSED)),
    }[view]


def _counts(agent: Agent) -> dict[View, int]:
    """How many tickets each view holds, in one query."""
    counted = [func.count().filter(_in_view(view, agent)).label(view.name) for view in View]
    row = db.session.execute(select(*counted).select_from(Ticket).where(_own(agent))).one()
    return {view: row[place] for place, view in enumerate(View)}
