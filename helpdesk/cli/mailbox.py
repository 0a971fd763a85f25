"""`helpdesk mailbox …`: emptying the mailboxes, and comparing them with the ledger."""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from helpdesk.cli.application import application, serving
from helpdesk.cli.commands import Commands
from helpdesk.db import utc_now
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailroom import settle_all
from helpdesk.intake.poll import Poller, note_failure, poll_once
from helpdesk.intake.reconcile import compare, holes
from helpdesk.intake.sameness import identity_of
from helpdesk.intake.source import MailboxAway
from helpdesk.pages import parts, parts_of


def add_commands(commands: Commands) -> None:
    """Add `helpdesk mailbox …`."""
    actions = commands.add_parser("mailbox", help="boîtes aux lettres").add_subparsers(
        title="actions", required=True, metavar="ACTION"
    )
    poll = actions.add_parser("poll", help="relève les boîtes de config/mailboxes.toml")
    poll.add_argument("--once", action="store_true", help="une seule fois, sans attendre la fin d’un délai d’échec")
    poll.set_defaults(run=_poll)
    check = actions.add_parser(
        "reconcile",
        help="compare les boîtes et le registre",
        description="Dit ce que les boîtes ont et que le registre ne connaît pas. Code 1 s’il manque quelque chose.",
    )
    check.add_argument("--repair", action="store_true", help="reprend aussi ce qui manque")
    check.set_defaults(run=_reconcile)


def receive_mails(mails: Sequence[bytes]) -> int:
    """Take mails in as if they had come to a mailbox, and settle them; says how many of them were known."""
    with application().app_context():
        places = [Place("fichier", 0, identity_of(raw).fingerprint) for raw in mails]
        new = sum(keep([copy], parts().files, utc_now()) for copy in zip(mails, places, strict=True))
        settled = settle_all(parts())
    print(f"{settled} courriel(s) traité(s), {len(mails) - new} déjà connu(s).")
    return 0


def _poll(options: argparse.Namespace) -> int:
    app = application() if options.once else serving()
    if options.once:
        with app.app_context():
            problems = {spec.name: poll_once(parts(), spec, whenever=True) for spec in parts().mailboxes}
            settled = settle_all(parts())
        print(f"{settled} courriel(s) traité(s).")
        for name, problem in problems.items():
            if problem:
                print(f"Boîte « {name} » : {problem}.", file=sys.stderr)
        return 1 if any(problems.values()) else 0
    poller = Poller(app, parts_of(app))

    def end(_signal: int, _frame: FrameType | None) -> None:
        poller.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    poller.start()
    poller.wait()
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    code = 0
    with application().app_context():
        for spec in parts().mailboxes:
            try:
                found = compare(parts(), spec, utc_now(), repair=options.repair)
            except MailboxAway as error:
                print(f"Boîte « {spec.name} » : {note_failure(spec.name, error, utc_now())}.", file=sys.stderr)
                code = 1
                continue
            print(
                f"Boîte « {spec.name} » : {found.waiting} à relever, {found.filed} rangé(s), "
                f"{found.missing} inconnu(s) du registre, {found.repaired} repris."
            )
            code = 1 if found.missing > found.repaired else code
        if options.repair:
            settle_all(parts())
        left = holes(parts(), utc_now())
    for text, ids in (("sans issue depuis plus d’une heure", left.stuck), ("sans original", left.without_bytes)):
        if ids:
            print(f"Registre : {len(ids)} courriel(s) {text} ({', '.join(map(str, ids[:10]))}).")
            code = 1
    return code
