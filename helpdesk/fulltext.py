"""Finding long texts by their words: FTS5 on SQLite and a GIN index on PostgreSQL behind one face.

Both are given stems made in Python, so both find the same things. What is found is a query for keys: the caller joins
it with what the asker may see, orders it and cuts it into pages.

    select(Ticket).where(visible_to(agent), Ticket.id.in_(fulltext.keys(session, "ticket", query)))

The FAQ is not searched here but in memory, see `knowledge.search`. A migration creates and drops the tables by
`create_statements` and `drop_statements`; all that they make has a name in `fulltext…`.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    false,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.db import BigKey
from helpdesk.knowledge.language import stem, words

# Enough for a ticket with a long history, and far below PostgreSQL's bound of 1 MB a document.
_MOST_WORDS = 20_000
_MOST_ASKED = 20

# One row a thing that can be found: the stems of its words, each once, in alphabetical order. It stands apart from the
# models because it is made of them and can be made again.
_texts = Table(
    "fulltext",
    MetaData(),
    Column("id", BigKey, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("stems", Text, nullable=False),
    UniqueConstraint("kind", "key"),
)
_POSTGRESQL = (
    """CREATE TABLE fulltext (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind VARCHAR(20) NOT NULL, key BIGINT NOT NULL,
        stems TEXT NOT NULL, UNIQUE (kind, key))""",
    "CREATE INDEX fulltext_stems ON fulltext USING gin (array_to_tsvector(string_to_array(stems, ' ')))",
)
_SQLITE = (
    """CREATE TABLE fulltext (
        id INTEGER PRIMARY KEY, kind VARCHAR(20) NOT NULL, key BIGINT NOT NULL,
        stems TEXT NOT NULL, UNIQUE (kind, key))""",
    """CREATE VIRTUAL TABLE fulltext_words USING fts5(
        kind, stems, content='fulltext', content_rowid='id', tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER fulltext_added AFTER INSERT ON fulltext BEGIN
        INSERT INTO fulltext_words(rowid, kind, stems) VALUES (new.id, new.kind, new.stems);
    END""",
    """CREATE TRIGGER fulltext_removed AFTER DELETE ON fulltext BEGIN
        INSERT INTO fulltext_words(fulltext_words, rowid, kind, stems) VALUES ('delete', old.id, old.kind, old.stems);
    END""",
    """CREATE TRIGGER fulltext_changed AFTER UPDATE ON fulltext BEGIN
        INSERT INTO fulltext_words(fulltext_words, rowid, kind, stems) VALUES ('delete', old.id, old.kind, old.stems);
        INSERT INTO fulltext_words(rowid, kind, stems) VALUES (new.id, new.kind, new.stems);
    END""",
)


def create_statements(dialect: str) -> tuple[str, ...]:
    """What a migration runs to make the tables, in order. `dialect` is SQLAlchemy's name of the database."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE


def drop_statements(dialect: str) -> tuple[str, ...]:
    """What a migration runs to be rid of them, in order."""
    drop = "DROP TABLE fulltext"
    return (drop,) if dialect == "postgresql" else ("DROP TABLE fulltext_words", drop)


def put(session: Session, kind: str, key: int, texts: Iterable[str]) -> None:
    """Make a thing findable by these texts, and no longer by those it had before. Part of the caller's transaction."""
    stems = sorted({stem(word.folded) for each in texts for word in words(each, _MOST_WORDS)})[:_MOST_WORDS]
    row = {"kind": kind, "key": key, "stems": " ".join(stems)}
    insert = postgresql.insert if _is_postgresql(session) else sqlite.insert
    session.execute(
        insert(_texts).values(row).on_conflict_do_update(index_elements=["kind", "key"], set_={"stems": row["stems"]})
    )


def remove(session: Session, kind: str, keys: Collection[int]) -> None:
    """Make things no longer findable, whether they were or not. Part of the caller's transaction."""
    session.execute(delete(_texts).where(_texts.c.kind == kind, _texts.c.key.in_(keys)))


def keys(session: Session, kind: str, query: str) -> Select[int]:
    """A query for the keys of all things of a kind that hold every word of `query`; of nothing if it has no word.

    Inflected forms count as the same word. Any text will do; words past the twentieth are not looked at.
    """
    stems = sorted({stem(word.folded) for word in words(query, _MOST_ASKED)})
    found = select(_texts.c.key).where(_texts.c.kind == kind)
    if not stems:
        return found.where(false())
    # Stems are letters and digits only, so quoting them is all the care they need.
    if _is_postgresql(session):
        holds = text("array_to_tsvector(string_to_array(fulltext.stems, ' ')) @@ CAST(:fulltext_asked AS tsquery)")
        return found.where(holds.bindparams(fulltext_asked=" & ".join(f"'{one}'" for one in stems)))
    every = " AND ".join(f'"{one}"' for one in stems)
    rows = text("SELECT rowid FROM fulltext_words WHERE fulltext_words MATCH :fulltext_asked")
    asked = rows.bindparams(fulltext_asked=f'kind : "{kind}" AND stems : ({every})')
    return found.where(_texts.c.id.in_(asked.columns(_texts.c.id)))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
