"""The database as commands that only read find it: without the application, and without making anything."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import Unavailable
from helpdesk.errors import ConfigError
from helpdesk.setting_values import database_url


@contextmanager
def database_to_read() -> Iterator[Connection | None]:
    """The database that the environment names, for reading alone; None if there is none yet.

    Neither folder nor file nor key is made. Raises ConfigError for an address that is none, Unavailable when the
    database does not answer.
    """
    connection = _connect()
    with connection or nullcontext():
        yield connection
    if connection:
        connection.engine.dispose()


@contextmanager
def database_if_any() -> Iterator[Connection | None]:
    """The same, and None too if it cannot be reached: for commands that do without."""
    try:
        connection = _connect()
    except (ConfigError, Unavailable):
        connection = None
    with connection or nullcontext():
        yield connection
    if connection:
        connection.engine.dispose()


def _connect() -> Connection | None:
    address = _address()
    try:
        return create_engine(address).connect() if address else None
    except (SQLAlchemyError, ImportError) as error:
        raise Unavailable("La base de données ne répond pas.") from error


def _address() -> str | None:
    """None where there is no database yet."""
    try:
        address = database_url(os.environ.get("DATABASE_URL", "").strip())
    except ValueError as error:
        raise ConfigError([f"DATABASE_URL : {error}."]) from error
    if not address:
        address = f"sqlite:///{Path(os.environ.get('DATA_DIR', '').strip() or 'var') / 'helpdesk.sqlite'}"
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return url.update_query_dict({"connect_timeout": "3"}).render_as_string(hide_password=False)
    path = Path(url.database or "")
    return f"sqlite:///file:{path.resolve()}?mode=ro&uri=true" if path.is_file() else None
