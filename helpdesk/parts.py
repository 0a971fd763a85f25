"""What is plugged into the application, chosen once by the settings. Tests hand in their own."""

from dataclasses import dataclass
from pathlib import Path

from helpdesk.files import FileStore
from helpdesk.limits import RateLimits
from helpdesk.outbox.dispatch import Dispatcher
from helpdesk.outbox.letters import Letters
from helpdesk.outbox.mailer import Mailer, mailer_for
from helpdesk.places import communes_dir, config_dir, templates_dir, translations_dir
from helpdesk.routing.assign import Routing
from helpdesk.routing.geography import load_geography
from helpdesk.routing.rulebook import load_rulebook
from helpdesk.settings import Settings
from helpdesk.worktime import load_calendar


@dataclass(frozen=True)
class Parts:
    """Everything that pages, commands and workers are given instead of finding it.

    `dispatcher` is told after each commit that posted a mail.
    """

    settings: Settings
    routing: Routing
    files: FileStore
    mailer: Mailer
    letters: Letters
    limits: RateLimits
    dispatcher: Dispatcher


def make_parts(settings: Settings, dispatcher: Dispatcher) -> Parts:
    """Read `config/` and plug the parts together. Raises ConfigError with everything that is wrong there."""
    return Parts(
        settings=settings,
        routing=load_routing(config_dir()),
        files=FileStore(settings.data_dir / "files"),
        mailer=mailer_for(settings),
        letters=Letters(settings, templates_dir(), translations_dir()),
        limits=RateLimits(settings.redis_url),
        dispatcher=dispatcher,
    )


def load_routing(config: Path) -> Routing:
    """Rules, geography, calendars and targets, as `config/` has them."""
    rulebook = load_rulebook(config)
    book = load_calendar(config / "calendar.toml")
    return Routing(
        rulebook=rulebook,
        geography=load_geography(config, communes_dir()),
        calendars={service.slug: book.calendar(service.academy, service.timezone) for service in rulebook.services},
        targets=book.targets,
    )
