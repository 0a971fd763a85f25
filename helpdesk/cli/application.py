"""The application as commands need it: the settings of the environment, and who is woken when something was posted."""

import gc
import os

from flask import Flask

from helpdesk.app import create_app
from helpdesk.db import Unavailable, db
from helpdesk.logs import set_up_logs
from helpdesk.outbox.dispatch import Rq, Thread
from helpdesk.pages import parts_of
from helpdesk.parts import make_parts
from helpdesk.routing.in_force import in_force
from helpdesk.settings import load_settings


def application() -> Flask:
    """The site as the settings describe it. Raises ConfigError."""
    settings = load_settings(os.environ)
    set_up_logs(settings)
    return create_app(make_parts(settings, Rq(settings.redis_url) if settings.redis_url else Thread(), os.environ))


def serving() -> Flask:
    """The same for processes that take requests or work beside them. Published rules that the configuration has left
    behind are named in the log from the first moment, though nothing stops for them.
    """
    app = application()
    parts_of(app).routing.rulebook.likeness.learn()  # before the first request rather than during it
    with app.app_context():
        try:
            in_force(parts_of(app).routing)
        except Unavailable:
            pass  # no database yet: who needs one will say so
        finally:
            db.session.remove()
            db.engine.dispose()  # a server that forks its workers must not share a connection among them
    gc.collect()
    gc.freeze()  # words and rules stay for good: the collector need not go through them again and again
    return app
