"""Searching the published FAQ: one way for the site, the form's proposals, the phone and the agents.

The index is kept in memory, one a process, and made anew when the FAQ's edition has risen: one row read a search.
Measured against the databases' own indexes it is faster, and it ranks alike on SQLite and PostgreSQL by itself.
"""

from collections.abc import Collection
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from helpdesk.db import db
from helpdesk.errors import ConfigError
from helpdesk.knowledge.articles import FAQ
from helpdesk.knowledge.document import Document, addressed
from helpdesk.knowledge.index import Entry, Index
from helpdesk.knowledge.ranking import Answer, rank
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.knowledge.words import in_force
from helpdesk.models import Article, Edition, Section
from helpdesk.vocabulary import Readers


def search(query: str, readers: Collection[Readers] = tuple(Readers), limit: int = 5) -> Answer:
    """The published entries for these readers that answer a query: a few words, or a whole message.

    Any text will do. `hits` of the answer is empty when nothing fits.
    """
    for_all = set(readers) == set(Readers)
    return rank(query, present_index(), limit, None if for_all else lambda entry: entry.readers in readers)


def edition(connection: Connection | None = None) -> int:
    """How often the FAQ changed; 0 while nothing was ever published. Without a connection, that of the session."""
    reading = connection or db.session.connection()
    return reading.scalar(select(Edition.number).where(Edition.name == FAQ)) or 0


def published_entries(connection: Connection | None = None) -> list[Entry]:
    """What the index is made of. Without a connection, that of the session."""
    reading = connection or db.session.connection()
    columns = (Article.slug, Section.title, Article.question, Article.answer, Article.readers)
    return [Entry(*row) for row in reading.execute(select(*columns).join(Article.section).where(Article.published))]


def entries_of(document: Document) -> list[Entry]:
    """The entries of a document that is not published, to search it as if it were."""
    return [
        Entry(each.slug, section.title, each.question, each.answer, each.audience)
        for section in addressed(document).sections
        for each in section.questions
    ]


def load_synonyms(config: Path) -> Synonyms:
    """The lists of words in `config/`. Raises ConfigError with every mistake in them."""
    path = config / "synonyms.toml"
    try:
        return read_synonyms(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path.name} : la liste de mots ne peut pas être lue ({error})."]) from error


def shipped_synonyms() -> Synonyms:
    """Those of the file of this installation, read once a process."""
    return in_force.shipped()


def present_synonyms() -> Synonyms:
    """Those in force."""
    return present_index().synonyms


# One index for each database that this process talks to: one in service, several in tests. The key: edition of the
# FAQ, edition of the words.
_indexes: WeakKeyDictionary[Engine, tuple[tuple[int, int], Index]] = WeakKeyDictionary()
_making = Lock()


def present_index() -> Index:
    """Published entries and words in force, as `search` uses them. While one thread makes it anew, the others answer
    from the former one.
    """
    engine, present = db.engine, _editions()
    held = _indexes.get(engine)
    if held and held[0] == present:
        return held[1]
    if not _making.acquire(blocking=held is None) and held:
        return held[1]
    try:
        held = _indexes.get(engine)
        if held is None or held[0] != present:
            held = _indexes[engine] = (present, Index(published_entries(), in_force.present()))
        return held[1]
    finally:
        _making.release()


def _editions() -> tuple[int, int]:
    rows = db.session.execute(select(Edition.name, Edition.number).where(Edition.name.in_((FAQ, in_force.WORDS))))
    numbers = {row.name: row.number for row in rows}
    return numbers.get(FAQ, 0), numbers.get(in_force.WORDS, 0)
