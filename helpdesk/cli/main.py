"""`helpdesk COMMAND …`: every command is one function that returns an exit code.

0: done. 1: done, with something to look at. 2: not done, the reason is on standard error.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from helpdesk.cli import agents, directory, faq, mail, routing, site
from helpdesk.errors import ConfigError, HelpdeskError


def parser_of_commands() -> argparse.ArgumentParser:
    """All commands; what each does is in the file of this folder that adds it."""
    parser = argparse.ArgumentParser(prog="helpdesk", description="Assistance EduConnect : demandes, agents, FAQ.")
    commands = parser.add_subparsers(title="commandes", required=True, metavar="COMMANDE")
    for room in (site, agents, faq, routing, directory, mail):
        room.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors made for people become a sentence, never a traceback."""
    options = parser_of_commands().parse_args(arguments)
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
    return code
