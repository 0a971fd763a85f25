"""When somebody can be called back: parts of the opening hours of the service that will call."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from helpdesk.worktime import Calendar

_NOTICE = timedelta(minutes=30)  # an agent needs some time to see that a call is due
_DAYS = 15


def next_slots(now: datetime, calendar: Calendar, number: int, length: timedelta) -> list[tuple[datetime, datetime]]:
    """The next ones, in UTC, each `length` long at most; none for a service that does not open soon."""
    return list(islice(_slots(now + _NOTICE, calendar, length), number))


def _slots(earliest: datetime, calendar: Calendar, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    earliest += timedelta(minutes=-earliest.minute % 15, seconds=-earliest.second, microseconds=-earliest.microsecond)
    today = earliest.astimezone(ZoneInfo(calendar.timezone)).date()
    for day in (today + timedelta(days=count) for count in range(_DAYS)):
        for begin, end in calendar.spans(day):
            while begin < end:
                until = min(begin + length, end)
                if until > earliest + _NOTICE:
                    yield max(begin, earliest), until
                begin = until
