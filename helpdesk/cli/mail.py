"""`helpdesk mail read`: what the reader makes of mails kept in files, without a mailbox or a database; `helpdesk mail
receive` takes such files in as if they had come to a mailbox.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from helpdesk.cli.commands import Commands
from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import Mail, UnreadableMail

_LARGEST = 60_000_000  # bytes; no server accepts such a mail


def add_commands(commands: Commands) -> None:
    """Add `helpdesk mail …`."""
    actions = commands.add_parser("mail", help="courriels reçus").add_subparsers(
        title="actions", required=True, metavar="ACTION"
    )
    read = actions.add_parser(
        "read",
        help="montre ce qui serait lu dans des courriels gardés en fichiers (.eml)",
        description="Écrit une ligne (JSON) par courriel. Ni boîte aux lettres ni base de données. "
        "Code 1 si un fichier n’a pas pu être lu.",
    )
    read.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    read.set_defaults(run=_read)
    receive = actions.add_parser("receive", help="prend des courriels gardés en fichiers (.eml) comme s’ils arrivaient")
    receive.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    receive.set_defaults(run=_receive)


def _receive(options: argparse.Namespace) -> int:
    # Imported late: reading a file needs neither a database nor the pages.
    from helpdesk.cli.mailbox import receive_mails

    mails, code = [], 0
    for path in options.files:
        try:
            mails.append(_bytes_of(path))
        except UnreadableMail as problem:
            print(f"{path} : {problem}", file=sys.stderr)
            code = 1
    return receive_mails(mails) or code


def _read(options: argparse.Namespace) -> int:
    code = 0
    for path in options.files:
        mail, error = None, None
        try:
            mail = read_mail(_bytes_of(path))
        except UnreadableMail as problem:
            error, code = str(problem), 1
            print(f"{path} : {problem}", file=sys.stderr)
        print(json.dumps(_line(str(path), mail, error), ensure_ascii=False), flush=True)
    return code


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableMail(f"Le fichier ne peut pas être lu : {error.strerror or error}.") from error
    if len(raw) > _LARGEST:
        raise UnreadableMail("Le fichier est trop gros pour un courriel.")
    return raw


def _line(file: str, mail: Mail | None, error: str | None) -> dict[str, Any]:
    """The one object printed for a file; the same keys whether it was read or not."""
    read = mail or Mail(subject="", from_address="")
    return {
        "file": file,
        "subject": read.subject,
        "from_address": read.from_address,
        "from_name": read.from_name,
        "to": [address.address for address in read.to],
        "date": read.date.isoformat() if read.date else None,
        "message_id": read.message_id,
        "references": list(read.references),
        "text": read.text,
        "reply_text": read.reply_text,
        "html": read.html,
        "attachments": [
            {"name": each.name, "type": each.content_type, "size": len(each.content)} for each in read.files
        ],
        "automatic": read.automatic,
        "bounce": read.bounce is not None,
        "error": error,
    }
