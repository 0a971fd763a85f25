"""What a ticket is found by, and what is looked for: stems in their order, in four fields.

The databases are given stems made here, so both find the same things. A field can be asked for alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.stems import stem, words

MOST_WORDS = 10_000  # of one ticket: a long history
# PostgreSQL refuses a row of 1,048,576; ten thousand words of a script with four bytes a letter would be more.
_MOST_BYTES = 1_000_000
_OF_A_STEM, _OF_A_PLACE = 6, 2  # bytes of it beside the letters: filling up, how many places, the first one; each other
# Stands between two texts, so that no phrase goes from one into the other. No word is written so.
BREAK = "xzbreakzx"


class Field(StrEnum):
    """Who asks, of which school, what the files are called, and all that was said: subject, messages, notes."""

    WHO = "who"
    SCHOOL = "school"
    FILES = "files"
    SAID = "said"


@dataclass(frozen=True)
class Term:
    """One word, or several that follow one another, as stems; in one field or, with None, in any."""

    stems: tuple[str, ...]
    field: Field | None = None


Document = dict[Field, Sequence[str]]


def stems_of(text: str, limit: int = MOST_WORDS) -> list[str]:
    """The stems of a text, in its order. Numbers and codes have no forms: they stay as they are."""
    return [stem(word.folded) if word.folded.isalpha() else word.folded for word in words(text, limit)]


def joined(texts: Iterable[Sequence[str]], limit: int = MOST_WORDS) -> list[str]:
    """Stems of several texts as those of one, with breaks between them."""
    found: list[str] = []
    for stems in texts:
        if stems and found:
            found.append(BREAK)
        found += stems
    return found[:limit]


def vector(document: Document) -> str:
    """The document as PostgreSQL writes a tsvector: each stem with its places; fields are told apart by weight. Stems
    for which a row of PostgreSQL has no room any more are left out.
    """
    found: dict[str, str] = {}
    place, room = 0, _MOST_BYTES
    for field, stems in document.items():
        weight = WEIGHTS[field]
        for one in stems:
            place += 1
            if one in found:
                found[one] += f",{place}{weight}"
                room -= _OF_A_PLACE
            elif one != BREAK and (room := room - len(one.encode()) - _OF_A_STEM) > 0:
                found[one] = f"'{one}':{place}{weight}"
        place += 1
    return " ".join(found.values())


def tsquery(terms: Iterable[Term]) -> str:
    """All the terms, as PostgreSQL asks for them."""
    return " & ".join(f"({_phrase(term)})" for term in terms)


def fts5_query(terms: Iterable[Term]) -> str:
    """All the terms, as SQLite's FTS5 asks for them."""
    asked = []
    for term in terms:
        phrase = '"' + " ".join(term.stems) + '"'
        asked.append(f"{term.field} : {phrase}" if term.field else phrase)
    return " AND ".join(asked)


def _phrase(term: Term) -> str:
    weight = f":{WEIGHTS[term.field]}" if term.field else ""
    return " <-> ".join(f"'{one}'{weight}" for one in term.stems)


WEIGHTS = {Field.WHO: "A", Field.SCHOOL: "B", Field.FILES: "C", Field.SAID: ""}
