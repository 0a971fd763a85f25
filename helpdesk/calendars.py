"""What `config/calendar.toml` says: hours, holidays and targets of services, and when schools are closed."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import holidays

from helpdesk.errors import ConfigError
from helpdesk.vocabulary import Priority
from helpdesk.worktime import Calendar, Targets, Week


@dataclass(frozen=True)
class SchoolBreak:
    """A school holiday of one zone ("A", "B", "C"): its name in French, its first and last day without class."""

    name: str
    zone: str
    first: date
    last: date


@dataclass(frozen=True)
class CalendarBook:
    """`config/calendar.toml`. `week` is everybody's but for the académies in `weeks`. `departments` and `academies`
    name the territory whose public holidays are kept; by territory, `worked` names those that are not, and `closings`
    are dates added to them.
    """

    week: Week
    weeks: Mapping[str, Week]
    departments: Mapping[str, str]
    academies: Mapping[str, str]
    worked: Mapping[str, frozenset[str]]
    closings: Mapping[str, frozenset[str]]
    school_breaks: Sequence[SchoolBreak]
    targets: Mapping[Priority, Targets]

    def calendar(self, academy: str | None, timezone: str, department: str | None = None) -> Calendar:
        """The calendar of a service: by its seat where that is known, else by its académie, else France's."""
        territory = self.departments.get(department or "") or self.academies.get(academy or "") or "FR"
        worked, closings = self.worked.get(territory, frozenset()), self.closings.get(territory, frozenset())

        def closed(day: date) -> bool:
            # A day may bear two names (Ascension on 1 May): it is worked only if each of them is.
            names = {name for name in public_holidays(territory, day.year).get(day, "").split("; ") if name}
            return bool(names - worked) or day.isoformat() in closings or day.isoformat()[5:] in closings

        return Calendar(timezone, self.weeks.get(academy or "", self.week), closed)

    def school_holidays(self, zone: str, day: date) -> SchoolBreak | None:
        """The break in which `day` falls; None while schools work, and for zones or years the file does not tell."""
        return next((rest for rest in self.school_breaks if rest.zone == zone and rest.first <= day <= rest.last), None)


@cache
def public_holidays(territory: str, year: int) -> Mapping[date, str]:
    """Public holidays by date, with their French names, as the `holidays` library knows them.

    `territory` is a subdivision of that library ("974", "6AE"), or "FR" for those of all France.
    """
    subdivision = None if territory == "FR" else territory
    return dict(holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr"))


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OPENING = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_LENGTH = re.compile(r"(\d{1,3})\s*h(?:eures?)?\s*([0-5]\d)?|(\d{1,4})\s*min(?:utes?)?|(\d{1,3})\s*j(?:ours?)?")
_DATE = re.compile(r"(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def load_calendar(path: Path) -> CalendarBook:
    """Read and check `config/calendar.toml`. Raises one ConfigError that names file and key of all that is wrong."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path.name} : {error}."]) from error
    problems: list[str] = []
    hours, days = dict(_table(told, "hours", problems)), _table(told, "holidays", problems)
    weeks = {code: _week(week, problems) for code, week in _table(hours, "academies", problems).items()}
    hours.pop("academies", None)
    week = _week(hours, problems)
    book = CalendarBook(
        week,
        weeks,
        departments=_territories(_table(days, "departments", problems), problems),
        academies=_territories(_table(days, "academies", problems), problems),
        worked=_by_territory(_table(days, "worked", problems), _is_holiday, "des noms de jours fériés", problems),
        closings=_by_territory(_table(days, "closed", problems), _is_date, "« 06-29 » ou « 2027-05-07 »", problems),
        school_breaks=_school_breaks(told.get("school_holidays", []), problems),
        targets=_targets(_table(told, "targets", problems), week, problems),
    )
    unknown = told.keys() - {"hours", "targets", "holidays", "school_holidays"}
    unknown |= days.keys() - {"departments", "academies", "worked", "closed"}
    problems += [f"[{key}] : section inconnue." for key in sorted(unknown)]
    if problems:
        raise ConfigError([f"{path.name}, {problem}" for problem in problems])
    return book


def parse_length(text: str, day: timedelta) -> timedelta:
    """« 2h », « 1h30 », « 30 min », « 2 jours »; a day is `day` long. Raises ValueError."""
    match = _LENGTH.fullmatch(text.strip())
    hours, odd_minutes, minutes, days = (int(number or 0) for number in match.groups()) if match else (0, 0, 0, 0)
    length = timedelta(hours=hours, minutes=odd_minutes + minutes) + days * day
    if not length:
        raise ValueError(f"not a length of time: {text}")
    return length


def _table(told: Mapping[str, Any], key: str, problems: list[str]) -> Mapping[str, Any]:
    table = told.get(key, {})
    if isinstance(table, dict):
        return table
    problems.append(f"[{key}] : attend une section.")
    return {}


def _week(told: Any, problems: list[str]) -> Week:
    told = told if isinstance(told, dict) else {"hours": told}
    problems += [f"[hours] « {key} » : attend un jour, de monday à sunday." for key in told.keys() - set(_WEEKDAYS)]
    return tuple(_openings(key, told.get(key, ""), problems) for key in _WEEKDAYS)


def _openings(weekday: str, told: object, problems: list[str]) -> tuple[tuple[int, int], ...]:
    openings = []
    for part in str(told).split(",") if told else []:
        match = _OPENING.fullmatch(part.strip())
        numbers = [int(number) for number in match.groups()] if match else [0, 0, 0, 0]
        openings.append((60 * numbers[0] + numbers[1], 60 * numbers[2] + numbers[3]))
    edges = [edge for opening in openings for edge in opening]
    if edges != sorted(set(edges)) or (edges and edges[-1] > 24 * 60):
        problems.append(f"[hours] « {weekday} » (« {told} ») : attend par exemple « 09:00-12:30, 13:30-17:00 ».")
    return tuple(openings)


def _territories(told: Mapping[str, Any], problems: list[str]) -> dict[str, str]:
    """Holiday subdivisions by code of a place."""
    return {code: name for code, name in told.items() if _is_territory(name, problems)}


def _is_territory(name: object, problems: list[str]) -> bool:
    known = name == "FR" or name in holidays.country_holidays("FR").subdivisions
    if not known:
        problems.append(f"[holidays] : « {name} » n’est pas un territoire de la bibliothèque holidays.")
    return known


def _by_territory(
    told: Mapping[str, Any], right: Callable[[str, str], bool], expected: str, problems: list[str]
) -> dict[str, frozenset[str]]:
    for territory, days in told.items():
        if _is_territory(territory, problems):
            wrong = [day for day in days if not right(territory, str(day))] if isinstance(days, list) else [days]
            problems += [f"[holidays] {territory} (« {day} ») : attend {expected}." for day in wrong]
    return {territory: frozenset(map(str, days)) for territory, days in told.items() if isinstance(days, list)}


def _is_holiday(territory: str, name: str) -> bool:
    # Any year will do; in this one no two holidays fall together.
    return name in public_holidays(territory, 2027).values()


def _is_date(_territory: str, day: str) -> bool:
    return _DATE.fullmatch(day) is not None


def _school_breaks(told: Any, problems: list[str]) -> tuple[SchoolBreak, ...]:
    breaks = []
    try:
        for rest in told:
            for zone, (first, last) in rest["zones"].items():
                breaks.append(SchoolBreak(str(rest["name"]), zone, first, last))
                if not (type(first) is type(last) is date and first <= last):
                    problems.append(
                        f"[[school_holidays]] « {rest['name']} », zone {zone} : attend deux dates en ordre."
                    )
    except (AttributeError, KeyError, TypeError, ValueError):
        problems.append("[[school_holidays]] : attend « name » et, par zone, « zones.A = [2026-10-17, 2026-11-01] ».")
    return tuple(breaks)


def _targets(told: Mapping[str, Any], week: Week, problems: list[str]) -> dict[Priority, Targets]:
    """By priority. A day is an ordinary one: the mean of the days on which services open."""
    openings = [sum(end - begin for begin, end in day) for day in week if day]
    day = timedelta(minutes=round(sum(openings) / len(openings))) if openings else timedelta()
    solutions = _lengths("targets.solution", _table(told, "solution", problems), day, problems)
    first_answers = {key: length for key, length in told.items() if key != "solution"}
    answers = _lengths("targets", first_answers, day, problems)
    both = [priority for priority in Priority if priority in answers and priority in solutions]
    problems += [
        f"[targets.solution] « {priority} » : plus court que la première réponse."
        for priority in both
        if solutions[priority] < answers[priority]
    ]
    return {priority: Targets(answers[priority], solutions[priority]) for priority in both}


def _lengths(section: str, told: Mapping[str, Any], day: timedelta, problems: list[str]) -> dict[Priority, timedelta]:
    lengths = {}
    for key in [*Priority, *(told.keys() - set(Priority))]:
        try:
            lengths[Priority(key)] = parse_length(str(told[key]), day)
        except (KeyError, ValueError):
            problems.append(f"[{section}] « {key} » (« {told.get(key, '')} ») : attend « 2h » ou « 2 jours ».")
    return lengths
