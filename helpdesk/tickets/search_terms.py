"""What a ticket is found by, and what is looked for: stems in their order, in three fields.

The databases are given stems made here, so both find the same things. The first two fields can be asked for alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.stems import stem, words

MOST_WORDS = 10_000  # of one ticket: a long history, far below PostgreSQL's bounds for one row
# Stands between two texts, so that no phrase goes from one into the other. No word is written so.
BREAK = "xzbreakzx"


class Field(StrEnum):
    """Who asks, what the files are called, and all that was said: subject, school, messages, notes."""

    WHO = "who"
    FILES = "files"
    SAID = "said"


@dataclass(frozen=True)
class Term:
    """One word, or several that follow one another, as stems; in one field or, with None, in any."""

    stems: tuple[str, ...]
    field: Field | None = None


Document = dict[Field, Sequence[str]]


def stems_of(text: str, limit: int = MOST_WORDS) -> list[str]:
    """The stems of a text, in its order."""
    return [stem(word.folded) for word in words(text, limit)]


def joined(texts: Iterable[Sequence[str]], limit: int = MOST_WORDS) -> list[str]:
    """Stems of several texts as those of one, with breaks between them."""
    found: list[str] = []
    for stems in texts:
        if stems and found:
            found.append(BREAK)
        found += stems
    return found[:limit]


def vector(document: Document) -> str:
    """The document as PostgreSQL writes a tsvector: each stem with its places; fields are told apart by weight."""
    places: dict[str, list[str]] = {}
    place = 0
    for field, stems in document.items():
        weight = WEIGHTS[field]
        for one in stems:
            place += 1
            if one != BREAK:
                places.setdefault(one, []).append(f"{place}{weight}")
        place += 1
    # The database keeps at most 256 places of a word.
    return " ".join(f"'{one}':{','.join(found[:256])}" for one, found in places.items())


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


WEIGHTS = {Field.WHO: "A", Field.FILES: "B", Field.SAID: ""}
