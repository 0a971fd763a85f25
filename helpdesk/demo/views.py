"""Pages of the demo: its log-ins, and a reader of the mails that would have left. Registered on a demo only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, render_template, request

from helpdesk.demo.seed import DEMO_PASSWORD, demo_agents
from helpdesk.errors import NotFound
from helpdesk.pages import parts

bp = Blueprint("demo", __name__, url_prefix="/demo")

PAGE_SIZE = 30
SHOWN_HEADERS = ("From", "To", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted")


@dataclass(frozen=True)
class Mail:
    """A mail of the folder. `text` is its plain-text part."""

    name: str
    subject: str
    to: str
    date: datetime
    headers: list[tuple[str, str]]
    text: str


@bp.get("/")
def index() -> str:
    """What there is to try, and as whom."""
    return render_template("demo/index.html", agents=demo_agents(), password=DEMO_PASSWORD)


@bp.get("/mails")
def mails() -> str:
    """The mails, newest first, by pages."""
    page = request.args.get("page", 1, type=int)
    page = page if 1 <= page < 10_000 else 1
    found = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_template(
        "demo/mails.html", mails=[_read(path) for path in shown], page=page, more=len(found) > page * PAGE_SIZE
    )


@bp.get("/mails/<name>")
def mail(name: str) -> str:
    """One mail: headers and text."""
    path = next((path for path in _folder().glob("*.eml") if path.stem == name), None)
    if path is None:
        raise NotFound("Ce courriel n’existe pas.")
    return render_template("demo/mail.html", mail=_read(path))


def _folder() -> Path:
    return parts().settings.data_dir / "mails"


def _read(path: Path) -> Mail:
    """Our own mails, so the standard reader is enough."""
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    text = message.get_body(("plain",))
    return Mail(
        name=path.stem,
        subject=message["Subject"],
        to=message["To"],
        date=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        headers=[(name, message[name]) for name in SHOWN_HEADERS if message[name]],
        text=text.get_content() if text else "",
    )
