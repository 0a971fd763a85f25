"""The schema's small steps: bringing a database up to date, and telling whether it is.

Floor 1. Uses Alembic itself, without configuration files: the folder of steps is part of the package.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from helpdesk.db import Base
from helpdesk.places import migrations_dir

_LOCK = text("SELECT pg_advisory_lock(7204118)")  # a number of ours


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Climb to `revision`. Each step is one transaction on PostgreSQL; on SQLite all steps are one."""
    with engine.connect().execution_options(writes=True) as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Wait until nobody else brings this database up to date: two releases of several machines may start at once."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's one writer is alone already
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(_LOCK)
        try:
            yield
        finally:
            connection.invalidate()  # the lock ends with it: a pool would keep both


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest step."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory(str(migrations_dir())).get_current_head()


def differences(engine: Engine) -> list[object]:
    """What the tables in the database and the models disagree on; empty when all is well. The words kept for search
    are no model's: each database has them in its own way.
    """
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_of_a_model}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata))


def draft(engine: Engine, name: str) -> None:
    """For developers: write the next step from what the models have and the database lacks. Read it before use."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=name, autogenerate=True, rev_id=_next_number())


def _is_of_a_model(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith("ticket_search")


def _next_number() -> str:
    return f"{len(list(ScriptDirectory(str(migrations_dir())).walk_revisions())) + 1:04d}"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["connection"] = connection
    return config
