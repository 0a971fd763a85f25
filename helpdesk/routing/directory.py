"""The directory of schools in the database: bringing it in step with the ministry's file, and one school's entry."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from helpdesk.db import Base, db, transaction
from helpdesk.errors import HelpdeskError, NotFound, UnreadableDocument
from helpdesk.models import School, SchoolWord
from helpdesk.routing import uai as codes
from helpdesk.routing.directory_changes import Changes, Entry, Progress, compare, read_extract
from helpdesk.routing.directory_file import Row, open_file
from helpdesk.routing.geography import Geography

_AT_ONCE = 5_000  # rows written by one statement
_SHORTEST_WORD = 2
T = TypeVar("T")


class DoubtfulFile(HelpdeskError):
    """The file would do more harm than an update does; nothing was changed. `changes` tells what it would have done."""

    def __init__(self, message: str, changes: Changes) -> None:
        super().__init__(message)
        self.changes = changes


def import_directory(
    raw: bytes,
    geography: Geography,
    now: datetime,
    *,
    allow_closing: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _lines: None,
) -> Changes:
    """Bring the directory in step with the file: all of it, or nothing. The same file again changes nothing.

    Raises UnreadableDocument for what is no such file, DoubtfulFile when too many lines are wrong or, without
    `allow_closing`, when too many schools are missing.
    """
    extract = read_extract(open_file(raw, geography), progress)  # before the transaction, which nobody must wait for
    if dry_run:
        changes = compare(_stored(db.session()), extract)
        _refuse_if_doubtful(changes, allow_closing)
        return changes
    with transaction() as session:
        changes = compare(_stored(session), extract)
        _refuse_if_doubtful(changes, allow_closing)
        _write(session, changes, now)
    return changes


def school_of(uai: str) -> School | None:
    """The directory's entry of a code in normal form, open or closed."""
    return db.session.get(School, uai) if uai else None


def entry(typed: str) -> School:
    """The entry of a code as people type it. Raises NotFound."""
    school = school_of(codes.normal_form(typed) or "")
    if school is None:
        raise NotFound(f"« {typed} » n’est pas dans l’annuaire.")
    return school


def _stored(session: Session) -> dict[str, Entry]:
    columns = [getattr(School, each.name) for each in fields(Row)]
    keys = (School.family, School.name_key, School.commune_key)
    rows = session.execute(select(*columns, *keys))
    return {row[0]: Entry(Row(*row[: len(columns)]), *row[len(columns) :]) for row in rows}


def _refuse_if_doubtful(changes: Changes, allow_closing: bool) -> None:
    if changes.read == len(changes.refused) + changes.repeated:
        first = f" Première ligne : {changes.refused[0].why}." if changes.refused else ""
        raise UnreadableDocument(f"Aucun établissement n’a pu être lu dans ce fichier.{first}")
    if changes.is_mostly_refused:
        raise DoubtfulFile("Plus d’une ligne sur dix est refusée : rien n’a été changé.", changes)
    if changes.closes_too_many and not allow_closing:
        raise DoubtfulFile(
            f"{len(changes.absent)} établissements sur {changes.at_stake} manquent dans ce fichier, qui est peut-être "
            "un extrait : rien n’a été changé. S’ils sont vraiment fermés, ajoutez --allow-closing.",
            changes,
        )


def _write(session: Session, changes: Changes, now: datetime) -> None:
    for some in _batches(changes.added):
        _insert(session, School, [{**entry.values(), "changed_at": now} for entry in some])
    rewritten = changes.changed + changes.closed()
    for some in _batches(rewritten):
        session.execute(update(School), [{**entry.values(), "changed_at": now} for entry in some])
        session.execute(delete(SchoolWord).where(SchoolWord.uai.in_([entry.row.uai for entry in some])))
    for pairs in _batches([pair for entry in changes.added + rewritten for pair in _words(entry)]):
        _insert(session, SchoolWord, pairs)


def _insert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """New rows, by column. PostgreSQL takes them as one stream, several times faster than as statements."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(insert(model), rows)
        return
    dialect: Any = connection.dialect
    columns = [inspect(model).columns[name] for name in rows[0]]
    quoted = ", ".join(dialect.identifier_preparer.quote(column.name) for column in columns)
    as_stored = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(f"COPY {model.__tablename__} ({quoted}) FROM STDIN") as stream:
            for row in rows:
                told = zip(as_stored, row.values(), strict=True)
                stream.write_row([value if stored is None else stored(value) for stored, value in told])
    except dialect.loaded_dbapi.Error as error:  # as of any other statement
        raise DBAPIError.instance("COPY", None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error


def _words(entry: Entry) -> list[dict[str, str]]:
    """The words by which a school is found; one that is closed is found by its code alone."""
    if not entry.row.open or not entry.family:
        return []
    words = {word[:40] for word in entry.name_key.split() if len(word) >= _SHORTEST_WORD}
    return [{"word": word, "uai": entry.row.uai} for word in sorted(words)]


def _batches(listed: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
