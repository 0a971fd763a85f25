"""What the page of a ticket reads, through `access`: no page can show what its agent may not see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.db import db
from helpdesk.errors import N_, NotFound
from helpdesk.models import Agent, Attachment, Event, Message, Outgoing, Service, Ticket, Withdrawal
from helpdesk.outbox.post import ALARM
from helpdesk.routing.decision import Decision
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for, visible_to
from helpdesk.tickets.bulk.kinds import BulkKind
from helpdesk.tickets.order.withdrawing import merged_into, withdrawal_of
from helpdesk.vocabulary import DeliveryState, Direction, Status

_MOVES = (history.TRANSFERRED, history.LENT, history.RETURNED)


class OtherService(NamedTuple):
    """A service to which the ticket could go."""

    slug: str
    academy: str | None


@dataclass(frozen=True)
class TicketPage:
    """All that the page of one ticket shows. `others` are those of the same person that this agent may see. `messages`
    are also those of the tickets that are `merged` into it; `withdrawal` says why it is no request of its own.
    """

    ticket: Ticket
    messages: Sequence[Message]
    events: Sequence[Event]
    decision: Decision | None
    others: Sequence[Ticket]
    failed: Sequence[Outgoing]
    pending: Sequence[Outgoing]
    services: Sequence[OtherService]
    merged: Mapping[int, Ticket]
    withdrawal: Withdrawal | None

    @property
    def last_seen(self) -> int:
        """Id of the last message shown; an answer says it, so that nothing newer is overlooked."""
        return max((message.id for message in self.messages), default=0)

    @property
    def last_event(self) -> int:
        """Id of the last event shown, for the same reason."""
        return max((event.id for event in self.events), default=0)

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
        moves: list[Event] = []
        for event in self.events:
            if event.kind in _MOVES:
                moves.append(event)
            elif event.kind == history.BULK_UNDONE and event.data["kind"] == BulkKind.TRANSFER:
                moved = [place for place, each in enumerate(moves) if each.kind == history.TRANSFERRED]
                del moves[moved[-1] if moved else len(moves) :]
        last = max((place for place, event in enumerate(moves) if event.kind == history.TRANSFERRED), default=0)
        return moves[last:]


def ticket_page(agent: Agent, reference: str) -> TicketPage:
    """The page of one ticket. Raises NotFound if the agent may not see it."""
    return page_of(agent, ticket_for(db.session(), agent, reference))


def page_of(agent: Agent, ticket: Ticket) -> TicketPage:
    """The page of a ticket that the agent may see."""
    events = list(
        db.session.scalars(
            select(Event).where(Event.ticket_id == ticket.id).options(joinedload(Event.agent)).order_by(Event.id)
        )
    )
    merged = {each.id: each for each in merged_into(db.session(), ticket)}
    messages = db.session.scalars(
        select(Message)
        .where(Message.ticket_id.in_([ticket.id, *merged]))
        .options(selectinload(Message.attachments), joinedload(Message.agent))
        .order_by(*((Message.at, Message.id) if merged else (Message.id,)))
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
                Outgoing.ticket_id.in_([ticket.id, *merged]),
                Outgoing.state != DeliveryState.SENT,
                Outgoing.kind != ALARM,
            )
        )
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
        services=other_services(ticket.service_id),
        merged=merged,
        withdrawal=withdrawal_of(db.session(), ticket) if ticket.status is Status.CLOSED else None,
    )


def other_services(but: int | None = None) -> list[OtherService]:
    """Where a ticket can go; without the service of that id."""
    query = select(Service.slug, Service.academy).where(Service.active).order_by(Service.academy, Service.name)
    # Not whole services: their objects cost more than all else on the page of a ticket.
    rows = db.session.execute(query if but is None else query.where(Service.id != but))
    return [OtherService(slug, academy) for slug, academy in rows]


def ticket_of(agent: Agent, reference: str) -> Ticket:
    """The ticket as it stands. Raises NotFound if the agent may not see it."""
    return ticket_for(db.session(), agent, reference)


def moved_away_by(agent: Agent, reference: str) -> str | None:
    """Slug of the service to which the agent was the last to transfer the ticket, out of the agent's own sight."""
    in_sight = select(Ticket.id).where(Ticket.reference == reference, visible_to(agent))
    moved = select(Event).join(Event.ticket).where(Ticket.reference == reference, Ticket.id.not_in(in_sight))
    last = db.session.scalar(moved.where(Event.kind == history.TRANSFERRED).order_by(Event.id.desc()).limit(1))
    return str(last.data["to"]) if last is not None and last.agent_id == agent.id else None


def attachment_for(agent: Agent, reference: str, attachment_id: int) -> Attachment:
    """A file of a ticket that the agent may see. Raises NotFound."""
    shown = select(Ticket.id).where(Ticket.reference == reference, visible_to(agent))
    merged = select(Withdrawal.ticket_id).where(Withdrawal.into_id.in_(shown))
    attachment = db.session.scalar(
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(Attachment.id == attachment_id, or_(Message.ticket_id.in_(shown), Message.ticket_id.in_(merged)))
    )
    if attachment is None:
        raise NotFound("Ce fichier n’existe pas ou n’est pas dans vos services.")
    return attachment


def ticket_by_link(reference: str) -> Ticket:
    """A ticket for its follow-up page, until it is archived; the caller checks the link's secret. Raises NotFound."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.reference == reference, Ticket.archived_at.is_(None))
        .options(joinedload(Ticket.service), selectinload(Ticket.messages).selectinload(Message.attachments))
    )
    if ticket is None:
        raise NotFound(N_("Cette demande n’existe pas."))
    return ticket
