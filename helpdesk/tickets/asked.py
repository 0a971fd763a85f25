"""What an agent asks the search: words, and narrowings as « statut:résolue avant:01/11/2026 ».

French and English names alike. A narrowing that cannot be understood is told, and looked for as words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from helpdesk.text import clean, fold
from helpdesk.tickets.filters import CHANNEL_WORDS, PRIORITY_WORDS, STATUS_WORDS, Filters
from helpdesk.tickets.search_terms import Field, Term
from helpdesk.tickets.search_words import MOST_TERMS, terms_in
from helpdesk.vocabulary import Channel, Priority, Status

LONGEST = 500  # characters of a search
_NAMES = {
    "de": "who", "from": "who", "ecole": "school", "etablissement": "school", "school": "school",
    "fichier": "files", "file": "files", "statut": "status", "status": "status", "etat": "status",
    "priorite": "priority", "priority": "priority", "canal": "channel", "channel": "channel",
    "service": "service", "etiquette": "tag", "tag": "tag",
    "avant": "before", "before": "before", "apres": "after", "after": "after",
}  # fmt: skip
_NARROWING = re.compile(r'(?<!\S)([^\W\d_]{2,14}):\s?("[^"]*"|«[^»]*»|[^\s"«]+)')
_MORE_STATUS_WORDS = {
    "ouverte": Status.OPEN, "ouvert": Status.OPEN, "nouveau": Status.NEW, "attente": Status.WAITING,
    "resolu": Status.SOLVED, "clos": Status.CLOSED,
}  # fmt: skip
_MEMBERS: Mapping[str, Mapping[str, object]] = {
    "status": {**STATUS_WORDS, **_MORE_STATUS_WORDS, **{each.value: each for each in Status}},
    "priority": {**PRIORITY_WORDS, **{each.value: each for each in Priority}},
    "channel": {**CHANNEL_WORDS, "mail": Channel.EMAIL, **{each.value: each for each in Channel}},
}
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (0, 1, 2)),
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), (2, 1, 0)),
    (re.compile(r"(\d{1,2})[/.](\d{4})"), (1, 0, None)),
    (re.compile(r"(\d{4})-(\d{1,2})"), (0, 1, None)),
    (re.compile(r"(\d{4})"), (0, None, None)),
)


@dataclass(frozen=True)
class Asked:
    """`before` and `after` are days: received before that day began, or from that day on. `service` is as written.

    `problems` are sentences for the person who asks.
    """

    terms: tuple[Term, ...] = ()
    filters: Filters = field(default_factory=Filters)
    service: str = ""
    before: date | None = None
    after: date | None = None
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.filters or self.service or self.before or self.after)


def read_asked(text: str, today: date) -> Asked:
    """Any text will do."""
    asked, terms, rest, end = Asked(), list[Term](), list[str](), 0
    text = clean(text)[:LONGEST]
    for match in _NARROWING.finditer(text):
        kind, said = _NAMES.get(fold(match[1])), match[2].strip('"«» \u00a0')
        if kind is None or not said:
            continue
        rest.append(text[end : match.start()])
        end = match.end()
        if kind in set(Field):
            terms += terms_in(f'"{said}"', Field(kind))
        elif (narrower := _narrowed(asked, kind, said, today)) is not None:
            asked = narrower
        else:
            asked = replace(asked, problems=(*asked.problems, _PROBLEMS[kind](said)))
    terms += terms_in(" ".join([*rest, text[end:]]))
    return replace(asked, terms=tuple(dict.fromkeys(terms))[:MOST_TERMS])


def _narrowed(asked: Asked, kind: str, said: str, today: date) -> Asked | None:
    if kind == "service":
        return replace(asked, service=said)
    if kind in ("before", "after"):
        day = read_day(said, today)
        return None if day is None else replace(asked, **{kind: day})  # type: ignore[arg-type]
    if kind == "tag":
        return replace(asked, filters=replace(asked.filters, tag=said))
    member = _MEMBERS[kind].get(re.sub(r"[\s_]+", "-", fold(said)))
    return None if member is None else replace(asked, filters=replace(asked.filters, **{kind: member}))  # type: ignore[arg-type]


def read_day(said: str, today: date) -> date | None:
    """A day, or the first of a month or a year: « 2026-11-03 », « 3/11/2026 », « 11/2026 », « hier », « 7j »."""
    words = fold(said).replace("'", "")
    near = {"aujourdhui": 0, "today": 0, "hier": 1, "yesterday": 1}
    if words in near:
        return today - timedelta(days=near[words])
    if ago := re.fullmatch(r"(\d{1,4})(?:j|d)", words):
        return today - timedelta(days=int(ago[1]))
    for pattern, places in _DATES:
        if match := pattern.fullmatch(words):
            year, month, day = (1 if place is None else int(match.groups()[place]) for place in places)
            try:
                return date(year, month, day) if 1900 < year < 2200 else None
            except ValueError:
                return None
    return None


_ACCENTS = {"resolue": "résolue", "telephone": "téléphone"}


def _one_of(name: str, words: Mapping[str, object]) -> Callable[[str], str]:
    return lambda said: (
        f"« {said} » n’est pas {name}. Écrivez : {', '.join(_ACCENTS.get(word, word) for word in words)}."
    )


def _no_day(said: str) -> str:
    return f"« {said} » n’est pas une date. Écrivez par exemple 2026-11-03, 03/11/2026, hier ou 7j."


_PROBLEMS: Mapping[str, Callable[[str], str]] = {
    "status": _one_of("un état", STATUS_WORDS),
    "priority": _one_of("une priorité", PRIORITY_WORDS),
    "channel": _one_of("un canal", CHANNEL_WORDS),
    "before": _no_day,
    "after": _no_day,
}
