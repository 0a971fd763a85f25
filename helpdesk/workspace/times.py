"""Moments as agents read them at a glance, in the zone of the ticket's service: how old, due when, late since when."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta, get_timezone_location

from helpdesk.models import Ticket
from helpdesk.tickets.clock import shown
from helpdesk.vocabulary import Lateness

HOME = "Europe/Paris"
_WEEK = 7
_NEAR = {-1: "hier", 0: "", 1: "demain"}


@dataclass(frozen=True)
class Due:
    """When something is due, in words, and how long that is from now: "dans 2 h", "2 h de retard"."""

    text: str
    level: Lateness
    left: str


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that still tells: "il y a 3 heures"."""
    return format_timedelta(since - now, add_direction=True, threshold=2, locale="fr")


def short_age(since: datetime, now: datetime) -> str:
    """The same for a narrow column: "il y a 3 h"."""
    short = format_timedelta(since - now, add_direction=True, threshold=2, format="short", locale="fr")
    return short.replace(" ", "\u00a0")


def due(ticket: Ticket, now: datetime) -> Due:
    """The due date of a ticket that somebody must answer, as an order or a reproach. A zone other than that of Paris is
    named: the reader may be elsewhere.
    """
    at, timezone = ticket.due_at, ticket.service.timezone
    level = shown(at, ticket.lateness, ticket.alarm_at, now)
    day, hour = _day(at, now, timezone), f"{_hour(at, timezone)}{zone_note(timezone)}"
    if at <= now:
        return Due(f"En retard depuis {f'{day} ' if day else ''}{hour}", level, f"{span(at, now)} de retard")
    order = "À résoudre" if ticket.answered_at else "À répondre"
    when = f"avant {day} {hour}" if day else f"aujourd’hui avant {hour}"
    return Due(f"{order} {when}", level, f"dans {span(at, now)}")


def span(at: datetime, now: datetime) -> str:
    """The time between two moments, in the largest unit that still tells; never more than there is."""
    seconds = int(abs(at - now).total_seconds())
    for unit, size in (("j", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size * (2 if unit == "j" else 1):
            return f"{seconds // size}\u00a0{unit}"
    return "moins d’une minute"


def slot(start: datetime, end: datetime, now: datetime, timezone: str) -> str:
    """Between two moments of a day: "demain de 14 h à 16 h"."""
    day = _day(start, now, timezone) or "aujourd’hui"
    return f"{day} de {_hour(start, timezone)} à {_hour(end, timezone)}{zone_note(timezone)}"


def moment(at: datetime, now: datetime, timezone: str) -> str:
    """A moment near to now: "demain 9 h", "aujourd’hui 16 h 30"."""
    return f"{_day(at, now, timezone) or 'aujourd’hui'} {_hour(at, timezone)}{zone_note(timezone)}"


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
    return f"{here.hour}\u00a0h\u00a0{here.minute:02}" if here.minute else f"{here.hour}\u00a0h"


def stamp(at: datetime, timezone: str) -> str:
    """A moment as a table sorts it: "2026-11-23 10:05"."""
    return f"{at.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"
