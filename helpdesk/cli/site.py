"""Starting and keeping the site: run, worker, db, check, demo."""

import argparse
import errno
import signal
import sys

import waitress
from flask import Flask

from helpdesk import schema
from helpdesk.cli.application import application, serving
from helpdesk.cli.commands import Commands
from helpdesk.db import db, transaction, utc_now
from helpdesk.demo.seed import DEMO_PASSWORD, demo_agents, seed
from helpdesk.duties import send_due
from helpdesk.health import checks
from helpdesk.intake.poll import Poller
from helpdesk.outbox.dispatch import Thread
from helpdesk.pages import parts, parts_of
from helpdesk.routing.assign import sync_services
from helpdesk.worker import one_round, run_worker


def add_commands(commands: Commands) -> None:
    """Add this file's commands to `helpdesk`."""
    commands.add_parser("run", help="ouvre le site sur cette machine").set_defaults(run=_run)
    commands.add_parser("worker", help="envoie les courriels et fait le travail périodique").set_defaults(run=_worker)
    commands.add_parser("send-pending", help="envoie une fois ce qui attend").set_defaults(run=_send_pending)
    commands.add_parser("check", help="dit ce qui est en ordre, éteint ou à corriger").set_defaults(run=_check)
    database = commands.add_parser("db", help="la base de données").add_subparsers(required=True, metavar="ACTION")
    database.add_parser("upgrade", help="met la base et les services à jour").set_defaults(run=_upgrade)
    demo = commands.add_parser("demo", help="la démonstration").add_subparsers(required=True, metavar="ACTION")
    demo.add_parser("seed", help="ajoute des personnes et des demandes inventées").set_defaults(run=_seed)


def _run(_options: argparse.Namespace) -> int:
    app = serving()
    settings = parts_of(app).settings
    with app.app_context():
        if not schema.is_current(db.engine):
            print("La base n’est pas à jour : lancez « helpdesk db upgrade ».", file=sys.stderr)
            return 2
    try:
        server = waitress.create_server(app.wsgi_app, host=settings.host, port=settings.port, threads=settings.threads)
    except ValueError:
        print(f"HOST (« {settings.host} ») : aucune adresse de cette machine ne s’appelle ainsi.", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
            raise
        reason = {errno.EADDRINUSE: "est déjà pris", errno.EACCES: "n’est pas permis"}.get(
            error.errno, "n’existe pas ici"
        )
        print(f"{settings.host}:{settings.port} {reason}. Choisissez-en un autre : PORT=8001 make run", file=sys.stderr)
        return 2
    dispatcher, poller = parts_of(app).dispatcher, Poller(app, parts_of(app))
    if isinstance(dispatcher, Thread):
        dispatcher.start(lambda: one_round(app))
        poller.start()
    _greet(app)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # as Ctrl+C: requests and the mail in hand are finished first
    try:
        server.run()
    finally:
        server.close()
        if isinstance(dispatcher, Thread):
            poller.stop()
            dispatcher.stop()
    return 0


def _greet(app: Flask) -> None:
    settings = parts_of(app).settings
    print(f"\n  Site             {settings.public_base_url}/")
    print(f"  Espace agents    {settings.public_base_url}/agent/")
    if settings.demo:
        print(f"  Courriels        {settings.public_base_url}/demo/mails")
        print(f"\n  Démonstration, mot de passe « {DEMO_PASSWORD} » :")
        for address, role in demo_agents():
            print(f"    {address:<32} {role}")
    print("\n  Ctrl+C pour arrêter.\n", flush=True)


def _worker(_options: argparse.Namespace) -> int:
    run_worker(serving())
    return 0


def _send_pending(_options: argparse.Namespace) -> int:
    app = application()
    with app.app_context():
        count = send_due(parts(), utc_now())
    print(f"{count} courriel(s) traité(s).")
    return 0


def _upgrade(_options: argparse.Namespace) -> int:
    app = application()
    with app.app_context(), schema.alone(db.engine):
        schema.upgrade(db.engine)
        with transaction() as session:
            changed = sync_services(session, parts().routing.rulebook)
    print(f"Base à jour. Services ajoutés ou modifiés : {changed}.")
    return 0


def _seed(_options: argparse.Namespace) -> int:
    app = application()
    with app.app_context():
        print(seed(parts(), utc_now()))
    return 0


def _check(_options: argparse.Namespace) -> int:
    """Exit code 1 when something is wrong; what is merely off is no fault."""
    results = checks(application())
    for result in results:
        print(f"{result.mark}  {result.name} : {result.text}")
    return 1 if any(result.wrong for result in results) else 0
