"""Keeping the clock of a ticket's row true to what happens to the ticket (`clock` is the thought behind it).

Calendars and targets belong to the application, like its database: `create_app` puts the book there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app

from helpdesk.calendars import CalendarBook
from helpdesk.models import Service, Ticket
from helpdesk.tickets import clock as clocks
from helpdesk.tickets.clock import Clock
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.vocabulary import Lateness, Priority, Status
from helpdesk.worktime import Calendar, Targets

BOOK = "calendar"  # the application's extension that holds the book
_FINISHED = (Status.SOLVED, Status.CLOSED)
_COLUMNS = (
    "clock_used",
    "clock_since",
    "paused_at",
    "answered_at",
    "answer_due_at",
    "solve_due_at",
    "due_at",
    "lateness",
    "alarm_at",
)


def start(tickets: Sequence[Ticket], now: datetime) -> None:
    """Begin to count for tickets whose service and priority are known."""
    alike: dict[tuple[str | None, str, Priority], Ticket] = {}
    for ticket in tickets:
        key = (ticket.service.academy, ticket.service.timezone, ticket.priority)
        if (other := alike.setdefault(key, ticket)) is ticket:
            _keep(ticket, clocks.begin(now, _targets(ticket), calendar_of(ticket.service)), Lateness.ON_TIME, now)
            continue
        for column in _COLUMNS:
            setattr(ticket, column, getattr(other, column))


@contextmanager
def following(ticket: Ticket) -> Iterator[None]:
    """Let the clock follow whatever happens to the ticket inside: status, service, priority, first answer.

    The moment is that of the event which tells of it. Without an event nothing has happened.
    """
    status, service, priority, answered_at = ticket.status, ticket.service, ticket.priority, ticket.answered_at
    clock = clock_of(ticket)
    yield
    if ticket.status is not Status.WAITING:
        ticket.wake_at = None
    moved = ticket.service is not service or ticket.priority != priority
    if not moved and (ticket.status, ticket.answered_at) == (status, answered_at):
        return
    now, targets = ticket.changed_at, _targets(ticket)
    before, after = calendar_of(service), calendar_of(ticket.service)
    clock = replace(clock, answered_at=ticket.answered_at)
    if ticket.status in AWAITING and status in _FINISHED:
        clock = clocks.begin(now, targets, after)
    elif ticket.status in AWAITING:
        clock = clocks.resume(clock, now, before)
    if moved:
        clock = clocks.recount(clock, now, targets, before, after)
    if ticket.status not in AWAITING:
        clock = clocks.pause(clock, now, after)
    _keep(ticket, clock, Lateness.ON_TIME if clock.answered_at != answered_at else ticket.lateness, now)


def answer_did_not_arrive(ticket: Ticket, answer_at: datetime, now: datetime) -> None:
    """Count on as if that answer had not been given."""
    clock = clocks.go_on(clock_of(ticket))
    if clock.answered_at == answer_at:
        clock = replace(clock, answered_at=None)
    _keep(ticket, clock, ticket.lateness, now)


def ring(ticket: Ticket, now: datetime) -> Lateness | None:
    """What has to be told about the ticket that was not told before, if anything; from here on it counts as told."""
    clock, told = clock_of(ticket), ticket.lateness
    level = clocks.lateness(clock, now, _targets(ticket), calendar_of(ticket.service))
    _keep(ticket, clock, level, now)
    return level if clocks.graver(level, told) else None


def clock_of(ticket: Ticket) -> Clock:
    """The clock as the row has it. Rows from before there were clocks have counted since the ticket came."""
    if ticket.solve_due_at and ticket.answer_due_at:
        return Clock(
            used=timedelta(seconds=ticket.clock_used),
            since=ticket.clock_since,
            paused_at=ticket.paused_at,
            answer_due=ticket.answer_due_at,
            solve_due=ticket.solve_due_at,
            answered_at=ticket.answered_at,
        )
    calendar = calendar_of(ticket.service)
    clock = replace(clocks.begin(ticket.received_at, _targets(ticket), calendar), answered_at=ticket.answered_at)
    return clocks.pause(clock, ticket.paused_at, calendar) if ticket.paused_at else clock


def calendar_of(service: Service) -> Calendar:
    """When the service works; known for every row, also for a service that has left the configuration."""
    return _book().calendar(service.academy, service.timezone)


def _targets(ticket: Ticket) -> Targets:
    return _book().targets[ticket.priority]


def _book() -> CalendarBook:
    book: CalendarBook = current_app.extensions[BOOK]
    return book


def _keep(ticket: Ticket, clock: Clock, told: Lateness, now: datetime) -> None:
    """Write the clock into the row. What was told and is not true any more will be told again when it is."""
    calendar, targets = calendar_of(ticket.service), _targets(ticket)
    level = clocks.lateness(clock, now, targets, calendar)
    told = level if clocks.graver(told, level) else told
    ticket.clock_used, ticket.clock_since = int(clock.used.total_seconds()), clock.since
    ticket.paused_at, ticket.answered_at = clock.paused_at, clock.answered_at
    ticket.answer_due_at, ticket.solve_due_at, ticket.due_at = clock.answer_due, clock.solve_due, clock.due
    ticket.lateness, ticket.alarm_at = told, clocks.next_alarm(clock, told, targets, calendar)
