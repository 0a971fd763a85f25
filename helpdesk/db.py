"""The database: one engine for SQLite and PostgreSQL, one way to write.

Reading needs nothing special. Writing happens inside `transaction()` and nowhere else: a flush outside it is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    SmallInteger,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.errors import N_, Changed, HelpdeskError
from helpdesk.vocabulary import Priority

# Named constraints let Alembic change them later on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Unavailable(HelpdeskError):
    """The database cannot take this now (disk full, locked too long, connection lost); nothing was written."""


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})

# SQLite numbers rows by itself only for INTEGER keys.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC on both databases; SQLite alone would give them back naive. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored: say its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Choice(TypeDecorator[StrEnum]):
    """One member of a closed list, stored as its value; comes back as the member, not as bare text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)


class PriorityRank(TypeDecorator[Priority]):
    """A priority as its rank, so that the database sorts the most urgent first."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Priority | None, dialect: Dialect) -> int | None:
        return None if value is None else list(Priority).index(Priority(value))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Priority | None:
        return None if value is None else list(Priority)[value]


def _on_connect(dbapi_connection: Any, _record: Any) -> None:
    """Without WAL, readers wait for writers; without a timeout, a busy moment is an error. What was told to be kept
    must outlive a power cut too, which WAL alone does not promise: hence FULL, one write to the disk a commit.
    """
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """A transaction that reads and then writes loses updates on SQLite unless it takes the write lock first. One that
    need not last does not wait for the disk: a later one that must takes it along.
    """
    options = connection.get_execution_options()
    if options.get("writes", False):
        wanted = "FULL" if options.get("lasting", True) else "NORMAL"
        if connection.info.get("synchronous", "FULL") != wanted:
            connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
            connection.info["synchronous"] = wanted
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def tune(engine: Engine) -> None:
    """Give an engine the rules of its database. Safe to call again."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _on_connect):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, *_: Any) -> None:
    if not session.info.get("in_transaction") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("writing happens inside db.transaction() only")


@contextmanager
def transaction(*, lasting: bool = True) -> Iterator[Session]:
    """One verb's writes: all or nothing. Refuses to nest, so a verb cannot call a verb by accident.

    Objects read before it are read again inside it. `lasting`: what it wrote outlives a power cut; not, for what is of
    no use a minute later (a step of a call that the same cut would end). Raises Unavailable when the database cannot
    take the writes, and Changed when a row was changed by somebody else in between.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a transaction is already open: verbs do not call verbs")
    session.rollback()
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={"writes": True, "lasting": lasting})
        if not lasting:
            forgettable(session)
        yield session
        session.commit()
    except OperationalError as error:
        session.rollback()
        if _asks_too_much(error):
            raise
        raise Unavailable(N_("La base de données ne répond pas pour l’instant.")) from error
    except StaleDataError as error:
        session.rollback()
        raise Changed("Quelqu’un vient de modifier la même demande.") from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False


def _asks_too_much(error: OperationalError) -> bool:
    """Whether the statement is at fault and not the database: waiting would not help it (PostgreSQL's class 54)."""
    return str(getattr(error.orig, "sqlstate", "") or "").startswith("54")


def forgettable(session: Session) -> None:
    """Say in a transaction that a power cut may take back what it writes: it does not wait for the disk then. Only for
    what is of no use a minute later; PostgreSQL alone can tell one transaction from another here.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL synchronous_commit = off"))


def utc_now() -> datetime:
    """The clock, for defaults of columns and the edges; verbs take `now` where it matters."""
    return datetime.now(UTC)
