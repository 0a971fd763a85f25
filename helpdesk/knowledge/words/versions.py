"""Changing the words of search: tried before they are published, kept as versions, taken back as easily.

Editors look and try, reviewers publish. All take the agent and raise NotFound to who may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.knowledge.editors import check, edits, reviews
from helpdesk.knowledge.index import Index
from helpdesk.knowledge.ranking import Answer, rank
from helpdesk.knowledge.search import present_index
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.knowledge.words.in_force import FILE, WORDS, file_text, published_number
from helpdesk.knowledge.words.lists import as_lists
from helpdesk.models import Agent, Edition, Missed, WordsVersion

_SHOWN = 5
_MISSED = 200
_MEASURED = 300  # entries, spread evenly over a large FAQ


@dataclass(frozen=True)
class Measure:
    """How search does with some words. `found`: questions of published entries (some hundreds at most) that find their
    own entry first, of `questions`; `answered`: late searches in vain that would find something, of `missed`.
    """

    found: int
    questions: int
    answered: int
    missed: int


@dataclass(frozen=True)
class Trial:
    """One query, and the measures, under the words in force and under those that are tried."""

    before: Answer
    after: Answer
    measured_before: Measure
    measured_after: Measure

    @property
    def is_worse(self) -> bool:
        """Whether an entry is not found by its own question any more."""
        return self.measured_after.found < self.measured_before.found


def history(agent: Agent) -> Sequence[WordsVersion]:
    """All that was published, the latest first."""
    check(db.session(), edits(agent))
    return db.session.scalars(select(WordsVersion).order_by(WordsVersion.number.desc())).all()


def version(agent: Agent, number: int) -> tuple[WordsVersion, str]:
    """One version, and the text of the one before it: its own for the first, which was the file."""
    check(db.session(), edits(agent))
    found = _found(db.session(), number)
    before = db.session.get(WordsVersion, number - 1)
    return found, before.text if before else found.text


def present_text(agent: Agent) -> tuple[str, int]:
    """What is in force, and the number of its version; 0 is the file."""
    check(db.session(), edits(agent))
    number = published_number()
    return (_found(db.session(), number).text if number else file_text()), number


def try_out(agent: Agent, text: str, query: str) -> Trial:
    """What `text`, in the form of the file, would change. Raises ConfigError with all its problems."""
    check(db.session(), edits(agent))
    before = present_index()
    after = Index(before.entries, read_synonyms(text))
    latest = select(Missed.words).order_by(Missed.id.desc()).limit(_MISSED)
    missed = sorted(set(db.session.scalars(latest)))
    return Trial(
        rank(query, before, _SHOWN), rank(query, after, _SHOWN), _measure(before, missed), _measure(after, missed)
    )


def publish(agent: Agent, text: str, comment: str, *, over: int, now: datetime) -> int:
    """Put the words in force everywhere; returns their number. `over` is the version that the page started from.

    Raises ConfigError with all problems, Changed where somebody was quicker, IllegalMove where nothing changes.
    """
    read_synonyms(text)
    with transaction() as session:
        check(session, reviews(agent))
        return _put_in_force(session, agent, text, comment, over, now)


def go_back(agent: Agent, number: int, *, over: int, now: datetime) -> int:
    """Publish again what version `number` says; returns the new number. Errors as `publish`."""
    with transaction() as session:
        check(session, reviews(agent))
        text = _found(session, number).text
        read_synonyms(text)
        return _put_in_force(session, agent, text, f"Retour à la version {number}", over, now)


def _put_in_force(session: Session, agent: Agent, text: str, comment: str, over: int, now: datetime) -> int:
    edition = session.get(Edition, WORDS, with_for_update=True)
    if edition is None:
        edition = Edition(name=WORDS, number=0)
        session.add(edition)
        session.flush()
    present = _found(session, edition.number).text if edition.number else file_text()
    if as_lists(text) == as_lists(present):
        raise IllegalMove("Ces mots sont déjà en vigueur : il n’y a rien à publier.")
    if edition.number != over:
        raise Changed("Quelqu’un vient de publier d’autres mots. Les vôtres sont gardés ici : comparez, puis publiez.")
    if edition.number == 0:
        edition.number = 1  # what held until then: there is a way back to it
        session.add(WordsVersion(number=1, text=present, comment=f"config/{FILE}", at=now))
    edition.number += 1
    session.add(WordsVersion(number=edition.number, text=text, comment=comment, author_id=agent.id, at=now))
    return edition.number


def _measure(index: Index, missed: Sequence[str]) -> Measure:
    entries = index.entries[:: len(index.entries) // _MEASURED + 1]
    own = ((entry, rank(entry.question, index, 1)) for entry in entries)
    found = sum(bool(answer.hits) and answer.hits[0].slug == entry.slug for entry, answer in own)
    answered = sum(rank(query, index, 1).answered for query in missed)
    return Measure(found, len(entries), answered, len(missed))


def _found(session: Session, number: int) -> WordsVersion:
    found = session.get(WordsVersion, number)
    if found is None:
        raise NotFound("Cette version n’existe pas.")
    return found
