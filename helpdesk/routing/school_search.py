"""Schools looked up in the database by what people type: a few indexed look-ups, then comparison of the few found."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Connection, Row, exists, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpdesk.models import School as SchoolRow
from helpdesk.models import SchoolWord
from helpdesk.routing import postal_codes
from helpdesk.routing.school_names import (
    SchoolName,
    Town,
    families_for,
    likeness,
    nearest_town,
    plain_words,
    read_name,
    read_town,
)
from helpdesk.routing.schools import School
from helpdesk.text import fold

COLUMNS = (
    SchoolRow.uai,
    SchoolRow.name,
    SchoolRow.commune,
    SchoolRow.academy,
    SchoolRow.department,
    SchoolRow.postal_code,
    SchoolRow.ministry,
    SchoolRow.family,
    SchoolRow.name_key,
    SchoolRow.commune_key,
)
_AT_MOST = 2_500  # schools compared; no town has as many of one kind
_COMPARED_ONE_BY_ONE = 150
_VAGUE_FROM = 300  # schools of all towns whose names begin alike
_TOLD_AT_MOST = 50  # schools that nothing tells apart
_BORNE_AT_MOST = 100  # schools of one name: of more, no one is meant
_WHOLE_FROM = 8  # schools listed of a département that is listed at all
_NEARLY_ALL = 100  # départements and territories of a directory of the whole country, of 107
AFTER = "{"  # the character after « z »: the end of a range of words that begin alike
_SURE = 0.72  # likeness from which a school is meant
_TIE = 0.06  # likeness that tells nothing apart
_SURE_ALONE = 0.9  # asked of a name told without a town
_THAT_CODE = 0.07  # what the very postal code adds
_SAINTS = frozenset({"saint", "sainte"})  # the beginning of thousands of towns, and of as many schools
_LONG_BEGINNING = 5  # letters: fewer are the beginning of too much
_LONG_WORD = 7  # letters: a name of one word is told without a town only if it is as long
_CODE = re.compile(r"\b\d{5}\b")
_DEPARTMENTS = text(
    """
    WITH RECURSIVE listed(department) AS (
        SELECT min(department) FROM school
        UNION ALL
        SELECT (SELECT min(department) FROM school WHERE department > listed.department)
        FROM listed WHERE listed.department IS NOT NULL
    )
    SELECT department FROM listed WHERE department IS NOT NULL
    """
)
Found = Row[Any]


def open_directory(reader: Session | Connection) -> "DatabaseDirectory | None":
    """The directory of a database, None if nothing was imported, or if it cannot be read: then routing does without."""
    try:
        if reader.execute(select(SchoolRow.uai).limit(1)).first() is None:
            return None
    except SQLAlchemyError:
        reader.rollback()
        return None
    return DatabaseDirectory(reader)


class DatabaseDirectory:
    """A `SchoolDirectory`. Made anew for each message, so that it never answers from an older import."""

    def __init__(self, reader: Session | Connection) -> None:
        self._reader = reader

    def by_uai(self, uai: str) -> School | None:
        row = self._reader.execute(select(*COLUMNS).where(SchoolRow.uai == uai)).first()
        return None if row is None else school_from(row)

    def covers(self, departments: Collection[str]) -> bool:
        return all(self._lists(department) for department in departments)

    def candidates(self, name: str, commune: str, postal_code: str) -> Sequence[School]:
        town = read_town(commune)
        code = _code(postal_code) or _code(commune) or _code(name)
        if not town.key and not code:
            said = plain_words(name)
            return self._town_in_name(said) or self._town_begun(said) or self._by_name_alone(read_name(name))
        typed = read_name(_CODE.sub(" ", name))
        if not typed.words and not typed.families:
            return ()
        rows = rows_in_town(self._reader, town, code, typed.families)
        if not town.key:  # « école d'Octon », 34800
            key = max((row.commune_key for row in rows if set(row.commune_key.split()) <= set(typed.words)), default="")
            town, rows = Town(key), [row for row in rows if row.commune_key == key] if key else rows
        return self._meant(typed, town, rows, code or town.arrondissement)

    def _lists(self, department: str) -> bool:
        of_department = select(SchoolRow.uai).where(SchoolRow.department == department).limit(_WHOLE_FROM)
        return len(self._reader.execute(of_department).all()) == _WHOLE_FROM

    @cached_property
    def _is_national(self) -> bool:
        return len(self._reader.execute(_DEPARTMENTS).all()) >= _NEARLY_ALL

    def _meant(self, typed: SchoolName, town: Town, rows: Sequence[Found], code: str) -> Sequence[School]:
        """Of the schools of a town. Its name may stand in what was typed as the school's, and may be a part of that."""
        plainer = typed.without(town.key.split())
        return self._chosen(typed, rows, code) or (
            self._chosen(plainer, rows, code) if plainer.words else self._the_only_one(plainer, rows)
        )

    def _town_in_name(self, typed: Sequence[str]) -> Sequence[School]:
        """« collège Jean Moulin Béziers »: the town that is named last and longest, if a school of it is named too."""
        places = [
            (" ".join(typed[start:end]), start, end)
            for end in range(len(typed), 0, -1)
            for start in range(max(0, end - 6), end)
        ]
        keys = self._towns([run for run, _, _ in places if len(run) > 1])
        for run, start, end in places:
            if run not in keys:
                continue
            town = read_town(" ".join(typed[start : end + 1]))
            if town.arrondissement:
                end += 1
            rest = read_name(" ".join((*typed[:start], *typed[end:])))
            rows = rows_where(self._reader, [SchoolRow.commune_key == run], rest.families)
            if found := self._meant(rest, Town(run), rows, town.arrondissement):
                return found
        return ()

    def _town_begun(self, typed: Sequence[str]) -> Sequence[School]:
        """« collège des Fontaines, La Guerche »: towns whose names begin so, if one of them has that school, and no
        other.
        """
        for end in range(len(typed), 0, -1):
            for start in range(max(0, end - 4), end):
                run, rest = " ".join(typed[start:end]), read_name(" ".join((*typed[:start], *typed[end:])))
                if len(run) < _LONG_BEGINNING or run in _SAINTS or not rest.words:
                    continue
                longer = (SchoolRow.commune_key >= f"{run} ") & (SchoolRow.commune_key < f"{run} {AFTER}")
                rows = rows_where(self._reader, [longer], rest.families, _VAGUE_FROM)
                found = self._chosen(rest, rows, "") if len(rows) < _VAGUE_FROM else ()
                if len(found) == 1:
                    return found
        return ()

    def _towns(self, runs: Sequence[str]) -> frozenset[str]:
        found = select(SchoolRow.commune_key).where(SchoolRow.commune_key.in_(runs)).distinct()
        return frozenset(self._reader.execute(found).scalars())

    def _by_name_alone(self, typed: SchoolName) -> Sequence[School]:
        """All schools of the country that the name may mean: several are no answer, but one is."""
        words = [word for word in typed.words if len(word) > 1]
        if not words or (len(words) == 1 and len(words[0]) < _LONG_WORD) or not self._is_national:
            return ()
        leading, *others = sorted(set(words), key=len, reverse=True)
        holding: list[ColumnElement[bool]] = [
            SchoolRow.uai.in_(select(SchoolWord.uai).where(SchoolWord.word == leading)),
            *(exists().where(SchoolWord.uai == SchoolRow.uai, SchoolWord.word == word) for word in others),
        ]
        rows = rows_where(self._reader, holding, typed.families, _BORNE_AT_MOST + 1)
        if len(rows) > _BORNE_AT_MOST:
            return ()
        scored = [(likeness(typed, row.name_key.split(), row.family), row) for row in rows]
        if not scored or max(score for score, _ in scored) < _SURE_ALONE:
            return ()
        meant = [school_from(row) for score, row in scored if score >= _SURE]
        return meant if len(meant) <= _TOLD_AT_MOST else ()

    @staticmethod
    def _chosen(typed: SchoolName, rows: Sequence[Found], code: str) -> Sequence[School]:
        """The schools most like what was typed, if they are like enough."""
        scored = [
            (score + (_THAT_CODE if row.postal_code == code else 0.0), row)
            for row in alike(typed, rows)
            if (score := likeness(typed, row.name_key.split(), row.family)) >= _SURE
        ]
        most = max((score for score, _ in scored), default=0.0)
        meant = [school_from(row) for score, row in scored if most - score < _TIE]
        return meant if len(meant) <= _TOLD_AT_MOST else ()

    def _the_only_one(self, typed: SchoolName, rows: Sequence[Found]) -> Sequence[School]:
        """« le collège de Sérignan », where there is but one."""
        if not typed.families or len(rows) != 1 or not self.covers({rows[0].department}):
            return ()
        return (school_from(rows[0]),)


def rows_in_town(reader: Session | Connection, town: Town, code: str, families: Collection[str] = ()) -> list[Found]:
    """Open schools of the town typed, or of the towns of its postal code: a school's own code may be a CEDEX."""
    department = postal_codes.department(code, [town.key]) if code else town.department.upper()
    here: list[ColumnElement[bool]] = [SchoolRow.department == department] if department else []
    if town.key:
        for condition in _ways_to_say(town.key):
            if rows := rows_where(reader, [condition, *here], families):
                return rows
        longer = (SchoolRow.commune_key >= f"{town.key} ") & (SchoolRow.commune_key < f"{town.key} {AFTER}")
        rows = rows_where(reader, [longer, *here], families, _VAGUE_FROM)  # « Castelnau »
        if 0 < len(rows) < _VAGUE_FROM:
            return rows
    if code:
        of_code = select(SchoolRow.commune_key).where(SchoolRow.postal_code == code)
        if rows := rows_where(reader, [SchoolRow.commune_key.in_(of_code), *here], families):
            return rows
    if town.key:
        alike_from = select(SchoolRow.commune_key).where(
            SchoolRow.commune_key >= town.key[:2], SchoolRow.commune_key < town.key[:2] + AFTER, *here
        )
        nearest = nearest_town(town.key, reader.execute(alike_from.distinct()).scalars())
        if nearest:
            return rows_where(reader, [SchoolRow.commune_key == nearest, *here], families)
    return []


def _ways_to_say(key: str) -> Iterable[ColumnElement[bool]]:
    """The name itself, then shorter ones (« Saint-Denis de la Réunion »)."""
    words = key.split()
    for size in range(len(words), min(len(words), 2) - 1, -1):
        yield SchoolRow.commune_key == " ".join(words[:size])


def rows_where(
    reader: Session | Connection,
    conditions: Sequence[ColumnElement[bool]],
    families: Collection[str] = (),
    limit: int = _AT_MOST,
) -> list[Found]:
    """Open schools under some conditions, of the families that were typed; services and offices are none."""
    wanted = families_for(families)
    of_family = SchoolRow.family != "" if wanted is None else SchoolRow.family.in_(wanted)
    return list(reader.execute(select(*COLUMNS).where(SchoolRow.open, of_family, *conditions).limit(limit)))


def alike(typed: SchoolName, rows: Sequence[Found]) -> Sequence[Found]:
    """Those worth a closer look: a quick comparison spares hundreds of slow ones in large towns."""
    if len(rows) <= _COMPARED_ONE_BY_ONE:
        return rows
    keys = [row.name_key for row in rows]
    near = process.extract(typed.key, keys, scorer=fuzz.token_set_ratio, score_cutoff=55, limit=_COMPARED_ONE_BY_ONE)
    return [rows[place] for _, _, place in near]


def school_from(row: Any) -> School:
    """A row of `COLUMNS` as routing knows it."""
    agricultural = "agriculture" in fold(row.ministry)
    return School(row.uai, row.name, row.commune, row.academy, row.department, row.postal_code, agricultural)


def _code(typed: str) -> str:
    found = _CODE.search("".join(typed.split()) if len(typed) < 10 else typed)
    return found[0] if found else ""
