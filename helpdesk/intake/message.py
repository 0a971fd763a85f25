"""The one value that every channel turns its raw input into."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.vocabulary import Audience, Channel, Level


@dataclass(frozen=True)
class Sender:
    """Who wrote, as they said it; nothing here is proved. `phone` is E.164 where it could be read, else as typed."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SchoolHint:
    """What the person told of the child's school, as typed; any part may be empty."""

    name: str = ""
    commune: str = ""
    postal_code: str = ""
    uai: str = ""
    level: Level | None = None

    def __bool__(self) -> bool:
        return any((self.name, self.commune, self.postal_code, self.uai))


@dataclass(frozen=True)
class IncomingFile:
    """A file that came along. `name` is as sent and never used as a path."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class IncomingMessage:
    """One message from outside, understood but not yet stored.

    `external_id` makes it unique in its channel: the form's token, a Message-ID, a CallSid. `text` is all that was
    written; `sent_at` is aware UTC, or None where the channel does not tell. `quoted` is history that came along. Of a
    mailbox: its name, and where it says that requests belong when they themselves tell nothing (the code of an
    académie, the slug of a service).
    """

    channel: Channel
    external_id: str
    text: str
    sender: Sender
    subject: str = ""
    profile: Audience | None = None
    school: SchoolHint = field(default_factory=SchoolHint)
    sent_at: datetime | None = None
    language: str = "fr"
    files: tuple[IncomingFile, ...] = ()
    quoted: str = ""
    mailbox: str = ""
    mailbox_academy: str = ""
    mailbox_service: str = ""
