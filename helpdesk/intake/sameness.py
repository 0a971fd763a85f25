"""Whether two deliveries are one mail.

Servers add headers on the way (Received, Delivered-To, spam scores), so the bytes of the same mail differ from mailbox
to mailbox. What its author's program wrote does not: Message-ID, author, date, subject and body. All of them together
are the mail; a Message-ID alone is not, since broken programs use one twice.
"""

import hashlib
import re
from dataclasses import dataclass

_NAMED = (b"message-id", b"from", b"date", b"subject")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,60})[ \t]*:((?:[^\n]|\n[ \t])*)", re.MULTILINE)
_HEADERS_AT_MOST = 200_000  # bytes looked at
_MESSAGE_ID = re.compile(rb"<[^<>\s]{1,890}>")


@dataclass(frozen=True)
class Identity:
    """`fingerprint`: 64 hexadecimal digits. `message_id`: with its angle brackets, empty if there is none."""

    fingerprint: str
    message_id: str


def identity_of(raw: bytes) -> Identity:
    """Who this mail is, whatever its damage."""
    end = _END_OF_HEADERS.search(raw)
    head, body_at = (raw[: end.start()], end.end()) if end else (raw, len(raw))
    found: dict[bytes, bytes] = {}
    for field in _FIELD.finditer(head[:_HEADERS_AT_MOST]):
        found.setdefault(field[1].lower(), b" ".join(field[2].split()))
    digest = hashlib.sha256()
    for name in _NAMED:
        digest.update(name + b":" + found.get(name, b"") + b"\n")
    if not any(found.get(name) for name in _NAMED):
        digest.update(head)
    digest.update(raw[body_at:].replace(b"\r\n", b"\n").rstrip(b"\n"))
    message_id = _MESSAGE_ID.search(found.get(b"message-id", b""))
    return Identity(digest.hexdigest(), message_id[0].decode("ascii", "replace") if message_id else "")
