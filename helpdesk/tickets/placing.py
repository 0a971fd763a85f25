"""Putting a ticket into a service: who stands in while it is closed, and whose turn it is to answer.

Adds to the transaction it is given; used by routing, transfers, closings and absences alike.
"""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from helpdesk.models import Absence, Agent, Closing, Membership, Service, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.vocabulary import Assignment

TRIAGE = "triage"  # the kind of service where everything ends that has no other place; it never closes


def today_in(service: Service, now: datetime) -> date:
    """The day it is where the service works."""
    return now.astimezone(ZoneInfo(service.timezone)).date()


def closings_on(session: Session, services: Collection[Service], now: datetime) -> dict[int, Closing]:
    """The closings under which services are today, by the service's id; a service that is not stored yet has none."""
    days = {service.id: today_in(service, now) for service in services}
    current = select(Closing).where(
        Closing.service_id.in_(set(days) - {None}),
        Closing.first_day <= max(days.values()),
        Closing.last_day >= min(days.values()),
    )
    rows = session.scalars(current.options(joinedload(Closing.stand_in)))
    return {row.service_id: row for row in rows if row.first_day <= days[row.service_id] <= row.last_day}


def closing_on(session: Session, service: Service, now: datetime) -> Closing | None:
    """The closing under which the service is today."""
    return closings_on(session, [service], now).get(service.id)


def settle(session: Session, ticket: Ticket, service: Service, now: datetime) -> None:
    """Make the service hold the ticket; if it is closed, lend the ticket on. Then give it out, where that is wanted.

    Nobody holds the ticket beforehand. `academy` is left alone.
    """
    if place(session, ticket, service, closing_on(session, service, now), now):
        give(session, ticket, now)


def place(session: Session, ticket: Ticket, service: Service, closing: Closing | None, now: datetime) -> bool:
    """As `settle`, for a service that has this closing today, but give the ticket to nobody; tells whether it is to be
    given out.
    """
    ticket.service, ticket.lent_by, ticket.assignee = service, None, None
    return closing is None or _lend(session, ticket, closing, now)


def lend(session: Session, ticket: Ticket, closing: Closing, now: datetime) -> None:
    """Hand a ticket of the closed service to its stand-in, or to national triage if that one is closed as well.

    One step only, so that a ticket never goes round.
    """
    if _lend(session, ticket, closing, now):
        give(session, ticket, now)


def _lend(session: Session, ticket: Ticket, closing: Closing, now: datetime) -> bool:
    home, holder = ticket.service, closing.stand_in
    if not holder.active or closing_on(session, holder, now):
        triage = session.scalar(
            select(Service).where(Service.kind == TRIAGE, Service.academy.is_(None), Service.active).limit(1)
        )
        if triage is None:
            return False
        holder = triage
    ticket.service, ticket.lent_by, ticket.assignee = holder, home, None
    told = {"from": home.slug, "to": holder.slug, "until": closing.last_day.isoformat(), "reason": closing.reason}
    history.record(session, ticket, history.LENT, None, now, told)
    return True


def give(session: Session, ticket: Ticket, now: datetime, *, but: Agent | None = None) -> None:
    """Give the ticket to a member of its service, if the service gives tickets out and anybody is there.

    Two processes at once wait for each other at the service's row, so that a turn is nobody else's; rows that only
    refer to the service wait for nobody.
    """
    service = ticket.service
    if service.assignment in (None, Assignment.PULL):  # None: a row that is not stored yet
        return
    session.execute(select(Service.id).where(Service.id == service.id).with_for_update(key_share=True))
    member = _next_member(session, service, now, but)
    if member is None:
        return
    highest = select(func.max(Membership.turn)).where(Membership.service_id == service.id).scalar_subquery()
    session.execute(
        update(Membership)
        .where(Membership.agent_id == member.id, Membership.service_id == service.id)
        .values(turn=highest + 1)
        .execution_options(synchronize_session=False)
    )
    ticket.assignee = member
    told = {"to": member.name, "how": service.assignment.value}
    history.record(session, ticket, history.GIVEN, None, now, told)


def _next_member(session: Session, service: Service, now: datetime, but: Agent | None) -> Agent | None:
    """Who has waited longest for a turn or, where the load counts, who has the fewest tickets to answer, anywhere."""
    day = today_in(service, now)
    away = exists().where(Absence.agent_id == Agent.id, Absence.first_day <= day, Absence.last_day >= day)
    there = (
        select(Agent)
        .join(Membership)
        .where(Membership.service_id == service.id, Membership.takes_part, Agent.active, ~away)
    )
    if but is not None:
        there = there.where(Agent.id != but.id)
    if service.assignment is Assignment.LEAST_LOADED:
        load = select(func.count()).where(Ticket.assignee_id == Agent.id, Ticket.status.in_(AWAITING))
        there = there.order_by(load.scalar_subquery())
    return session.scalar(there.order_by(Membership.turn, Agent.id).limit(1))
