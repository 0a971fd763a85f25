"""A text about somebody's case made fit for everybody: who it is about is taken out, for a person to check.

What `masking` takes goes first. Then addresses, numbers and dates; names of the people, the school and the town that
the request names; greetings and signatures. Marks stay where words of a sentence stood: whoever edits rewrites it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helpdesk.privacy.masking import mask
from helpdesk.text import clean, fold, fold_in_place, tidy_lines

MARKS = {
    "nom": "[nom]",
    "établissement": "[établissement]",
    "ville": "[ville]",
    "courriel": "[courriel]",
    "téléphone": "[téléphone]",
    "numéro": "[numéro]",
    "date": "[date]",
}
_NUMBERS = (
    ("courriel", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("numéro", re.compile(r"(?<![0-9a-z])ec[ -]?[0-9a-z]{4}[ -]?[0-9a-z]{4}(?![0-9a-z])|(?<!\w)[0-9]{7}[a-z](?!\w)")),
    (
        "date",
        re.compile(
            r"(?<!\w)(?:0?[1-9]|[12][0-9]|3[01])(?:[/.-](?:0?[1-9]|1[0-2])[/.-]"
            r"| (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) )"
            r"(?:[0-9]{4}|[0-9]{2})(?!\w)"
        ),
    ),
    ("téléphone", re.compile(r"(?<!\w)(?:(?:\+|00)[1-9][0-9]{0,2}[ .()-]{0,3}|0 ?)[1-9](?:[ .-]?[0-9]){7,10}(?!\w)")),
    ("numéro", re.compile(r"(?<!\w)[0-9](?:[ .-]?[0-9]){5,15}(?!\w)")),
)
_GREETING = re.compile(r"^(?:bonjour|bonsoir|madame|monsieur|chere?|mesdames|messieurs)\b.{0,60}$")
_CLOSING = re.compile(
    r"^(?:bien )?(?:cordialement|respectueusement|salutations|sinceres salutations|bonne journee)\b.{0,60}$"
)
# Words of names of schools that say nothing of which school it is.
_COMMON = {"ecole", "college", "lycee", "maternelle", "elementaire", "primaire", "publique", "prive", "privee",
           "professionnel", "general", "technologique", "de", "du", "des", "la", "le", "les", "et", "saint", "sainte",
           "jean", "notre", "dame"}  # fmt: skip


@dataclass(frozen=True)
class Impersonal:
    """`text` without what was taken out; `taken` says how often what, for the person who checks it."""

    text: str
    taken: Mapping[str, int]


def impersonal(
    text: str, *, people: Iterable[str] = (), schools: Iterable[str] = (), towns: Iterable[str] = ()
) -> Impersonal:
    """The text for everybody. Names are those that the request knows; one that nobody gave is for the reader to see."""
    masked = mask(clean(text))
    taken: Counter[str] = Counter(secret=len(masked.found)) if masked.found else Counter()
    kept = _without_courtesies(masked.text, taken)
    for kind, pattern in _NUMBERS:
        kept = _replaced(kept, pattern, kind, taken)
    for kind, names in (("établissement", schools), ("nom", people), ("ville", towns)):
        for pattern in _patterns(names, parts=kind == "nom"):
            kept = _replaced(kept, pattern, kind, taken)
    return Impersonal(tidy_lines(kept), dict(taken))


def marks_in(text: str) -> list[str]:
    """The marks that still stand where somebody must rewrite a sentence."""
    return [mark for mark in MARKS.values() if mark in text]


def _without_courtesies(text: str, taken: Counter[str]) -> str:
    """Without the greeting at its head, and all from the closing words on."""
    lines = text.strip().split("\n")
    if lines and _GREETING.match(fold(lines[0]).strip()):
        taken["formule de politesse"] += 1
        lines = lines[1:]
    for place in range(len(lines) - 1, max(len(lines) - 12, -1), -1):
        if _CLOSING.match(fold(lines[place]).strip()):
            taken["formule de politesse"] += 1
            return "\n".join(lines[:place])
    return "\n".join(lines)


def _patterns(names: Iterable[str], *, parts: bool) -> list[re.Pattern[str]]:
    """The names, longest first; of people each part alone as well."""
    wanted = {" ".join(re.findall(r"[^\W_]+", fold(name))) for name in names}
    if parts:
        wanted |= {part for name in wanted for part in name.split()}
    worth = (name for name in wanted if len(name) > 2 and not set(name.split()) <= _COMMON)
    return [
        re.compile(r"(?<!\w)" + r"[\W_]{1,3}".join(map(re.escape, name.split())) + r"(?!\w)")
        for name in sorted(worth, key=lambda name: (-len(name), name))
    ]


def _replaced(text: str, pattern: re.Pattern[str], kind: str, taken: Counter[str]) -> str:
    """The mark in place of each find; marks that are there already stay."""
    ground, parts, at = fold_in_place(text), [], 0
    for found in pattern.finditer(ground):
        if text[max(found.start() - 1, 0) : found.end() + 1] in MARKS.values():
            continue
        parts += [text[at : found.start()], MARKS[kind]]
        taken[kind] += 1
        at = found.end()
    return "".join([*parts, text[at:]])
