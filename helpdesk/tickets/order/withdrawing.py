"""Tickets that are no request of their own for now: merged into another, or unwanted. They are closed, count nowhere,
and come back exactly as they were. What each of them said and did stays on it.

Writing helpers for verbs that hold the rows of the tickets. Nothing here is said to the person.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, Hold, Message, Ticket, Withdrawal
from helpdesk.tickets.clocks import following
from helpdesk.vocabulary import Lateness, Status

_MOMENTS = (
    "clock_since", "paused_at", "answered_at", "answer_due_at", "solve_due_at", "due_at", "alarm_at", "wake_at",
    "solved_at", "closed_at",
)  # fmt: skip
_PLAIN = ("assignee_id", "clock_used")


def withdrawal_of(session: Session, ticket: Ticket) -> Withdrawal | None:
    """Why the ticket is no request of its own, if it is none; read anew."""
    query = select(Withdrawal).where(Withdrawal.ticket_id == ticket.id)
    shown = joinedload(Withdrawal.into), joinedload(Withdrawal.agent)
    return session.scalar(query.options(*shown).execution_options(populate_existing=True))


def standing(session: Session, ticket: Ticket) -> None:
    """Raise IllegalMove if the ticket is no request of its own."""
    found = withdrawal_of(session, ticket) if ticket.status is Status.CLOSED else None
    if found is None:
        return
    if found.into is None:
        raise IllegalMove("Cette demande est classée comme indésirable. Reprenez-la d’abord : « Pas indésirable ».")
    raise IllegalMove(f"Cette demande est fusionnée dans {found.into.reference} : continuez là-bas.")


def withdraw(session: Session, ticket: Ticket, agent: Agent, now: datetime, into: Ticket | None = None) -> None:
    """Close the ticket and remember what it was. The caller records the event, after this."""
    heard = session.scalar(select(func.max(Message.id)).where(Message.ticket_id == ticket.id)) or 0
    before = {"ticket": picture(ticket), "heard": heard, **({"into": picture(into)} if into else {})}
    session.add(Withdrawal(ticket=ticket, into=into, agent=agent, at=now, before=before))
    session.execute(delete(Hold).where(Hold.ticket_id == ticket.id))
    with following(ticket):
        ticket.status, ticket.closed_at, ticket.changed_at = Status.CLOSED, now, now


def restore(session: Session, found: Withdrawal) -> None:
    """Put the ticket back as it was; its clock has gone on meanwhile. The caller records the event."""
    put_back(found.ticket, found.before["ticket"])
    session.delete(found)


def restore_into(found: Withdrawal) -> None:
    """Put the ticket that went on back as it was before the merge. Only where nothing has happened to it since."""
    if found.into is not None:
        put_back(found.into, found.before["into"])


def merged_into(session: Session, ticket: Ticket) -> Sequence[Ticket]:
    """The tickets that are merged into this one. The caller may see this one."""
    query = select(Ticket).join(Withdrawal, Withdrawal.ticket_id == Ticket.id)
    return session.scalars(query.where(Withdrawal.into_id == ticket.id).order_by(Ticket.id)).all()


def said_on(ticket_id: int) -> ColumnElement[bool]:
    """Whether a message was said on the ticket, or on one that is merged into it."""
    merged = select(Withdrawal.ticket_id).where(Withdrawal.into_id == ticket_id)
    return or_(Message.ticket_id == ticket_id, Message.ticket_id.in_(merged))


def is_merged() -> ColumnElement[bool]:
    """A condition on Ticket."""
    return Ticket.id.in_(select(Withdrawal.ticket_id).where(Withdrawal.into_id.is_not(None)))


def with_merged(session: Session, tickets: Collection[Ticket]) -> list[Ticket]:
    """The tickets, and all that are merged into them, each once: what ends for one ends for the other."""
    query = select(Ticket).join(Withdrawal, Withdrawal.ticket_id == Ticket.id)
    merged = session.scalars(query.where(Withdrawal.into_id.in_([ticket.id for ticket in tickets])))
    return list(dict.fromkeys((*tickets, *merged)))


def end_links(session: Session, ticket: Ticket) -> None:
    """Links that were sent open nothing any more; those of merged tickets would lead to this one. The rows are held."""
    for each in with_merged(session, [ticket]):
        each.link_version += 1


def held_for_a_message(session: Session, reference: str) -> tuple[Ticket, Ticket] | None:
    """The ticket of that reference, and the one that lives for it: itself, or what it is merged into. Their rows
    are held now, in the order of their ids, so that nobody waits in a circle. None if there is no such ticket.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.reference == reference))
    while ticket is not None:
        living = _living(session, ticket)
        for each in sorted({ticket, living}, key=lambda one: one.id):
            session.refresh(each, with_for_update={"of": Ticket})  # what is loaded beside it is not held
        if _living(session, ticket) is living:
            return ticket, living
    return None


def _living(session: Session, ticket: Ticket) -> Ticket:
    found = withdrawal_of(session, ticket)
    return ticket if found is None or found.into is None else found.into


def picture(ticket: Ticket) -> dict[str, Any]:
    """Status, holder and clock of the ticket, fit for JSON: what `put_back` restores."""
    moments = {name: getattr(ticket, name) for name in _MOMENTS}
    return {
        "status": ticket.status,
        "lateness": ticket.lateness,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        **{name: getattr(ticket, name) for name in _PLAIN},
    }


def put_back(ticket: Ticket, before: dict[str, Any]) -> None:
    """Make the ticket what its picture shows. The caller records the event."""
    ticket.status, ticket.lateness = Status(before["status"]), Lateness(before["lateness"])
    for name in _MOMENTS:
        setattr(ticket, name, datetime.fromisoformat(before[name]) if before[name] else None)
    for name in _PLAIN:
        setattr(ticket, name, before[name])
