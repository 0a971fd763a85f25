"""`helpdesk COMMAND …`: every command is one function that returns an exit code.

0: done. 1: done, with something to look at. 2: not done, the reason is on standard error.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from helpdesk.errors import ConfigError, HelpdeskError

# The files of this folder, and the commands that each adds. Only the file of the command asked for is read: each brings
# its part of the house with it, and who searches the FAQ need not wait for the pages.
ROOMS = {
    "site": ("run", "worker", "send-pending", "check", "db", "demo"),
    "agents": ("agent",),
    "faq": ("faq",),
    "routing": ("routing",),
    "directory": ("directory",),
    "mail": ("mail",),
    "mailbox": ("mailbox",),
    "privacy": ("privacy",),
    "figures": ("figures",),
    "bench": ("bench",),
}


def parser_of_commands(command: str | None = None) -> argparse.ArgumentParser:
    """All commands, or those of the file that adds the one named; what each does is told there."""
    parser = argparse.ArgumentParser(prog="helpdesk", description="Assistance EduConnect : demandes, agents, FAQ.")
    commands = parser.add_subparsers(title="commandes", required=True, metavar="COMMANDE")
    for room in [room for room, added in ROOMS.items() if command in added] or ROOMS:
        import_module(f"helpdesk.cli.{room}").add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors made for people become a sentence, never a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    _say_all_letters()
    options = parser_of_commands(next(iter(words), None)).parse_args(words)
    try:
        code: int = options.run(options)
    except ConfigError as error:
        print("La configuration est à corriger :", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        return 2
    except HelpdeskError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough; Python must not complain while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        reason = _of_the_database(error)
        if not reason:
            raise
        print(f"La base de données ne fait pas ce qu’on lui demande : {reason}", file=sys.stderr)
        print("Vérifiez DATABASE_URL et DATA_DIR ; « helpdesk check » dit le reste.", file=sys.stderr)
        return 2
    return code


def _of_the_database(error: Exception) -> str:
    """Why the database is not there, or not as it should be; empty for anything else. Its library is asked only where
    a command has brought it along.
    """
    kinds = sys.modules.get("sqlalchemy.exc")
    cause = getattr(error, "orig", None)
    away = kinds is not None and isinstance(error, (kinds.OperationalError, kinds.InterfaceError))
    if not away and type(cause).__name__ != "UndefinedTable":
        return ""
    return str(cause).strip().partition("\n")[0]


def _say_all_letters() -> None:
    """In a place that says it knows ASCII alone (LC_ALL=C) French is said in UTF-8 all the same."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968"):
            stream.reconfigure(encoding="utf-8")
