"""Which figures an address asks for. What it says wrongly is told in words, and the rest holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from helpdesk.figures.looking import By, Wanted
from helpdesk.figures.periods import LONGEST, Period, latest
from helpdesk.text import one_line
from helpdesk.vocabulary import Channel
from helpdesk.workspace import words
from helpdesk.workspace.fields import read_day

PERIODS = {7: "7 jours", 30: "30 jours", 365: "12 mois"}
USUAL = 30
_OLDEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Asked:
    """`days` is the chosen period, 0 for one from day to day. `typed` is what stands in the two fields of days."""

    wanted: Wanted
    days: int
    typed: tuple[str, str]
    problems: tuple[str, ...]

    def arguments(self, **others: str) -> dict[str, str]:
        """The address again, with some of it changed; a choice of days ends one of dates."""
        wanted, said = self.wanted, dict(zip(("du", "au"), self.typed, strict=True))
        if self.days:
            said = {"periode": str(self.days)}
        said |= {"service": wanted.service, "sujet": wanted.topic, "canal": wanted.channel, "academie": wanted.academy}
        said |= {"par": wanted.by.value}
        if "periode" in others:
            said |= {"du": "", "au": ""}
        return {name: value for name, value in (said | others).items() if value}


def read_asked(arguments: Mapping[str, str], today: date) -> Asked:
    """Read an address. A service is left as it is: whether there is one, permission tells."""
    problems: list[str] = []
    typed = (one_line(arguments.get("du", ""), 20), one_line(arguments.get("au", ""), 20))
    days = next((each for each in PERIODS if str(each) == arguments.get("periode")), USUAL)
    period = latest(days, today)
    if any(typed):
        period, days = _from_to(typed, today, problems) or period, 0
        days = USUAL if problems else 0
    topic, channel = arguments.get("sujet", ""), arguments.get("canal", "")
    if topic and topic not in dict(words.topics()):
        problems.append(_("Ce sujet n’existe pas : il n’est pas pris en compte."))
        topic = ""
    if channel and channel not in set(Channel):
        problems.append(_("Ce canal n’existe pas : il n’est pas pris en compte."))
        channel = ""
    by = next((by for by in By if by == arguments.get("par")), By.SERVICE)
    service, academy = (one_line(arguments.get(name, ""), 80) for name in ("service", "academie"))
    return Asked(Wanted(period, by, service, topic, channel, academy), days, typed, tuple(problems))


def _from_to(typed: tuple[str, str], today: date, problems: list[str]) -> Period | None:
    """The period that was typed; a missing last day is today. What is wrong is added to the problems."""
    first, last = (_day(text) for text in typed)
    last = today if last is None and not typed[1] else last
    if first is None or last is None:
        problems.append(_("Écrivez les deux jours ainsi : 31/12/2026. Voici les 30 derniers jours."))
    elif last < first:
        problems.append(_("Le dernier jour vient avant le premier. Voici les 30 derniers jours."))
    elif (last - first).days >= LONGEST or not _OLDEST <= first <= last <= date(2999, 1, 1):
        problems.append(_("Choisissez trois ans au plus. Voici les 30 derniers jours."))
    else:
        return Period(first, last)
    return None


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except (ValueError, OverflowError):
        return None
