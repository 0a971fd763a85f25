"""Working time of a service: when it is open, and when something is due.

A service works from Monday to Friday between two hours of its own zone, public holidays of its territory excepted.
School holidays do not stop an administration. All moments in and out are aware UTC datetimes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from helpdesk.errors import ConfigError
from helpdesk.vocabulary import Priority

_SATURDAY = 5
_HORIZON = 3660  # days; a calendar without a working day for ten years is a mistake, not a long wait


@dataclass(frozen=True)
class Calendar:
    """`subdivision` is that of the `holidays` library ("974", "6AE"), empty for metropolitan France."""

    timezone: str
    opens: time
    closes: time
    subdivision: str = ""
    _holidays: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a service opens before it closes")
        # Filled year by year as dates are asked for.
        object.__setattr__(self, "_holidays", holidays.country_holidays("FR", subdiv=self.subdivision or None))

    def works_on(self, day: date) -> bool:
        """Whether anybody is there on that day, a date of the service's own zone."""
        return day.weekday() < _SATURDAY and day not in self._holidays

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of a day that is worked, in UTC."""
        zone = ZoneInfo(self.timezone)
        opens, closes = (datetime.combine(day, hour, zone).astimezone(UTC) for hour in (self.opens, self.closes))
        return opens, closes

    @property
    def day(self) -> timedelta:
        """The length of one working day."""
        return timedelta(hours=self.closes.hour - self.opens.hour, minutes=self.closes.minute - self.opens.minute)


@dataclass(frozen=True)
class CalendarBook:
    """`config/calendar.toml`: hours, holidays by académie, and the time each priority allows, in working time."""

    opens: time
    closes: time
    subdivisions: Mapping[str, str]
    targets: Mapping[Priority, timedelta]

    def calendar(self, academy: str | None, timezone: str) -> Calendar:
        """The calendar of a service of that académie; national services keep Paris holidays."""
        return Calendar(timezone, self.opens, self.closes, self.subdivisions.get(academy or "", ""))


def add_working_time(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The moment at which `amount` of working time has passed since `start`."""
    left, day = amount, start.astimezone(ZoneInfo(calendar.timezone)).date()
    for _ in range(_HORIZON):
        if calendar.works_on(day):
            opens, closes = calendar.span(day)
            begins = max(opens, start)
            if begins < closes:
                if left <= closes - begins:
                    return begins + left
                left -= closes - begins
        day += timedelta(days=1)
    raise ValueError("no working day in sight")


def working_time_between(begin: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much working time lies between two moments; zero if `end` is not after `begin`."""
    zone = ZoneInfo(calendar.timezone)
    day, last, total = begin.astimezone(zone).date(), end.astimezone(zone).date(), timedelta()
    while day <= last:
        if calendar.works_on(day):
            opens, closes = calendar.span(day)
            total += max(min(closes, end) - max(opens, begin), timedelta())
        day += timedelta(days=1)
    return total


def next_opening(moment: datetime, calendar: Calendar) -> datetime:
    """`moment` itself if the service is open then, else when it opens next."""
    return add_working_time(moment, timedelta(), calendar)


def load_calendar(path: Path) -> CalendarBook:
    """Read and check `config/calendar.toml`. Raises ConfigError that names file and key."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path.name} : {error}."]) from error
    problems: list[str] = []
    opens, closes = (_hour(told, key, path.name, problems) for key in ("opens", "closes"))
    if not problems and opens >= closes:
        problems.append(f"{path.name} : « opens » doit précéder « closes ».")
    subdivisions = {code: str(name) for code, name in told.get("holidays", {}).items()}
    for code, name in subdivisions.items():
        if name not in holidays.list_supported_countries()["FR"]:
            problems.append(f"{path.name}, [holidays] « {code} » : territoire « {name} » inconnu.")
    targets = {priority: _target(told, priority, path.name, problems) for priority in Priority}
    if problems:
        raise ConfigError(problems)
    return CalendarBook(opens, closes, subdivisions, targets)


def _hour(told: dict[str, Any], key: str, file: str, problems: list[str]) -> time:
    try:
        return time.fromisoformat(str(told["hours"][key]))
    except (KeyError, TypeError, ValueError):
        problems.append(f"{file}, [hours] « {key} » : attend une heure comme \"09:00\".")
        return time()


def _target(told: dict[str, Any], priority: Priority, file: str, problems: list[str]) -> timedelta:
    """Hours of working time, as the file gives them."""
    hours = told.get("targets", {}).get(priority.value)
    if not isinstance(hours, int | float) or isinstance(hours, bool) or not 0 < hours < 10_000:
        problems.append(f"{file}, [targets] « {priority.value} » : attend un nombre d’heures de travail.")
        return timedelta()
    return timedelta(hours=hours)
