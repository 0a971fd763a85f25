"""The words of a call: templates of `templates/phone/`, one file a language, so that rectorates change them there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpdesk.intake.phone.voice.script import LANGUAGES

_NEAR = {"fr": ("aujourd’hui", "demain"), "en": ("today", "tomorrow")}
_AGENTS = "ticket.txt"


class Wording:
    """Says what a template says. `folder` holds one file for each language."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(  # noqa: S701 (what is said is no HTML; TwiML is escaped where it is made)
            loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._macros: dict[str, Any] = {
            code: self._environment.get_template(f"{code}.txt").module for code in LANGUAGES
        }

    def lines(self, language: str, name: str, said: Mapping[str, Any]) -> list[str]:
        """The sentences of a macro, without empty ones."""
        return _lines(getattr(self._macros[language], name)(said))

    def for_agents(self, said: Mapping[str, Any]) -> str:
        """The text of the ticket, in French."""
        return "\n".join(_lines(self._environment.get_template(_AGENTS).render(said=said)))


def say_moment(moment: datetime, now: datetime, timezone: str, language: str) -> str:
    """« demain à 9 heures »: as it is said, not as it is written."""
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    joint = " à " if language == "fr" else " at "
    return f"{say_day(local.date(), now.astimezone(zone).date(), language)}{joint}{say_time(local, language)}"


def say_day(day: date, today: date, language: str) -> str:
    """« aujourd’hui », « demain », « lundi 30 novembre »."""
    near = (day - today) // timedelta(days=1)
    if near in (0, 1):
        return _NEAR[language][near]
    said = format_date(day, "EEEE d MMMM" if language == "fr" else "EEEE, d MMMM", locale=language)
    return said if language == "fr" else f"on {said}"


def say_time(local: datetime, language: str) -> str:
    """« 14 heures 30 »; in English by the clock of twelve hours."""
    if language == "fr":
        return f"{local.hour} heure{'s' if local.hour > 1 else ''}{f' {local.minute}' if local.minute else ''}"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes} {'am' if local.hour < 12 else 'pm'}"


def say_slots(slots: Sequence[tuple[str, str]], now: datetime, timezone: str, language: str) -> list[dict[str, str]]:
    """Slots as the script remembers them, in words."""
    zone = ZoneInfo(timezone)
    told = []
    for start, end in slots:
        begin, until = (datetime.fromisoformat(moment).astimezone(zone) for moment in (start, end))
        day = say_day(begin.date(), now.astimezone(zone).date(), language)
        told.append({"day": day, "start": say_time(begin, language), "end": say_time(until, language)})
    return told


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
