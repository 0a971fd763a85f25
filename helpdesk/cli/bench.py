"""Made-up tickets in bulk, for measuring."""

import argparse
import sys

from helpdesk.bench.filling import ADDRESSES, fill
from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.db import db, utc_now
from helpdesk.demo.seed import DEMO_PASSWORD
from helpdesk.workspace.auth import hash_password


def add_commands(commands: Commands) -> None:
    """Add this file's commands to `helpdesk`."""
    actions = commands.add_parser("bench", help="des demandes inventées en nombre, pour mesurer").add_subparsers(
        required=True, metavar="ACTION"
    )
    seed = actions.add_parser("seed", help="remplit une base vide de demandes inventées")
    seed.add_argument("count", type=int, metavar="NOMBRE")
    seed.add_argument("--seed", type=int, default=1, help="un autre nombre donne d’autres demandes (1)")
    seed.add_argument("--add", action="store_true", help="même si la base contient déjà des demandes")
    seed.set_defaults(run=_seed)


def _seed(options: argparse.Namespace) -> int:
    if not 0 < options.count <= 5_000_000:
        print("Le nombre de demandes va de 1 à 5 000 000.", file=sys.stderr)
        return 2
    password = hash_password(DEMO_PASSWORD)
    with application().app_context():
        fill(db.engine, options.count, options.seed, utc_now(), password, _tell, add=options.add)
    print(f"Mot de passe « {DEMO_PASSWORD} » : {', '.join(ADDRESSES)}")
    return 0


def _tell(words: str) -> None:
    print(words, flush=True)
