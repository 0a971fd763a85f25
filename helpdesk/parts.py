"""What is plugged into the application, chosen once by the settings. Tests hand in their own."""

from dataclasses import dataclass
from pathlib import Path

from helpdesk.calendars import CalendarBook, load_calendar
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


@dataclass(frozen=True)
class Parts:
    """Everything that pages, commands and workers are given instead of finding it.

    `dispatcher` is told after each commit that posted a mail.
    """

    settings: Settings
    routing: Routing
    calendar: CalendarBook
    files: FileStore
    mailer: Mailer
    letters: Letters
    limits: RateLimits
    dispatcher: Dispatcher


def make_parts(settings: Settings, dispatcher: Dispatcher) -> Parts:
    """Read `config/` and plug the parts together. Raises ConfigError with everything that is wrong there."""
    routing = load_routing(config_dir())
    return Parts(
        settings=settings,
        routing=routing,
        calendar=load_calendar(config_dir() / "calendar.toml"),
        files=FileStore(settings.data_dir / "files"),
        mailer=mailer_for(settings),
        letters=Letters(settings, templates_dir(), translations_dir(), routing.rulebook.label_of),
        limits=RateLimits(settings.redis_url),
        dispatcher=dispatcher,
    )


def load_routing(config: Path) -> Routing:
    """Rules and geography, as `config/` has them."""
    return Routing(rulebook=load_rulebook(config), geography=load_geography(config, communes_dir()))
