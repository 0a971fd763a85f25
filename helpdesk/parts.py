"""What is plugged into the application, chosen once by the settings. Tests hand in their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpdesk.calendars import CalendarBook, load_calendar
from helpdesk.errors import ConfigError
from helpdesk.files import FileStore
from helpdesk.intake.boxes import MailboxSpec, load_mailboxes
from helpdesk.intake.phone.voice.loading import Script, load_script
from helpdesk.knowledge.search import load_synonyms
from helpdesk.limits import RateLimits
from helpdesk.outbox.dispatch import Dispatcher
from helpdesk.outbox.letters import Letters
from helpdesk.outbox.mailer import Mailer, mailer_for
from helpdesk.outbox.texting import Texter, texter_for
from helpdesk.places import communes_dir, config_dir, templates_dir, translations_dir
from helpdesk.routing.assign import Routing
from helpdesk.routing.geography import load_geography
from helpdesk.routing.rulebook import load_rulebook
from helpdesk.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Everything that pages, commands and workers are given instead of finding it.

    `dispatcher` is told after each commit that posted a mail or a text message; without `texter` none of these leave.
    """

    settings: Settings
    routing: Routing
    calendar: CalendarBook
    files: FileStore
    mailer: Mailer
    letters: Letters
    limits: RateLimits
    dispatcher: Dispatcher
    script: Script
    mailboxes: tuple[MailboxSpec, ...] = ()
    texter: Texter | None = None


def make_parts(settings: Settings, dispatcher: Dispatcher, secrets: Mapping[str, str] | None = None) -> Parts:
    """Read `config/` and plug the parts together. `secrets` holds what `config/` only names: passwords. Raises
    ConfigError with everything that is wrong there.
    """
    routing, calendar = read_config(config_dir())
    return Parts(
        settings=settings,
        routing=routing,
        calendar=calendar,
        files=FileStore(settings.data_dir / "files"),
        mailer=mailer_for(settings),
        texter=texter_for(settings),
        letters=Letters(settings, templates_dir(), translations_dir(), routing.rulebook.label_of),
        limits=RateLimits(settings.redis_url, settings.secret_key),
        dispatcher=dispatcher,
        script=load_script(config_dir(), templates_dir(), [topic.slug for topic in routing.rulebook.lists.topics]),
        mailboxes=load_mailboxes(
            _mailboxes_file(settings),
            secrets or {},
            settings.data_dir,
            {service.slug: service.academy or "" for service in routing.rulebook.services},
        ),
    )


def _mailboxes_file(settings: Settings) -> Path:
    """The file that is named must be there: without it no mail would be read, and nobody would notice."""
    named = Path(settings.mailboxes_file)
    if settings.mailboxes_file and not named.is_file():
        raise ConfigError([f"MAILBOXES_FILE (« {named} ») : ce fichier n’existe pas ici."])
    return named if settings.mailboxes_file else config_dir() / "mailboxes.toml"


def read_config(config: Path) -> tuple[Routing, CalendarBook]:
    """What the files of `config/` say. Raises one ConfigError for all of them: for the words of search too, which would
    else be read, and fail, at the first search.
    """
    problems: list[str] = []
    with noted(problems):
        routing = load_routing(config)
    with noted(problems):
        calendar = load_calendar(config / "calendar.toml")
    with noted(problems):
        load_synonyms(config)
    if problems:
        raise ConfigError(problems)
    return routing, calendar


def load_routing(config: Path) -> Routing:
    """Rules and geography, as `config/` has them. Raises one ConfigError for both."""
    problems: list[str] = []
    with noted(problems):
        rulebook = load_rulebook(config)
    with noted(problems):
        geography = load_geography(config, communes_dir())
    if problems:
        raise ConfigError(problems)
    return Routing(rulebook=rulebook, geography=geography)


@contextmanager
def noted(problems: list[str]) -> Iterator[None]:
    """Put the problems of a file of `config/` with those of the others, to tell them all at once."""
    try:
        yield
    except ConfigError as error:
        problems += error.problems
