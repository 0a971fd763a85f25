"""Personal data by command line: the end of its time, and the rights of those it tells of."""

import argparse
import json

from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.db import utc_now
from helpdesk.pages import parts
from helpdesk.people import rights
from helpdesk.tickets import retention


def add_commands(commands: Commands) -> None:
    """Add this file's commands to `helpdesk`."""
    actions = commands.add_parser("privacy", help="les données personnelles").add_subparsers(
        required=True, metavar="ACTION"
    )
    purge = actions.add_parser("purge", help="archive et efface ce qui a fait son temps, comme le travail périodique")
    purge.add_argument("--dry-run", action="store_true", help="compte, sans rien changer")
    purge.set_defaults(run=_purge)
    export = actions.add_parser("export", help="imprime en JSON tout ce qui est gardé sur une personne")
    export.add_argument("who", metavar="ADRESSE_OU_NUMÉRO")
    export.set_defaults(run=_export)
    erase = actions.add_parser("erase", help="efface tout ce qui est gardé sur une personne ; ne se défait pas")
    erase.add_argument("who", metavar="ADRESSE_OU_NUMÉRO")
    erase.add_argument("--dry-run", action="store_true", help="compte, sans rien changer")
    erase.set_defaults(run=_erase)


def _purge(options: argparse.Namespace) -> int:
    work = retention.due if options.dry_run else retention.purge
    with application().app_context():
        count = work(retention.periods_of(parts().settings), parts().files, utc_now())
    print(f"Demandes à archiver : {count['archived']}." if options.dry_run else f"Archivées : {count['archived']}.")
    print(f"Demandes à effacer : {count['erased']}." if options.dry_run else f"Effacées : {count['erased']}.")
    print(f"Courriels à oublier : {count['mails']}." if options.dry_run else f"Courriels oubliés : {count['mails']}.")
    print(f"Fichiers à supprimer : {count['files']}." if options.dry_run else f"Fichiers supprimés : {count['files']}.")
    return 0


def _export(options: argparse.Namespace) -> int:
    with application().app_context():
        print(json.dumps(rights.held_on(options.who), ensure_ascii=False, indent=2))
    return 0


def _erase(options: argparse.Namespace) -> int:
    with application().app_context():
        if options.dry_run:
            print(f"Demandes à effacer : {rights.count_held(options.who)}. Rien n’est changé.")
            return 0
        count = rights.erase_person(options.who, utc_now())
    print(f"Demandes effacées : {count}. Leurs fichiers sont supprimés sous huit jours.")
    return 0
