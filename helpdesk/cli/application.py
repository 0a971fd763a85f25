"""The application as commands need it: the settings of the environment, and who is woken when something was posted."""

import os

from flask import Flask

from helpdesk.app import create_app
from helpdesk.logs import set_up_logs
from helpdesk.outbox.dispatch import Rq, Thread
from helpdesk.parts import make_parts
from helpdesk.settings import load_settings


def application() -> Flask:
    """The site as the settings describe it. Raises ConfigError."""
    settings = load_settings(os.environ)
    set_up_logs(settings)
    return create_app(make_parts(settings, Rq(settings.redis_url) if settings.redis_url else Thread()))
