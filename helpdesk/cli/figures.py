"""The figures of supervisors by command line."""

import argparse

from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.figures import keeping


def add_commands(commands: Commands) -> None:
    """Add this file's commands to `helpdesk`."""
    actions = commands.add_parser("figures", help="les chiffres des superviseurs").add_subparsers(
        required=True, metavar="ACTION"
    )
    rebuild = actions.add_parser("rebuild", help="recompte tout depuis l’historique, sans rien arrêter")
    rebuild.set_defaults(run=_rebuild)


def _rebuild(_options: argparse.Namespace) -> int:
    with application().app_context():
        count = keeping.rebuild()
    print(f"Chiffres recomptés : {count} demandes.")
    return 0
