"""Schools proposed while somebody types: « jean mou », « clg béz », « lycée henri iv béziers »."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select
from sqlalchemy.orm import Session

from helpdesk.models import School as SchoolRow
from helpdesk.models import SchoolWord
from helpdesk.routing.communes import bare_key
from helpdesk.routing.school_names import SchoolName, Town, likeness, plain_words, read_name
from helpdesk.routing.school_search import AFTER, alike, rows_in_town, rows_where, school_from
from helpdesk.routing.schools import School

SHORTEST = 3  # characters: with less, half of the country fits
PROPOSED_AT_MOST = 10
_TOWN_AT_MOST = 5  # words
_LIKE = 0.6
_IN_TOWN_ALONE = 0.55  # a school of the town, when nothing of its name was typed
_THAT_VERY_TOWN = 0.1
_WORDS_AT_MOST = 8
_LOOKED_AT = 200  # schools: of a name that more bear, any ten are shown until a town is typed


def complete(reader: Session | Connection, typed: str, postal_code: str = "") -> list[School]:
    """The schools that what was typed so far may become, the likeliest first. `postal_code` may be unfinished too."""
    words = list(dict.fromkeys(plain_words(typed)))[:_WORDS_AT_MOST]
    if len("".join(words)) < SHORTEST:
        return []
    code = "".join(char for char in postal_code if char.isdigit())[:5]
    found: dict[str, tuple[float, Any]] = {}
    for score, row in _of_code(reader, words, code) if len(code) == 5 else _of_words(reader, words, code):
        if row.uai not in found or found[row.uai][0] < score:
            found[row.uai] = (score, row)
    ranked = sorted(found.values(), key=lambda entry: (-round(entry[0], 2), entry[1].name_key, entry[1].commune_key))
    return [school_from(row) for _, row in ranked[:PROPOSED_AT_MOST]]


def _of_code(reader: Session | Connection, words: Sequence[str], code: str) -> Iterator[tuple[float, Any]]:
    """Schools of the towns of a postal code; the town may be typed as well."""
    typed = read_name(" ".join(words))
    rows = rows_in_town(reader, Town(""), code, typed.families)
    yield from _scored(typed, alike(typed, rows) if typed.words else rows)
    towns = {row.commune_key for row in rows}
    for name, town in _splits(words):
        if town in towns:
            yield from _scored(name, [row for row in rows if row.commune_key == town])


def _of_words(reader: Session | Connection, words: Sequence[str], code: str) -> Iterator[tuple[float, Any]]:
    """Schools whose name holds the words, the last of which may be unfinished or be the town."""
    narrowed = [SchoolRow.postal_code >= code, SchoolRow.postal_code < code + AFTER] if code else []
    whole = read_name(" ".join(words))
    if whole.words:
        yield from _scored(whole, _rows(reader, [*_holding_unfinished(whole), *narrowed], whole))
    for name, town in _splits(words):
        begins = (SchoolRow.commune_key >= town) & (SchoolRow.commune_key < town + AFTER)
        rows = _rows(reader, [begins, *_holding(name), *narrowed], name)
        if not rows and name.words:  # slips and initials, in that very town only
            rows = alike(name, rows_where(reader, [SchoolRow.commune_key == town, *narrowed], name.families))
        for score, row in _scored(name, rows):
            yield score + (_THAT_VERY_TOWN if row.commune_key == town else 0.0), row


def _splits(words: Sequence[str]) -> Iterator[tuple[SchoolName, str]]:
    """Each way to take the last words for the town."""
    for start in range(len(words) - 1, max(-1, len(words) - 1 - _TOWN_AT_MOST), -1):
        town = bare_key(" ".join(words[start:]))
        if len(town) >= SHORTEST:
            yield read_name(" ".join(words[:start])), town


def _holding(name: SchoolName) -> list[ColumnElement[bool]]:
    """Conditions that a school's name holds each word. Single letters may be anything: they are compared later."""
    return [_each(SchoolWord.word == word) for word in name.words if len(word) > 1]


def _holding_unfinished(name: SchoolName) -> list[ColumnElement[bool]]:
    """The same where the last word may be the beginning of one. The longest word leads, being mostly the rarest: its
    schools are found by the index, then looked through for the others.
    """
    last = name.words[-1]
    begins = (SchoolWord.word >= last) & (SchoolWord.word < last + AFTER)
    same = {word: SchoolWord.word == word for word in name.words if len(word) > 1} | {last: begins}
    leading = max(same, key=len)
    rest = [_each(condition) for word, condition in same.items() if word != leading]
    return [SchoolRow.uai.in_(select(SchoolWord.uai).where(same[leading])), *rest]


def _each(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(SchoolWord.uai == SchoolRow.uai, condition)


def _rows(reader: Session | Connection, conditions: list[ColumnElement[bool]], name: SchoolName) -> Sequence[Any]:
    return rows_where(reader, conditions, name.families, _LOOKED_AT)


def _scored(name: SchoolName, rows: Sequence[Any]) -> Iterator[tuple[float, Any]]:
    if not name.words:
        yield from ((_IN_TOWN_ALONE, row) for row in rows)
        return
    for row in rows:
        score = likeness(name, row.name_key.split(), row.family, prefix=True)
        if score >= _LIKE:
            yield score, row
