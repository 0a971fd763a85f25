"""`helpdesk faq search`: what the FAQ answers, for editors who tune its words and for measuring it."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.cli.commands import Commands
from helpdesk.cli.database import database_to_read
from helpdesk.db import Unavailable
from helpdesk.errors import HelpdeskError, UnreadableDocument
from helpdesk.knowledge.index import Entry, Index
from helpdesk.knowledge.ranking import Answer, rank
from helpdesk.knowledge.reviewed import parse
from helpdesk.knowledge.search import edition, entries_of, published_entries, shipped_synonyms
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.knowledge.words.in_force import present as words_in_force
from helpdesk.models import Edition
from helpdesk.places import config_dir

_SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """One query; `id` is what the file gave with it."""

    id: Any
    query: str


def add_commands(actions: Commands) -> None:
    """Add `search` to `helpdesk faq`."""
    found = actions.add_parser(
        "search", help="cherche dans la FAQ publiée, ou dans le document relu tant qu’elle est vide"
    )
    found.add_argument("query", nargs="?", metavar="QUESTION")
    found.add_argument(
        "--file", type=Path, help='une question par ligne : {"id": …, "query": …} ; « - » pour l’entrée standard'
    )
    found.add_argument("--json", action="store_true", help="une ligne de JSON par question")
    found.add_argument(
        "--faq", type=Path, metavar="DOCUMENT", help="cherche dans ce document relu plutôt que dans la FAQ publiée"
    )
    found.set_defaults(run=_search)


def _search(options: argparse.Namespace) -> int:
    if (options.query is None) == (options.file is None):
        raise HelpdeskError("Donnez une question, ou --file et un fichier de questions.")
    asked = [Asked(None, options.query)] if options.file is None else _asked_in(options.file)
    show = _show_json if options.json else _show
    if options.faq:
        return _answer_all(asked, _in_document(options.faq), show)
    with database_to_read() as connection:
        published = _published(connection) if connection else None
        synonyms = words_in_force(connection) if connection and published is not None else None
    find = (
        _among(published, synonyms) if published is not None else _in_document(config_dir() / "faq" / "educonnect.md")
    )
    return _answer_all(asked, find, show)


def _answer_all(
    asked: Iterable[Asked | str], find: Callable[[str], Answer], show: Callable[[Asked, Answer], None]
) -> int:
    """1 when a line of the file was no query: the others are answered all the same."""
    code = 0
    for each in asked:
        if isinstance(each, str):
            print(each, file=sys.stderr)
            code = 1
        else:
            show(each, find(each.query))
    return code


def _published(connection: Connection) -> list[Entry] | None:
    """None while this installation has published nothing: no tables yet, or no FAQ in them. A database that does not
    answer is an error, not an empty FAQ.
    """
    try:
        if inspect(connection).has_table(Edition.__tablename__) and edition(connection):
            return published_entries(connection)
    except SQLAlchemyError as error:
        raise Unavailable("La base de données ne répond pas.") from error
    return None


def _in_document(path: Path) -> Callable[[str], Answer]:
    try:
        document = parse(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDocument(f"{path} ne peut pas être lu : {_reason(error)}.") from error
    return _among(entries_of(document))


def _among(entries: Iterable[Entry], synonyms: Synonyms | None = None) -> Callable[[str], Answer]:
    index = Index(entries, synonyms or shipped_synonyms())
    return lambda query: rank(query, index, _SHOWN)


def _asked_in(path: Path) -> Iterator[Asked | str]:
    """The queries of a file, one a line; for a line that holds none, a sentence that says so."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HelpdeskError(f"{path} ne peut pas être lu : {_reason(error)}.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _asked(line) or f'{path}, ligne {number} : attend {{"id": …, "query": "…"}}.'


def _asked(line: str) -> Asked | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("query"), str):
        return None
    return Asked(row.get("id"), row["query"])


def _show_json(asked: Asked, answer: Answer) -> None:
    """What came nearest is listed even when nothing fits: the reader of this is an editor, not a parent."""
    results = [{"question": hit.question, "slug": hit.slug, "score": hit.score} for hit in answer.nearest]
    line = {"id": asked.id, "query": asked.query, "answered": answer.answered, "results": results}
    print(_printable(json.dumps(line, ensure_ascii=False)))


def _show(asked: Asked, answer: Answer) -> None:
    print(_printable(asked.query))
    if answer.suggestion:
        print(f"  compris : {_printable(answer.suggestion)}")
    if not answer.answered:
        print("  rien ne correspond" + (" ; au plus près :" if answer.nearest else ""))
    for hit in answer.hits or answer.nearest:
        print(f"  {hit.score:6.3f}  {hit.question}  ({hit.slug})")


def _printable(text: str) -> str:
    """Lone surrogates, which JSON may hold, cannot be printed."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "il n’est pas en UTF-8"
