"""Changing the rules: drafts, publication, going back. Every version stays; nothing that decides changes in silence.

All take the agent and raise NotFound to who may not: rules are changed by supervisors of a national service and by
administrators. Other errors: Changed when somebody else acted in between, IllegalMove for what cannot be done any more.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, ConfigError, IllegalMove, NotFound
from helpdesk.models import Agent, Edition, RulesVersion
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import RULES, in_force, place_of
from helpdesk.routing.rulebook import read_rules
from helpdesk.routing.rules import FILE
from helpdesk.tickets.access import supervises_nationally
from helpdesk.vocabulary import RulesState

MAX_TEXT = 100_000  # characters


def publications(agent: Agent) -> Sequence[RulesVersion]:
    """All that was ever in force, the latest first."""
    _check_allowed(db.session(), agent)
    versions = _versions(agent).where(RulesVersion.number.is_not(None))
    return db.session.scalars(versions.order_by(RulesVersion.number.desc())).all()


def publication(agent: Agent, number: int) -> RulesVersion:
    """One of them by its number."""
    return _found(db.session.scalar(_versions(agent).where(RulesVersion.number == number)))


def drafts(agent: Agent) -> Sequence[RulesVersion]:
    """What is being prepared, by anybody; the latest change first."""
    _check_allowed(db.session(), agent)
    versions = _versions(agent).where(RulesVersion.state == RulesState.DRAFT)
    return db.session.scalars(versions.order_by(RulesVersion.changed_at.desc(), RulesVersion.id.desc())).all()


def draft(agent: Agent, draft_id: int) -> RulesVersion:
    """A draft, or what became of it."""
    return _found(db.session.scalar(_versions(agent).where(RulesVersion.id == draft_id)))


def text_of_draft(draft_id: int) -> str:
    """What a draft says, for the command line, where there is no agent."""
    text = db.session.scalar(
        select(RulesVersion.text).where(RulesVersion.id == draft_id, RulesVersion.state == RulesState.DRAFT)
    )
    if text is None:
        raise NotFound(f"Il n’y a pas de brouillon {draft_id}.")
    return text


def start_draft(agent: Agent, routing: Routing, number: int | None, now: datetime) -> int:
    """A draft that says what version `number` says, or without one what is in force; returns its id."""
    held = in_force(routing)
    with transaction() as session:
        _check_allowed(session, agent)
        wanted = held.number if number is None else number
        base = session.scalar(select(RulesVersion).where(RulesVersion.number == wanted))
        if base is None and wanted:
            raise NotFound("Cette version des règles n’existe pas.")
        text = base.text if base else routing.rulebook.text
        version = RulesVersion(text=text, based_on=base, author=agent, created_at=now, changed_at=now)
        session.add(version)
        session.flush()
        return version.id


def save_draft(agent: Agent, draft_id: int, text: str, *, revision: int, now: datetime) -> None:
    """Keep what was written, right or wrong. `revision` is that of the draft which the writer saw."""
    if len(text) > MAX_TEXT:
        raise IllegalMove("Ces règles sont trop longues : rien n’a été enregistré.")
    with transaction() as session:
        version = _open_draft(session, agent, draft_id, revision)
        if version.text != text:
            version.text, version.changed_at, version.revision = text, now, revision + 1


def discard_draft(agent: Agent, draft_id: int, *, revision: int, now: datetime) -> None:
    """Give a draft up. Its text stays in the database."""
    with transaction() as session:
        version = _open_draft(session, agent, draft_id, revision)
        version.state, version.changed_at = RulesState.DISCARDED, now


def publish(
    agent: Agent, draft_id: int, comment: str, *, revision: int, over: int, routing: Routing, now: datetime
) -> int:
    """Put a draft in force, with the reason; returns its number. A second time changes nothing.

    `over` is the number of the version in force when the publisher looked. Raises ConfigError, naming rule and word,
    for a draft that cannot be used.
    """
    with transaction() as session:
        edition = _lock(session)
        version = _locked_draft(session, agent, draft_id)
        if version.number is not None:
            return version.number
        _still_open(version, revision)
        _check_usable(version.text, routing, FILE)
        return _put_in_force(session, version, edition, agent, comment, over, routing, now)


def go_back(agent: Agent, number: int, comment: str, *, over: int, routing: Routing, now: datetime) -> int:
    """Publish again what version `number` says, as a new version; returns its number. Errors as `publish`."""
    with transaction() as session:
        edition = _lock(session)
        former = _found(session.scalar(_versions(agent).where(RulesVersion.number == number)))
        _check_usable(former.text, routing, place_of(number))
        version = RulesVersion(text=former.text, based_on=former, author=agent, created_at=now, changed_at=now)
        session.add(version)
        return _put_in_force(session, version, edition, agent, comment, over, routing, now)


def _put_in_force(
    session: Session,
    version: RulesVersion,
    edition: Edition,
    agent: Agent,
    comment: str,
    over: int,
    routing: Routing,
    now: datetime,
) -> int:
    before = session.scalar(select(RulesVersion.text).where(RulesVersion.state == RulesState.PUBLISHED))
    if version.text == (routing.rulebook.text if before is None else before):
        raise IllegalMove("Ces règles sont déjà en vigueur : il n’y a rien à publier.")
    if edition.number != over:
        raise Changed("Une autre version des règles vient d’être publiée. Comparez avant de publier la vôtre.")
    if edition.number == 0:
        edition.number = _keep_the_file(session, routing, now)
    session.execute(
        update(RulesVersion).where(RulesVersion.state == RulesState.PUBLISHED).values(state=RulesState.FORMER)
    )
    edition.number += 1
    version.number, version.state, version.comment = edition.number, RulesState.PUBLISHED, comment
    version.publisher, version.published_at, version.changed_at = agent, now, now
    return version.number


def _keep_the_file(session: Session, routing: Routing, now: datetime) -> int:
    """Before the first publication, what held until then becomes version 1: there is a way back to it."""
    session.add(
        RulesVersion(
            number=1,
            state=RulesState.FORMER,
            text=routing.rulebook.text,
            comment=f"config/{FILE}",
            created_at=now,
            changed_at=now,
        )
    )
    return 1


def _check_usable(text: str, routing: Routing, place: str) -> None:
    _rules, problems = read_rules(routing.rulebook, text, place)
    if problems:
        raise ConfigError(problems)


def _lock(session: Session) -> Edition:
    """The counter, held until the end: publications come one after the other."""
    edition = session.get(Edition, RULES, with_for_update=True)
    if edition is None:
        edition = Edition(name=RULES, number=0)
        session.add(edition)
    return edition


def _open_draft(session: Session, agent: Agent, draft_id: int, revision: int) -> RulesVersion:
    version = _locked_draft(session, agent, draft_id)
    _still_open(version, revision)
    return version


def _locked_draft(session: Session, agent: Agent, draft_id: int) -> RulesVersion:
    wanted = select(RulesVersion).where(RulesVersion.id == draft_id, _allowed(agent))
    return _found(session.scalar(wanted.with_for_update().execution_options(populate_existing=True)))


def _still_open(version: RulesVersion, revision: int) -> None:
    if version.state is not RulesState.DRAFT:
        done = "abandonné" if version.state is RulesState.DISCARDED else "publié"
        raise IllegalMove(f"Ce brouillon a été {done} : il ne change plus.")
    if version.revision != revision:
        raise Changed("Quelqu’un a changé ce brouillon pendant que vous l’aviez sous les yeux.")


def _versions(agent: Agent) -> Select[RulesVersion]:
    people = (joinedload(RulesVersion.author), joinedload(RulesVersion.publisher), joinedload(RulesVersion.based_on))
    return select(RulesVersion).where(_allowed(agent)).options(*people)


def _allowed(agent: Agent) -> ColumnElement[bool]:
    return or_(supervises_nationally(agent), exists().where(Agent.id == agent.id, Agent.is_admin))


def _check_allowed(session: Session, agent: Agent) -> None:
    if not session.scalar(select(_allowed(agent))):
        raise _hidden()


def _found(version: RulesVersion | None) -> RulesVersion:
    if version is None:
        raise _hidden()
    return version


def _hidden() -> NotFound:
    return NotFound("Ces règles n’existent pas, ou ne vous sont pas ouvertes.")
