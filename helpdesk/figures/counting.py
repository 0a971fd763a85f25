"""What events count for: the history of tickets as the database has it, told to `stories`."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.figures.hours import Hours
from helpdesk.figures.stories import Moment, Step, Story
from helpdesk.models import Event, Service, Ticket
from helpdesk.outbox.post import ANSWER
from helpdesk.tickets import history
from helpdesk.tickets.bulk.kinds import BulkKind
from helpdesk.tickets.clocks import calendar_of
from helpdesk.vocabulary import Status

Data = Mapping[str, Any]
# Where something counts: service, day, topic, channel; and how often each measure does.
Counts = dict[tuple[int, date, str, str], Counter[str]]

_STEPS: dict[str, Step] = {
    history.RECEIVED: Step.CAME,
    history.PERSON_WROTE: Step.WROTE,
    history.SOLVED: Step.SOLVED,
    history.CLOSED: Step.CLOSED,
    history.REOPENED: Step.REOPENED,
    history.WOKEN: Step.WOKEN,
    history.TAKEN_BACK: Step.UNDONE,
    history.UNWANTED: Step.WITHDRAWN,
    history.WANTED: Step.RESTORED,
}


def _held(number: int, at: datetime, data: Data) -> list[Moment]:
    return [Moment(number, Step.HELD, at, service=data["to"], before=data["from"])]


def _routed(number: int, at: datetime, data: Data) -> list[Moment]:
    service, topic = data["service"], data["topic"]
    return [
        Moment(number, Step.HELD, at, service=service, before=service),
        Moment(number, Step.ABOUT, at, topic=topic, before=topic),
    ]


def _answered(number: int, at: datetime, data: Data) -> list[Moment]:
    return [Moment(number, Step.ANSWERED, at, solved=bool(data.get("solved")))]


def _answer_failed(number: int, at: datetime, data: Data) -> list[Moment]:
    """Of a ticket that is merged into this one, it was no answer of this one."""
    if "on" in data:
        return [Moment(number, Step.REOPENED if data["from"] == Status.SOLVED else Step.WOKEN, at)]
    return [Moment(number, Step.UNDONE, at)] if data.get("kind") == ANSWER else []


def _merged(number: int, at: datetime, data: Data) -> list[Moment]:
    """The merged one counts no more; the one that goes on may have the other's question to answer."""
    if data.get("back"):
        return [Moment(number, Step.WOKEN, at)] if data.get("opened") else []
    return [Moment(number, Step.WITHDRAWN, at)]


def _unmerged(number: int, at: datetime, data: Data) -> list[Moment]:
    return [] if data.get("back") else [Moment(number, Step.RESTORED, at)]


def _bulk_undone(number: int, at: datetime, data: Data) -> list[Moment]:
    """What changed nothing that counts is not counted back."""
    steps = {BulkKind.UNWANTED: Step.RESTORED, BulkKind.TRANSFER: Step.RETRACTED, BulkKind.CLOSE: Step.RETRACTED}
    step = steps.get(data["kind"])
    return [Moment(number, step, at)] if step else []


# Those that say more than that they happened.
_TOLD: dict[str, Callable[[int, datetime, Data], list[Moment]]] = {
    history.ROUTED: _routed,
    history.LENT: _held,
    history.RETURNED: _held,
    history.DELIVERY_FAILED: _answer_failed,
    history.MERGED: _merged,
    history.UNMERGED: _unmerged,
    history.BULK_UNDONE: _bulk_undone,
    history.TRANSFERRED: lambda number, at, data: [
        Moment(number, Step.TRANSFERRED, at, service=data["to"], before=data["from"])
    ],
    history.TOPIC_CHANGED: lambda number, at, data: [
        Moment(number, Step.ABOUT, at, topic=data["to"], before=data["from"])
    ],
    history.REPLIED: _answered,
    history.TOLD_ELSEWHERE: _answered,
    history.JUDGED: lambda number, at, data: [
        Moment(number, Step.JUDGED, at, mark=data["to"], before=data.get("from", ""))
    ],
}
_KINDS = (*_STEPS, *_TOLD)


@dataclass(frozen=True)
class Services:
    """The services by their slugs, with their hours; those of one calendar share them."""

    ids: Mapping[str, int]
    slugs: Mapping[int, str]
    hours: Mapping[str, Hours]


def services_now(session: Session) -> Services:
    """As they are in the database."""
    alike: dict[tuple[str | None, str], Hours] = {}
    hours = {}
    services = session.scalars(select(Service)).all()
    for service in services:
        key = (service.academy, service.timezone)
        if key not in alike:
            alike[key] = Hours(calendar_of(service))
        hours[service.slug] = alike[key]
    ids = {service.slug: service.id for service in services}
    return Services(ids, {number: slug for slug, number in ids.items()}, hours)


def counts_of_tickets(session: Session, services: Services, ids: Collection[int], after: int, upto: int) -> Counts:
    """What the events after one id and up to another count for, given the tickets that they are of."""
    return _counts(session, services, Ticket.id.in_(ids), Event.ticket_id.in_(ids), after, upto)


def counts_of_range(session: Session, services: Services, first: int, last: int, upto: int) -> Counts:
    """What all events up to that id count for, of the tickets with ids from the first to the last."""
    tickets, events = Ticket.id.between(first, last), Event.ticket_id.between(first, last)
    return _counts(session, services, tickets, events, 0, upto)


def _counts(
    session: Session,
    services: Services,
    which: ColumnElement[bool],
    of_which: ColumnElement[bool],
    after: int,
    upto: int,
) -> Counts:
    columns = (Ticket.id, Ticket.service_id, Ticket.topic, Ticket.channel)
    tickets = {row[0]: row[1:] for row in session.execute(select(*columns).where(which))}
    events = session.execute(
        select(Event.ticket_id, Event.id, Event.kind, Event.at, Event.data)
        .where(of_which, Event.kind.in_(_KINDS), Event.id <= upto)
        .order_by(Event.ticket_id, Event.id)
    )
    counts: Counts = {}
    for ticket_id, rows in groupby(events, key=lambda row: row[0]):
        service_id, topic, channel = tickets[ticket_id]
        moments = [moment for _ticket, *event in rows for moment in _moments(services, *event)]
        if not moments:
            continue
        story = Story(services.hours.__getitem__, services.slugs[service_id], topic, str(channel))
        for told in story.told(_from_the_start(story, moments)):
            if told.number > after:
                cell = (services.ids[told.cell.service], told.cell.day, told.cell.topic, told.cell.channel)
                counts.setdefault(cell, Counter())[told.measure] += told.times
    return counts


def _moments(services: Services, number: int, kind: str, at: datetime, data: Data) -> list[Moment]:
    told = _TOLD.get(kind)
    moments = told(number, at, data) if told else [Moment(number, _STEPS[kind], at)]
    return [
        moment for moment in moments if not moment.service or {moment.service, moment.before} <= services.ids.keys()
    ]


def _from_the_start(story: Story, moments: list[Moment]) -> Iterator[Moment]:
    """The moment at which the ticket came, with whom got it and what it seemed to be about then; after it the others.

    A ticket that was split off another was never received.
    """
    first = moments[0]
    moves = (moment.before for moment in moments if moment.step in (Step.HELD, Step.TRANSFERRED))
    topics = (moment.before for moment in moments if moment.step is Step.ABOUT)
    story.service, story.topic = next(moves, story.service), next(topics, story.topic)
    yield Moment(first.number, Step.CAME, first.at)
    yield from (moment for moment in moments if moment.step is not Step.CAME)
