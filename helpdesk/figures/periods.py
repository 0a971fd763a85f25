"""Periods of days, and how they are read: whole months at once where there are any, and single days at the edges."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY, MONTH = "d", "m"  # grains of the rows of figures
ALL = ""  # topic and channel of the rows that hold all of them together
BY_DAY = 62  # a longer period is shown by months
LONGEST = 3 * 366
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Slice:
    """Rows of one grain whose first days lie between these, both included."""

    grain: str
    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def by_month(self) -> bool:
        """Whether months are shown, not days."""
        return self.days > BY_DAY

    def before(self) -> "Period":
        """As many days just before."""
        return Period(self.first - timedelta(days=self.days), self.first - _ONE)

    def steps(self) -> list[date]:
        """The first days of what is shown: each day, or each month as far as it is in the period."""
        return list(dict.fromkeys(map(self.step, _days(self.first, self.last))))

    def step(self, day: date) -> date:
        """Under which of them a day is shown."""
        return day.replace(day=1) if self.by_month else day

    def slices(self) -> list[Slice]:
        """What to read; nothing is in two of them."""
        if not self.by_month:
            return [Slice(DAY, self.first, self.last)]
        begin = self.first if self.first.day == 1 else _next_month(self.first)
        end = (self.last + _ONE).replace(day=1)  # the first day after the last whole month
        edges = (Slice(DAY, self.first, begin - _ONE), Slice(DAY, end, self.last))
        months = Slice(MONTH, begin, end - _ONE)
        return [months, *(edge for edge in edges if edge.first <= edge.last)]


def latest(days: int, today: date) -> Period:
    """So many days up to today."""
    return Period(today - timedelta(days=days - 1), today)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
