"""Keeping the figures: events are counted once, by their ids, and added to the rows of their day and of their month.

`FiguresMark` says how far; whoever counts on holds its row. Everything can be counted anew from the history.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.figures.counting import Counts, Services, counts_of_range, counts_of_tickets, services_now
from helpdesk.figures.measures import MEASURES
from helpdesk.figures.periods import ALL, DAY, MONTH
from helpdesk.models import Event, FiguresMark, Ticket, figure

AT_ONCE = 4_000  # events of one transaction
ROUNDS = 10  # of one turn of the duty
_TICKETS = 2_000  # read at once when all is counted anew
# Ids are given out before their transactions commit: below an id that was seen this long ago, none comes any more.
_SETTLED = timedelta(minutes=1)


def count_on(now: datetime, *, at_once: int = AT_ONCE, rounds: int = ROUNDS) -> int:
    """Count the events that the last turn saw; returns how many ids it went on. Far behind, the next turn goes on."""
    services = services_now(db.session())
    total = 0
    for _round in range(rounds):
        with transaction() as session:
            mark = _mark(session)
            after = mark.counted_to
            if mark.seen_at is not None and mark.seen_at <= now - _SETTLED:
                mark.counted_to = min(mark.seen, after + at_once)
                _add(session, counts_between(session, services, after, mark.counted_to))
            if mark.seen_at is None or mark.counted_to == mark.seen:
                mark.seen, mark.seen_at = _last(session), now
            done = mark.counted_to - after
        total += done
        if done < at_once:
            break
    return total


def rebuild() -> int:
    """Count everything anew; returns how many tickets there were. Nobody waits meanwhile: it is counted first, then
    written in one transaction, and what came in between is counted on by the next turn of the duty.
    """
    session: Session = db.session()
    upto = session.scalar(select(FiguresMark.seen)) or _last(session)
    last = session.scalar(select(func.max(Ticket.id))) or 0
    services, counts, count = services_now(session), Counts(), 0
    for first in range(1, last + 1, _TICKETS):
        for cell, measured in counts_of_range(session, services, first, first + _TICKETS - 1, upto).items():
            counts.setdefault(cell, Counter()).update(measured)
    count = session.scalar(select(func.count()).select_from(Ticket)) or 0
    with transaction() as session:
        mark = _mark(session)
        session.execute(delete(figure))
        _add(session, counts)
        mark.counted_to = upto
        mark.seen = max(mark.seen, upto)
    return count


def counts_between(session: Session, services: Services, after: int, upto: int) -> Counts:
    """What the events after one id and up to another count for."""
    touched = select(Event.ticket_id).where(Event.id > after, Event.id <= upto).distinct()
    return counts_of_tickets(session, services, session.scalars(touched).all(), after, upto)


def counted_to(session: Session) -> int:
    """Id of the last event that is counted."""
    return session.scalar(select(FiguresMark.counted_to)) or 0


def _mark(session: Session) -> FiguresMark:
    return session.scalars(select(FiguresMark).with_for_update()).one()


def _last(session: Session) -> int:
    """Id of the last event that is there."""
    return session.scalar(select(func.max(Event.id))) or 0


def _add(session: Session, counts: Counts) -> None:
    """Add to the rows of the days and of their months."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(figure)
    more = {name: figure.c[name] + new.excluded[name] for name in MEASURES}
    if rows := list(_rows(counts)):
        session.execute(new.on_conflict_do_update(index_elements=list(figure.primary_key), set_=more), rows)


def _rows(counts: Counts) -> Iterable[dict[str, Any]]:
    cells: dict[tuple[str, int, date, str, str], Counter[str]] = {}
    for (service, day, topic, channel), measured in counts.items():
        grains = ((DAY, day), (MONTH, day.replace(day=1)))
        for (grain, first_day), kind in product(grains, ((topic, channel), (ALL, ALL))):
            into = cells.setdefault((grain, service, first_day, *kind), Counter())
            for name, times in measured.items():
                into[name] += times
    for (grain, service, first_day, topic, channel), measured in sorted(cells.items()):
        key = {"grain": grain, "service_id": service, "first_day": first_day, "topic": topic, "channel": channel}
        yield key | {name: measured[name] for name in MEASURES}
