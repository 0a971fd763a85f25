"""Writing the mails and text messages we send: templates of `templates/mail/` and `templates/texts/`, headers that make
clients group mails, follow-up links.

Needs no web request: a worker writes the same mail as the site.
"""

from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as say_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from helpdesk.db import db
from helpdesk.figures.opinions import asks
from helpdesk.files import FileStore
from helpdesk.intake.phone.voice.telling import call_code
from helpdesk.languages import LANGUAGES, catalogue
from helpdesk.models import Message, Outgoing, Ticket
from helpdesk.outbox import alarms
from helpdesk.outbox.message_ids import mail_id, root_id
from helpdesk.outbox.post import ACKNOWLEDGEMENT, ALARM, ANSWER
from helpdesk.outbox.segments import plain, shorten
from helpdesk.outbox.texting import LONGEST
from helpdesk.settings import Settings
from helpdesk.text import one_line
from helpdesk.tickets.escalation import notices_of
from helpdesk.tickets.followup import FOLLOW_UP, OPINION, link_secret


class Letters:
    """Writes a row of the outbox as a mail. `folder` holds the templates, `catalogues` the translations; `topic_label`
    names a topic from its slug.
    """

    def __init__(
        self, settings: Settings, folder: Path, catalogues: Path, topic_label: Callable[[str], str] = str
    ) -> None:
        self._settings = settings
        self._topic_label = topic_label
        self._files = FileStore(settings.data_dir / "files")
        self._environments = {language: _environment(folder, catalogues, language) for language in LANGUAGES}

    def compose(self, outgoing: Outgoing, ticket: Ticket) -> EmailMessage:
        """The whole mail. The same row always gives the same Message-ID."""
        if outgoing.kind == ALARM:
            return self._alarm(outgoing)
        words = self._words(outgoing, ticket)
        environment, message = self._environments[words["language"]], words["message"]
        mail = EmailMessage()
        self._address(mail, outgoing, ticket)
        mail.set_content(environment.get_template(f"mail/{outgoing.kind}.txt").render(words))
        mail.add_alternative(environment.get_template(f"mail/{outgoing.kind}.html").render(words), subtype="html")
        for file in message.attachments if message and outgoing.kind == ANSWER else ():
            kind, _slash, subkind = file.content_type.partition("/")
            content = self._files.read(file.sha256)
            mail.add_attachment(content, maintype=kind, subtype=subkind, filename=file.name)
        return mail

    def text(self, outgoing: Outgoing, ticket: Ticket) -> str:
        """The whole text message. What is too long for the provider is cut; the follow-up page has all of it."""
        words = self._words(outgoing, ticket)
        template = self._environments[words["language"]].get_template(f"texts/{outgoing.kind}.txt")
        around = plain(template.render(words, text="")).strip()
        said = plain(words["message"].text) if words["message"] else ""
        return plain(template.render(words, text=shorten(said, LONGEST - len(around) - 2))).strip()

    def around(self, ticket: Ticket) -> str:
        """What a text message with an answer says after the agent's words."""
        words = self._words(Outgoing(kind=ANSWER), ticket)
        return plain(
            self._environments[words["language"]].get_template(f"texts/{ANSWER}.txt").render(words, text="")
        ).strip()

    def report_link(self, outgoing: Outgoing) -> str:
        """Where the provider tells what becomes of a text message."""
        return f"{self._settings.public_base_url}/telephone/sms/etat/{outgoing.id}"

    def _words(self, outgoing: Outgoing, ticket: Ticket) -> dict[str, Any]:
        """What the templates say, in the language of the ticket."""
        language = ticket.language if ticket.language in LANGUAGES else LANGUAGES[0]
        message = db.session.get(Message, outgoing.message_id) if outgoing.message_id else None
        service = message.service if message and message.service else ticket.service
        return {
            "ticket": ticket,
            "message": message,
            "service": service,
            "link": self.follow_up_link(ticket),
            "opinion_link": self.opinion_link(ticket) if asks(ticket) else "",
            "received_at": say_datetime(
                ticket.received_at.astimezone(ZoneInfo(service.timezone)), "d MMMM y HH:mm", locale=language
            ),
            "settings": self._settings,
            "call_code": lambda ticket: call_code(self._settings, ticket.id),
            "language": language,
        }

    def _alarm(self, outgoing: Outgoing) -> EmailMessage:
        """To an agent, of pressing tickets; a conversation of its own."""
        notices = notices_of(outgoing.id)
        site = self._settings.public_base_url
        words = {
            "title": alarms.subject(notices),
            "sections": alarms.sections(notices, site, self._topic_label),
            "others": max(len(notices) - alarms.SHOWN, 0),
            "queue": f"{site}/agent/?vue=en-retard",
        }
        mail = EmailMessage()
        mail["From"] = Address("Assistance EduConnect", addr_spec=self._settings.mail_from)
        mail["To"] = outgoing.to_address
        mail["Subject"] = words["title"]
        mail["Date"] = format_datetime(outgoing.created_at)
        mail["Message-ID"] = self._mail_id(outgoing)
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        environment = self._environments[LANGUAGES[0]]
        mail.set_content(environment.get_template("mail/alarm.txt").render(words))
        mail.add_alternative(environment.get_template("mail/alarm.html").render(words), subtype="html")
        return mail

    @property
    def _domain(self) -> str:
        return self._settings.mail_from.partition("@")[2]

    def _mail_id(self, outgoing: Outgoing) -> str:
        return mail_id(self._settings.secret_key, outgoing.id, self._domain)

    def follow_up_link(self, ticket: Ticket) -> str:
        """The secret address at which the person reads and continues the request."""
        return self._link("suivi", ticket, FOLLOW_UP)

    def opinion_link(self, ticket: Ticket) -> str:
        """The secret address at which the person says whether the problem is solved."""
        return self._link("avis", ticket, OPINION)

    def _link(self, room: str, ticket: Ticket, purpose: str) -> str:
        secret = link_secret(self._settings.secret_key, ticket.reference, ticket.link_version, purpose)
        prefix = "" if ticket.language == LANGUAGES[0] or ticket.language not in LANGUAGES else f"/{ticket.language}"
        return f"{self._settings.public_base_url}{prefix}/{room}/{ticket.reference}/{secret}"

    def _address(self, mail: EmailMessage, outgoing: Outgoing, ticket: Ticket) -> None:
        """Headers. All mails of a ticket answer one root, under one subject, so that clients show one conversation."""
        root = root_id(self._settings.secret_key, ticket.id, self._domain)
        mail["From"] = Address(ticket.service.name, addr_spec=self._settings.mail_from)
        mail["To"] = outgoing.to_address
        opening = outgoing.kind == ACKNOWLEDGEMENT
        mail["Subject"] = f"{'' if opening else 'Re: '}[{ticket.reference}] {one_line(ticket.subject, 120)}"
        mail["Date"] = format_datetime(outgoing.created_at)
        mail["Message-ID"] = root if opening else self._mail_id(outgoing)
        if not opening:
            mail["In-Reply-To"] = mail["References"] = root
        # An acknowledgement is automatic and must not be answered by a machine (RFC 3834); an answer is a person's.
        mail["Auto-Submitted"] = "no" if outgoing.kind == ANSWER else "auto-replied"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        mail["X-Helpdesk-Loop"] = mail["Message-ID"]  # comes back to a mailbox of ours: a loop
        if self._settings.reply_tags:
            name, _at, domain = self._settings.mail_from.partition("@")
            mail["Reply-To"] = Address(ticket.service.name, addr_spec=f"{name}+{ticket.reference.lower()}@{domain}")


def _environment(folder: Path, catalogues: Path, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        # HTML is escaped, plain text must not be.
        autoescape=select_autoescape(("html",), default_for_string=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install = "install_gettext_translations"  # added by the extension, unknown to the types
    getattr(environment, install)(catalogue(language, catalogues), newstyle=True)
    return environment
