"""The application as commands need it: the settings of the environment, and who is woken when something was posted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.app import create_app
from helpdesk.db import Unavailable, db
from helpdesk.logs import set_up_logs
from helpdesk.outbox.dispatch import Rq, Thread
from helpdesk.pages import parts_of
from helpdesk.parts import make_parts
from helpdesk.routing.in_force import in_force
from helpdesk.setting_values import database_url
from helpdesk.settings import load_settings


def application() -> Flask:
    """The site as the settings describe it. Raises ConfigError."""
    settings = load_settings(os.environ)
    set_up_logs(settings)
    return create_app(make_parts(settings, Rq(settings.redis_url) if settings.redis_url else Thread()))


def serving() -> Flask:
    """The same for processes that take requests or work beside them. Published rules that the configuration has left
    behind are named in the log from the first moment, though nothing stops for them.
    """
    app = application()
    with app.app_context():
        try:
            in_force(parts_of(app).routing)
        except Unavailable:
            pass  # no database yet: who needs one will say so
        finally:
            db.session.remove()
            db.engine.dispose()  # a server that forks its workers must not share a connection among them
    return app


@contextmanager
def database_if_any() -> Iterator[Connection | None]:
    """The database that the environment names, for reading alone; None if there is none or it cannot be reached.

    Nothing is made: neither folder nor file nor key. For commands that work without a database too.
    """
    try:
        engine = create_engine(_address_to_read())
        connection = engine.connect()
    except (SQLAlchemyError, ImportError, ValueError):
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def _address_to_read() -> str:
    """Raises ValueError where there is no database."""
    address = database_url(os.environ.get("DATABASE_URL", "").strip())
    if not address:
        address = f"sqlite:///{Path(os.environ.get('DATA_DIR', '').strip() or 'var') / 'helpdesk.sqlite'}"
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return url.update_query_dict({"connect_timeout": "3"}).render_as_string(hide_password=False)
    path = Path(url.database or "")
    if not path.is_file():
        raise ValueError(f"no database at {path}")
    return f"sqlite:///file:{path.resolve()}?mode=ro&uri=true"
