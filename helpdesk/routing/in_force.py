"""The rules in force: the version published last, else those of `config/`. Every process notices a publication.

One row read tells whether what a process holds is still true; texts are only read again when it is not.
"""

from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from helpdesk.db import Unavailable, db
from helpdesk.errors import ConfigError
from helpdesk.models import Edition, RulesVersion
from helpdesk.routing.assign import Routing
from helpdesk.routing.rulebook import Rulebook, with_rules

RULES = "rules"  # the counter among the editions: the number of the version published last, 0 before the first

log = structlog.get_logger()


@dataclass(frozen=True)
class InForce:
    """`number` is the version that decides, 0 for `config/routing.toml`. `problems` say why a version published later
    does not: it names what has left the configuration since.
    """

    routing: Routing
    number: int
    problems: tuple[str, ...] = ()


def present(routing: Routing) -> Routing:
    """`routing`, which `config/` gave, with the rules in force. Raises Unavailable without a database."""
    return in_force(routing).routing


# One for each database that this process talks to, with the counter and the configuration it was made from.
_held: WeakKeyDictionary[Engine, tuple[int, Routing, InForce]] = WeakKeyDictionary()
_making = Lock()


def in_force(routing: Routing) -> InForce:
    """The rules in force and where they come from. Raises Unavailable without a database."""
    try:
        engine, edition = db.engine, published_number()
        held = _held.get(engine)
        if held and held[0] == edition and held[1] is routing:
            return held[2]
        with _making:
            found = _told(_with_published(routing) if edition else InForce(routing, 0))
            _held[engine] = (edition, routing, found)
            return found
    except (OperationalError, ProgrammingError) as error:  # away, or without its tables
        db.session.rollback()
        raise Unavailable("La base de données ne répond pas pour l’instant.") from error


def published_number() -> int:
    """The number of the version published last; 0 while the file holds."""
    return db.session.scalar(select(Edition.number).where(Edition.name == RULES)) or 0


def last_that_reads(reader: Session | Connection, rulebook: Rulebook) -> tuple[Rulebook, int, list[str]]:
    """The rules of the latest version that this configuration can use, its number, and why it is not the very latest.

    A topic or a service that has left the configuration must not stop the house: the last good version goes on, in the
    end the file (number 0).
    """
    problems: list[str] = []
    published = select(RulesVersion.number, RulesVersion.text).where(RulesVersion.number.is_not(None))
    for number, text in reader.execute(published.order_by(RulesVersion.number.desc())):
        if number is None:  # the query asks for none such; told for the types
            continue
        try:
            return with_rules(rulebook, text, place_of(number)), number, problems
        except ConfigError as error:
            problems = problems or error.problems
    return rulebook, 0, problems


def place_of(number: int) -> str:
    """How problems name a published version."""
    return f"règles publiées, version {number}"


def _with_published(routing: Routing) -> InForce:
    rulebook, number, problems = last_that_reads(db.session(), routing.rulebook)
    return InForce(replace(routing, rulebook=rulebook), number, tuple(problems))


def _told(found: InForce) -> InForce:
    if found.problems:
        log.error("published rules cannot be used", in_force=found.number, problems=found.problems)
    return found
