"""The words of each ticket, kept for search: FTS5 on SQLite, a GIN index on PostgreSQL, both given the same stems.

They follow what is written by themselves, in the same transaction: whoever adds a message or a file, or changes who
asks and what about, has nothing to remember (`follow`, called once an application). Only statements that change rows
without reading them must call `read` or `remove`.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, column, delete, event, inspect, select, table, text
from sqlalchemy.orm import Session, scoped_session

from helpdesk.db import transaction
from helpdesk.models import Attachment, Message, Ticket, Unread
from helpdesk.tickets.search_terms import Document, Field, Term, fts5_query, joined, stems_of, tsquery, vector

Texts = Iterable[str]
TICKETS = "tickets"  # the name of their row in `unread`
AT_ONCE = 200  # tickets of one transaction
_WHO = (Ticket.sender_name, Ticket.sender_email, Ticket.sender_phone)
_SCHOOL = (Ticket.school_name, Ticket.school_commune, Ticket.school_uai)
_ABOUT = (Ticket.reference, Ticket.subject)
_COLUMNS = frozenset(each.key for each in (*_WHO, *_SCHOOL, *_ABOUT))
_TOUCHED = "tickets to read for search"
_POSTGRESQL = text(
    "INSERT INTO ticket_search (ticket_id, words) VALUES (:id, CAST(:words AS tsvector))"
    " ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words"
)
_SQLITE = text("INSERT INTO ticket_search (rowid, who, school, files, said) VALUES (:id, :who, :school, :files, :said)")
_words = table("ticket_search", column("ticket_id"), column("words"), column("rowid"))


def follow(sessions: scoped_session[Any]) -> None:
    """Keep the words in step with whatever these sessions write."""
    for moment, work in (("before_flush", _note), ("before_commit", _read_noted), ("after_soft_rollback", _forget)):
        if not event.contains(sessions, moment, work):
            event.listen(sessions, moment, work)


def holds(session: Session, terms: Collection[Term], above: int = 0) -> ColumnElement[bool]:
    """Whether the ticket has all of these terms and a number above that: a condition on Ticket."""
    if _is_postgresql(session):
        asked = text("ticket_search.words @@ CAST(:asked AS tsquery)").bindparams(
            bindparam("asked", tsquery(terms), unique=True)
        )
        return Ticket.id.in_(select(_words.c.ticket_id).where(asked, _words.c.ticket_id > above))
    found = text("ticket_search MATCH :asked").bindparams(bindparam("asked", fts5_query(terms), unique=True))
    return Ticket.id.in_(select(_words.c.rowid).where(found, _words.c.rowid > above))


def read(session: Session, ids: Collection[int]) -> None:
    """Make the tickets found by the words they have now. Part of the caller's transaction."""
    documents = _documents(session, ids)
    # FTS5 knows no "or update"; what has no words any more goes on both.
    remove(session, set(ids) - set(documents) if _is_postgresql(session) else ids)
    if documents:
        statement = _POSTGRESQL if _is_postgresql(session) else _SQLITE
        session.execute(statement, [_row(session, ticket_id, each) for ticket_id, each in documents.items()])


def remove(session: Session, ids: Collection[int]) -> None:
    """Make them found by no word. Part of the caller's transaction."""
    key = _words.c.ticket_id if _is_postgresql(session) else _words.c.rowid
    session.execute(delete(_words).where(key.in_(ids)), execution_options={"synchronize_session": False})


def read_old(at_most: int = 5_000) -> int:
    """Read tickets from before there was this index, newest first, some in each transaction; returns how many. The
    next call goes on.
    """
    done = 0
    while done < at_most:
        with transaction() as session:
            unread = session.get(Unread, TICKETS, with_for_update={"skip_locked": True})
            if unread is None:
                break
            older = select(Ticket.id).where(Ticket.id < unread.below).order_by(Ticket.id.desc()).limit(AT_ONCE)
            ids = session.scalars(older).all()
            read(session, ids)
            if len(ids) < AT_ONCE:
                session.delete(unread)
            else:
                unread.below = ids[-1]
            done += len(ids)
    return done


def still_unread(session: Session) -> bool:
    """Whether old tickets are not found by their words yet."""
    return session.get(Unread, TICKETS) is not None


def document(who: Texts, school: Texts, files: Texts, said: Texts) -> Document:
    """A ticket's words from its texts."""
    fields = {Field.WHO: who, Field.SCHOOL: school, Field.FILES: files, Field.SAID: said}
    return {field: joined(stems_of(each) for each in texts) for field, texts in fields.items()}


def row_of(dialect: str, ticket_id: int, words: Document) -> dict[str, Any]:
    """What is stored of them, by column."""
    if dialect == "postgresql":
        return {"id": ticket_id, "words": vector(words)}
    return {"id": ticket_id, **{field.value: " ".join(stems) for field, stems in words.items()}}


def _row(session: Session, ticket_id: int, words: Document) -> dict[str, Any]:
    return row_of(session.get_bind().dialect.name, ticket_id, words)


def _documents(session: Session, ids: Collection[int]) -> dict[int, Document]:
    """Those of the tickets that hold words still; an erased one has none."""
    query = select(Ticket.id, *_WHO, *_SCHOOL, *_ABOUT).where(Ticket.id.in_(ids), Ticket.erased_at.is_(None))
    tickets: dict[int, list[str]] = {row[0]: list(row[1:]) for row in session.execute(query)}
    said = {ticket_id: texts[-len(_ABOUT) :] for ticket_id, texts in tickets.items()}
    messages = select(Message.ticket_id, Message.text).where(Message.ticket_id.in_(said)).order_by(Message.id)
    for ticket_id, words in session.execute(messages):
        said[ticket_id].append(words)
    names = select(Message.ticket_id, Attachment.name).join(Message, Message.id == Attachment.message_id)
    files: dict[int, list[str]] = {}
    for ticket_id, name in session.execute(names.where(Message.ticket_id.in_(said)).order_by(Attachment.id)):
        files.setdefault(ticket_id, []).append(name)
    who, school = slice(0, len(_WHO)), slice(len(_WHO), -len(_ABOUT))
    return {
        ticket_id: document(texts[who], texts[school], files.get(ticket_id, ()), said[ticket_id])
        for ticket_id, texts in tickets.items()
    }


def _note(session: Session, *_: Any) -> None:
    """Remember the tickets whose words a flush changes, while it is still known what changes."""
    touched: list[Any] = session.info.setdefault(_TOUCHED, [])
    touched += [each for each in session.new if isinstance(each, Ticket | Message | Attachment)]
    for each in session.dirty:
        state = inspect(each)
        if isinstance(each, Ticket):
            if any(state.attrs[name].history.has_changes() for name in _COLUMNS):
                touched.append(each)
        elif isinstance(each, Message):
            touched.append(each)
            touched += [before for before in state.attrs.ticket_id.history.deleted or () if before]


def _read_noted(session: Session) -> None:
    session.flush()
    touched = session.info.pop(_TOUCHED, ())
    ids = {_ticket_of(session, each) for each in touched} - {None}
    if ids:
        read(session, [each for each in ids if each])


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_TOUCHED, None)


def _ticket_of(session: Session, touched: Any) -> int | None:
    if isinstance(touched, Attachment):
        return session.scalar(select(Message.ticket_id).where(Message.id == touched.message_id))
    if isinstance(touched, Message):
        return touched.ticket_id
    return touched.id if isinstance(touched, Ticket) else int(touched)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
