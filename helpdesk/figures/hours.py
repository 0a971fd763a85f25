"""Working time between two moments, for many moments at once: each day's openings are worked out once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.worktime import Calendar

_DAY = timedelta(days=1)


class Hours:
    """The hours of one calendar. Says what `worktime.working_time_between` says."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.timezone)
        self._spans: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._lengths: dict[date, float] = {}

    def day(self, moment: datetime) -> date:
        """The day it was where the service works."""
        return moment.astimezone(self._zone).date()

    def between(self, start: datetime, stop: datetime) -> float:
        """Seconds of working time; zero if `stop` is not after `start`."""
        if stop <= start:
            return 0.0
        first, last = self.day(start), self.day(stop)
        if first == last:
            return self._part(first, start, stop)
        total, day = self._part(first, start, stop) + self._part(last, start, stop), first + _DAY
        while day < last:
            total += self._length(day)
            day += _DAY
        return total

    def end_of_next_day(self, now: datetime) -> datetime:
        """When the service closes on the next day on which it works, today not counted."""
        day = self.day(now)
        for _count in range(400):
            day += _DAY
            if spans := self._openings(day):
                return spans[-1][1]
        return now.astimezone(UTC)

    def _openings(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        if day not in self._spans:
            self._spans[day] = self._calendar.spans(day)
        return self._spans[day]

    def _length(self, day: date) -> float:
        if day not in self._lengths:
            self._lengths[day] = sum((end - begin).total_seconds() for begin, end in self._openings(day))
        return self._lengths[day]

    def _part(self, day: date, start: datetime, stop: datetime) -> float:
        cut = ((max(begin, start), min(end, stop)) for begin, end in self._openings(day))
        return sum(max((end - begin).total_seconds(), 0.0) for begin, end in cut)
