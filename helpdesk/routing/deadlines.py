"""Dates that a message gives as a limit, and whether one is near enough to press.

The day of the message matters: « demain » is read against `today`, a date in Paris.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from helpdesk.routing.hits import Hit
from helpdesk.text import fold_in_place, one_line

NEAR = 2  # working days
_BEFORE = 70  # characters: how far a limit may stand before its date (« avant le », « date limite : »)
_AFTER = 45  # and after it (« demain, c'est le dernier jour »)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january enero",
            "fevrier fev february febrero",
            "mars march marzo",
            "avril avr april abril",
            "mai may mayo",
            "juin june junio",
            "juillet juil july julio",
            "aout august agosto",
            "septembre sept september septiembre",
            "octobre oct october octubre",
            "novembre nov november noviembre",
            "decembre dec december diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "lundi monday lunes",
            "mardi tuesday martes",
            "mercredi wednesday miercoles",
            "jeudi thursday jueves",
            "vendredi friday viernes",
            "samedi saturday sabado",
            "dimanche sunday domingo",
        )
    )
    for name in names.split()
}
_IN_DAYS = {
    "aujourd'hui": 0, "aujourdhui": 0, "ajd": 0, "auj": 0, "ce soir": 0, "cet apres-midi": 0, "cette nuit": 0,
    "minuit": 0, "ce midi": 0, "today": 0, "tonight": 0, "midnight": 0, "hoy": 0, "esta noche": 0, "lyoum": 0,
    "lioum": 0, "lyouma": 0, "dans la journee": 0, "dans l'heure": 0, "demain": 1, "dmain": 1, "2main": 1, "dem1": 1,
    "tomorrow": 1, "manana": 1, "ghedwa": 1, "ghdwa": 1, "ghoudwa": 1, "ghadda": 1, "ghedda": 1, "ghda": 1,
    "apres-demain": 2, "apres demain": 2, "pasado manana": 2, "day after tomorrow": 2,
}  # fmt: skip
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "premier": 1, "1er": 1, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20, "vingt et un": 21, "vingt-et-un": 21, "trente": 30,
    "vingt-deux": 22, "vingt-trois": 23, "vingt-quatre": 24, "vingt-cinq": 25, "vingt-six": 26, "vingt-sept": 27,
    "vingt-huit": 28, "vingt-neuf": 29, "trente et un": 31, "trente-et-un": 31, "vingt quatre": 24, "vingt cinq": 25,
    "vingt six": 26, "vingt sept": 27, "vingt huit": 28, "vingt neuf": 29, "vingt deux": 22, "vingt trois": 23,
    "dix sept": 17, "dix huit": 18, "dix neuf": 19, "two": 2, "three": 3, "dos": 2, "tres": 3,
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"


_WEEKDAY = _any(_WEEKDAYS)
_MONTH = _any(_MONTHS)
_COUNT = _any(word for word in _NUMBERS if " " not in word)
_DATE = re.compile(
    rf"(?<![\w/.-])(?:(?P<in_days>{_any(_IN_DAYS)})"
    # le (jeudi) 26 novembre (2026), jeudi 26/11, November 26th
    rf"|(?:(?:{_WEEKDAY}),? (?:le )?|le |au |el )?(?:(?P<day>\d{{1,2}}|{_any(_NUMBERS)})(?:er|th|st|nd|rd)?(?: de)? ?"
    rf"(?P<month>{_MONTH})\b\.?(?: (?:de )?(?P<year>20\d\d))?"
    rf"|(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})(?:[/.-](?P<y>20\d\d|\d\d))?(?![/.-]?\d))"
    rf"|(?P<month_first>{_MONTH}) (?P<day_after>\d{{1,2}})(?:th|st|nd|rd)"
    # dans deux jours, sous 48 h
    rf"|(?<!depuis )(?<!depuis les )(?<!il y a )(?:(?:dans|sous|d'ici|in|within) )?(?:les )?"
    rf"(?P<hours>24|36|48|72) ?(?:h|heures?|hours?|horas?)"
    rf"|(?:dans|sous|d'ici|reste|restent|que|in|within|en)(?: les)? "
    rf"(?:(?P<count>\d|{_COUNT}) (?:petits? )?(?:jours?(?: ouvres?)?|days?|dias?))"
    # jeudi, jeudi 26, le 26
    rf"|(?<!depuis )(?:{_WEEKDAY} (?:le )?(?P<weekday_day>\d{{1,2}})(?!\w|[/:.,-]?\d| ?h)"
    rf"|(?P<weekday>{_WEEKDAY})(?: prochain)?(?! dernier(?! (?:jour|delai|carat|moment))))"
    rf"|(?:le|au) (?P<bare_day>\d{{1,2}})(?!\w|[/:.,-]?\d|[ -]?(?:h|%|rue|avenue|ans|eme|e ))"
    rf")(?!\w)"
)
_SENTENCE_END = re.compile(r"[.!?…](?:\s|$)|\n\s*\n")


@dataclass(frozen=True)
class Deadline:
    """A day by which something must be done, and the words that said so, as written."""

    day: date
    words: str


def near_deadline(text: str, limits: Sequence[Hit], today: date, works_on: Callable[[date], bool]) -> Deadline | None:
    """The nearest limit that is not past and falls within two working days of `today`; None if there is none.

    `limits` are the places of words like « avant », « date limite » in `text`: a date near none of them limits nothing.
    """
    if not limits:
        return None
    last = _working_days_after(today, NEAR, works_on)
    found = [deadline for deadline in _deadlines(text, limits, today) if today <= deadline.day <= last]
    return min(found, key=lambda deadline: deadline.day, default=None)


def _deadlines(text: str, limits: Sequence[Hit], today: date) -> Iterator[Deadline]:
    folded = fold_in_place(text)
    for match in _DATE.finditer(folded):
        day = _day_of(match, today)
        if day is None:
            continue
        for limit in limits:
            if _limits(limit, match, folded):
                words = text[min(limit.start, match.start()) : max(limit.end, match.end())]
                yield Deadline(day, one_line(words))
                break


def _limits(limit: Hit, match: re.Match[str], folded: str) -> bool:
    """Whether a word of limit stands near enough to a date, in the same sentence."""
    if limit.end <= match.start():
        gap, most = folded[limit.end : match.start()], _BEFORE
    else:
        gap, most = folded[match.end() : limit.start], _AFTER
    return len(gap) <= most and not _SENTENCE_END.search(gap)


def _day_of(match: re.Match[str], today: date) -> date | None:
    """The day that a match means; None if there is no such day."""
    part = match.groupdict()
    if part["in_days"]:
        return today + timedelta(days=_IN_DAYS[part["in_days"]])
    if part["hours"]:
        return today + timedelta(days=int(part["hours"]) // 24)
    if part["count"]:
        return today + timedelta(days=_number(part["count"]))
    if part["weekday"]:
        ahead = (_WEEKDAYS[part["weekday"]] - today.weekday()) % 7
        return today + timedelta(days=ahead or 7 * ("prochain" in match[0]))
    if bare := part["bare_day"] or part["weekday_day"]:
        return _next_day(today, int(bare))
    day = part["day"] or part["day_after"] or part["d"]
    month = part["month"] or part["month_first"]
    year = part["year"] or part["y"]
    return _day(today, _number(day), _MONTHS[month] if month else int(part["m"]), year)


def _day(today: date, day: int, month: int, year: str | None) -> date | None:
    """Without a year, the one that puts the day nearest to `today`."""
    years = [int(year) % 100 + 2000] if year else [today.year - 1, today.year, today.year + 1]
    days = []
    for number in years:
        try:
            days.append(date(number, month, day))
        except ValueError:
            continue
    return min(days, key=lambda found: abs(found - today), default=None)


def _next_day(today: date, day: int) -> date | None:
    """« le 26 »: of this month or, if it is past by more than a week, of the next."""
    month = today if day >= today.day - 7 else today.replace(day=28) + timedelta(days=4)
    try:
        return month.replace(day=day)
    except ValueError:
        return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _working_days_after(today: date, count: int, works_on: Callable[[date], bool]) -> date:
    day = today
    while count:
        day += timedelta(days=1)
        count -= works_on(day)
    return day
