"""Moments as agents read them at a glance, in the zone of the ticket's service: how old, due when, late since when."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta, get_timezone_location

HOME = "Europe/Paris"
_WEEK = 7
_NEAR = {-1: "hier", 0: "", 1: "demain"}


@dataclass(frozen=True)
class Due:
    """When an answer is due, in words; `late` when that moment has passed."""

    text: str
    late: bool


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that still tells: "il y a 3 heures"."""
    return format_timedelta(since - now, add_direction=True, threshold=2, locale="fr")


def short_age(since: datetime, now: datetime) -> str:
    """The same for a narrow column: "il y a 3 h"."""
    short = format_timedelta(since - now, add_direction=True, threshold=2, format="short", locale="fr")
    return short.replace(" ", "\u00a0")


def due(at: datetime, now: datetime, timezone: str) -> Due:
    """The due date as an order or a reproach. A zone other than that of Paris is named: the reader may be elsewhere."""
    late = at < now
    day, hour = _day(at, now, timezone), f"{_hour(at, timezone)}{zone_note(timezone)}"
    if late:
        return Due(f"En retard depuis {f'{day} ' if day else ''}{hour}", late)
    return Due(f"À répondre avant {day} {hour}" if day else f"À répondre aujourd’hui avant {hour}", late)


def zone_note(timezone: str) -> str:
    """ " (heure de Mayotte)", or nothing for the zone of Paris."""
    return "" if timezone == HOME else f" (heure de {get_timezone_location(timezone, locale='fr', return_city=True)})"


def _day(at: datetime, now: datetime, timezone: str) -> str:
    """The day as people say it in that week, empty for today."""
    zone = ZoneInfo(timezone)
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    distance = (day - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    if abs(distance) < _WEEK:
        return format_date(day, "EEEE", locale="fr")
    return format_date(day, "'le' d MMMM," if day.year == today.year else "'le' d MMMM y,", locale="fr")


def _hour(at: datetime, timezone: str) -> str:
    here = at.astimezone(ZoneInfo(timezone))
    return format_time(here.time(), "H 'h' mm" if here.minute else "H 'h'", locale="fr").replace(" ", "\u00a0")
