"""Agents by command line: adding one, giving a role, ending sessions."""

import argparse
import getpass
import sys

from helpdesk.cli.application import application
from helpdesk.cli.commands import Commands
from helpdesk.errors import HelpdeskError
from helpdesk.knowledge.editors import set_role
from helpdesk.people.agents import add_agent, end_sessions, leave, set_admin, set_password
from helpdesk.vocabulary import EditorRole, Role
from helpdesk.workspace.auth import hash_password


def add_commands(commands: Commands) -> None:
    """Add this file's commands to `helpdesk`."""
    actions = commands.add_parser("agent", help="les agents").add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="ajoute un agent, ou lui donne un service de plus")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="prénom et nom, tels qu’ils signent les réponses")
    add.add_argument("--title", default="", help="qualité, qui signe aussi")
    add.add_argument("--service", action="append", default=[], help="par exemple assistance-08 ; peut être répété")
    add.add_argument("--supervisor", action="store_true")
    add.set_defaults(run=_add)
    password = actions.add_parser("password", help="change le mot de passe (lu au clavier ou sur l’entrée standard)")
    password.add_argument("email")
    password.set_defaults(run=_password)
    faq = actions.add_parser("faq", help="dit ce qu’un agent peut faire dans la FAQ")
    faq.add_argument("email")
    faq.add_argument("role", choices=[*EditorRole, "none"], help="editor écrit, reviewer relit et publie aussi")
    faq.set_defaults(run=_faq)
    sign_out = actions.add_parser("sign-out", help="ferme toutes les sessions d’un agent")
    sign_out.add_argument("email")
    sign_out.set_defaults(run=_sign_out)
    admin = actions.add_parser("admin", help="nomme un administrateur (Santé, Courriels, Règles)")
    admin.add_argument("email")
    admin.add_argument("--off", action="store_true", help="il ne l’est plus")
    admin.set_defaults(run=_admin)
    gone = actions.add_parser("leave", help="ferme un compte, ou seulement l’accès à un service")
    gone.add_argument("email")
    gone.add_argument("--service", action="append", default=[], help="quitte ce service, garde les autres")
    gone.set_defaults(run=_leave)


def _add(options: argparse.Namespace) -> int:
    role = Role.SUPERVISOR if options.supervisor else Role.AGENT
    with application().app_context():
        add_agent(options.email, options.name, options.title, options.service, role)
    print(f"{options.email} : enregistré. Mot de passe : helpdesk agent password {options.email}")
    return 0


def _faq(options: argparse.Namespace) -> int:
    role = None if options.role == "none" else EditorRole(options.role)
    with application().app_context():
        set_role(options.email, role)
    print(f"{options.email} : {options.role} dans la FAQ.")
    return 0


def _password(options: argparse.Namespace) -> int:
    password = getpass.getpass("Mot de passe : ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < 12:
        raise HelpdeskError("Le mot de passe doit avoir au moins 12 caractères.")
    with application().app_context():
        set_password(options.email, hash_password(password))
    print("Mot de passe changé ; les sessions ouvertes sont fermées.")
    return 0


def _admin(options: argparse.Namespace) -> int:
    with application().app_context():
        set_admin(options.email, not options.off)
    print(f"{options.email} : {'n’est plus administrateur' if options.off else 'administrateur'}.")
    return 0


def _leave(options: argparse.Namespace) -> int:
    with application().app_context():
        waiting = leave(options.email, options.service)
    closed = f"accès fermé à {', '.join(options.service)}" if options.service else "compte et sessions fermés"
    print(f"{options.email} : {closed}.")
    if waiting:
        print(f"{waiting} demande(s) à son nom attendent encore : un superviseur les rend au service.")
    return 0


def _sign_out(options: argparse.Namespace) -> int:
    with application().app_context():
        end_sessions(options.email)
    print("Sessions fermées.")
    return 0
