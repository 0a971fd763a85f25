"""`helpdesk routing explain`: what routing would decide, and why; a database is read only if there is one.

Then `replay`.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.cli import replay
from helpdesk.cli.commands import Commands
from helpdesk.cli.database import database_if_any
from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.decide import NATIONAL_ZONE, decide
from helpdesk.routing.geography import load_geography
from helpdesk.routing.in_force import last_that_reads
from helpdesk.routing.requests import decision_to_json, request_from_json
from helpdesk.routing.rulebook import Rulebook, load_rulebook
from helpdesk.routing.school_search import open_directory

_LINE_AT_MOST = 4_000_000  # characters; a longer line is no request


def add_commands(commands: Commands) -> None:
    routing = commands.add_parser("routing", help="règles de routage")
    actions = routing.add_subparsers(title="actions", required=True, metavar="ACTION")
    explain = actions.add_parser(
        "explain",
        help="dit où irait chaque demande d’un fichier, et pourquoi",
        description="Lit une demande par ligne (JSON), écrit une décision par ligne (JSON). "
        "Ni serveur ni base de données ; s’il y en a une, son annuaire et ses règles publiées servent. "
        "Code 1 si une ligne n’a pas pu être lue.",
    )
    explain.add_argument("file", nargs="?", type=Path, metavar="FICHIER.jsonl", help="sans lui, l’entrée standard")
    explain.add_argument(
        "--today",
        type=_day,
        metavar="AAAA-MM-JJ",
        help="jour auquel les échéances sont lues (aujourd’hui, à Paris, si rien n’est dit)",
    )
    explain.set_defaults(run=_explain)
    replay.add_command(actions)


def _explain(options: argparse.Namespace) -> int:
    now = datetime.now(ZoneInfo(NATIONAL_ZONE))
    rulebook = load_rulebook(config_dir())
    geography = load_geography(config_dir(), communes_dir())
    today: date = options.today or now.date()

    with database_if_any() as connection:
        directory = open_directory(connection) if connection is not None else None
        if connection is not None:
            rulebook = _published(connection, rulebook)

        def decided(told: object) -> dict[str, Any]:
            decision = decide(request_from_json(told), rulebook, geography, today=today, now=now, directory=directory)
            return decision_to_json(told.get("id") if isinstance(told, dict) else None, decision)

        return _explain_file(options.file, decided)


def _published(connection: Connection, rulebook: Rulebook) -> Rulebook:
    """Under the rules in force there; those of `config/` where the tables are not of today."""
    try:
        return last_that_reads(connection, rulebook)[0]
    except SQLAlchemyError:
        connection.rollback()
        return rulebook


def _explain_file(file: Path | None, decided: Callable[[object], dict[str, Any]]) -> int:
    if file is None:
        return explain_lines(io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace"), decided)
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return explain_lines(lines, decided)
    except OSError as error:
        print(f"{file} : {error.strerror}", file=sys.stderr)
        return 2


def explain_lines(lines: Iterable[str], decided: Callable[[object], dict[str, Any]]) -> int:
    """Answer each line as it comes. What cannot be read gets an object with "line" and "error" on both outputs."""
    code = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            answer = decided(_object(line))
        except ValueError as error:
            answer = {"line": number, "error": str(error)}
            print(f"ligne {number} : {error}", file=sys.stderr)
            code = 1
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return code


def _object(line: str) -> object:
    if len(line) > _LINE_AT_MOST:
        raise ValueError("la ligne est trop longue")
    try:
        return json.loads(line.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"ce n’est pas du JSON ({error})") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un jour (AAAA-MM-JJ)") from None
