"""Counting working time: when a service is open, and when something is due.

Hours are those of the service's own zone, weekends and public holidays of its territory excepted. School holidays do
not stop an administration. Moments in and out are aware datetimes; those that come out are UTC. `calendars` reads what
the calendars are made of.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_LONGEST_CLOSING = 400  # days; a service closed for longer has no hours, and nobody may wait for it
_LONGEST_COUNT = 36_600  # days; a century

# The openings of each weekday, Monday first: from and until, in minutes since local midnight, in order.
Week = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Calendar:
    """When one service works. `timezone` is an IANA name; `closed` is asked about dates of that zone."""

    timezone: str
    week: Week
    closed: Callable[[date], bool]

    def works_on(self, day: date) -> bool:
        """Whether anybody is there on that day, a date of the service's own zone."""
        return bool(self.week[day.weekday()]) and not self.closed(day)

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The openings of a day, in UTC. Where the clocks change, each lasts as long as it really does."""
        zone = ZoneInfo(self.timezone)
        openings = self.week[day.weekday()] if self.works_on(day) else ()
        return tuple((_instant(day, begin, zone), _instant(day, end, zone, last=True)) for begin, end in openings)


@dataclass(frozen=True)
class Targets:
    """The working time in which somebody should have a first answer, and a solution; both count from the beginning."""

    answer: timedelta
    solution: timedelta


def _instant(day: date, minutes: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """A local time in UTC. Told twice in autumn: an opening begins at the first and ends at the last. Skipped in
    spring: the moment the clocks jump.
    """
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if last else first
    before, after = second, first
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        jumped = middle.astimezone(zone).utcoffset() == first.astimezone(zone).utcoffset()
        before, after = (before, middle) if jumped else (middle, after)
    return after.replace(second=0, microsecond=0)


def add_working_time(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The moment at which `amount` of working time has passed since `start`; with none, the next opening.

    Raises ValueError for a naive start, a negative amount, and a service that never opens again.
    """
    if amount < timedelta():
        raise ValueError("working time cannot be negative")
    left = amount
    for begin, end in _openings_from(start, calendar):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise ValueError("the service does not open that long")


def next_opening(moment: datetime, calendar: Calendar) -> datetime:
    """`moment` itself if the service is open then, else when it opens next. Raises ValueError if it never does."""
    return add_working_time(moment, timedelta(), calendar)


def working_time_between(start: datetime, stop: datetime, calendar: Calendar) -> timedelta:
    """How much working time lies between two moments; zero if `stop` is not after `start`."""
    total = timedelta()
    for begin, end in _openings_from(start, calendar):
        if begin >= stop:
            break
        total += min(end, stop) - begin
    return total


def _openings_from(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """What is left of the openings after `start`, none empty, until the service stays closed for good."""
    if start.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    free = start.astimezone(UTC)
    first = last_open = free.astimezone(ZoneInfo(calendar.timezone)).date()
    for day in (first + _DAY * count for count in range(_LONGEST_COUNT)):
        for begin, end in calendar.spans(day):
            if end > max(begin, free):
                yield max(begin, free), end
                last_open, free = day, end  # an hour told twice belongs to one opening only
        if (day - last_open).days > _LONGEST_CLOSING:
            return
