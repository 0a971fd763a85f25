"""The calls that an agent's services owe, soonest first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal_column, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.models import Agent, CallBack, Membership, Ticket
from helpdesk.tickets.access import Somebody, visible_to
from helpdesk.tickets.calls.earlier import of_numbers
from helpdesk.vocabulary import Status

AT_MOST = 100  # on the page; the soonest are the ones that count
OTHERS = 3  # tickets of the same person beside each


@dataclass(frozen=True)
class Owed:
    """The calls by how pressing they are, and of each ticket the others of the same person or number. `more`: there are
    later ones that are not shown.
    """

    late: Sequence[CallBack]
    due: Sequence[CallBack]
    coming: Sequence[CallBack]
    others: Mapping[int, Sequence[Ticket]]
    more: bool


def owed(agent: Agent, now: datetime) -> Owed:
    """What the agent's services owe. Closed tickets owe nothing."""
    query = select(CallBack).where(*_owed_by(agent))
    whole = (
        joinedload(CallBack.ticket).joinedload(Ticket.service),
        joinedload(CallBack.ticket).joinedload(Ticket.assignee),
    )
    found = db.session.scalars(
        query.options(*whole, joinedload(CallBack.agent)).order_by(CallBack.next_at, CallBack.id).limit(AT_MOST + 1)
    ).all()
    calls = found[:AT_MOST]
    return Owed(
        late=[each for each in calls if each.next_at <= now and each.late_at < now],
        due=[each for each in calls if each.next_at <= now <= each.late_at],
        coming=[each for each in calls if each.next_at > now],
        others=_others(agent, [each.ticket for each in calls]),
        more=len(found) > AT_MOST,
    )


def owed_now(agent: Somebody, now: Any) -> ColumnElement[int]:
    """How many calls should be made now. `now`: a moment, or its place in a statement."""
    query = select(func.count()).select_from(CallBack).where(*_owed_by(agent), CallBack.next_at <= now)
    return query.scalar_subquery()


def _owed_by(agent: Somebody) -> tuple[ColumnElement[bool], ...]:
    """From the few calls to their tickets: a join could begin at all tickets of the service. The state is written out,
    or the index of open calls would not be used.
    """
    services = select(Membership.service_id).where(Membership.agent_id == agent.id)
    ours = (Ticket.id == CallBack.ticket_id) & Ticket.service_id.in_(services) & (Ticket.status != Status.CLOSED)
    return CallBack.state == literal_column("'open'"), exists().where(ours, visible_to(agent))


def _others(agent: Agent, tickets: Collection[Ticket]) -> Mapping[int, Sequence[Ticket]]:
    """Of each ticket's id, the person's latest other tickets that the agent may see: by person, or by number."""
    persons = {ticket.person_id for ticket in tickets}
    numbers = {ticket.sender_phone for ticket in tickets} - {""}
    same = or_(Ticket.person_id.in_(persons), of_numbers(numbers)) & Ticket.erased_at.is_(None)
    query = select(Ticket).where(same, visible_to(agent)).limit(10 * AT_MOST)
    found = sorted(db.session.scalars(query), key=lambda ticket: -ticket.id) if tickets else ()
    return {
        ticket.id: [
            other
            for other in found
            if other.id != ticket.id
            and (
                other.person_id == ticket.person_id
                or (other.sender_phone and other.sender_phone == ticket.sender_phone)
            )
        ][:OTHERS]
        for ticket in tickets
    }
