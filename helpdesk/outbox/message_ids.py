"""The Message-IDs of our mails: signed, so that a mail which quotes one is known to answer a mail of ours."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

_OURS = re.compile(r"<(ticket|mail)-(\d{1,18})\.([a-z2-7]{16})@[^<>@\s]+>")


@dataclass(frozen=True)
class OurMail:
    """What a Message-ID of ours names: the first mail of a ticket, or a row of the outbox."""

    ticket_id: int | None = None
    outgoing_id: int | None = None


def root_id(key: str, ticket_id: int, domain: str) -> str:
    """Of the acknowledgement, which all later mails of the ticket answer."""
    return _signed(key, f"ticket-{ticket_id}", domain)


def mail_id(key: str, outgoing_id: int, domain: str) -> str:
    """Of any other mail that we send."""
    return _signed(key, f"mail-{outgoing_id}", domain)


def read_message_id(keys: Sequence[str], message_id: str) -> OurMail | None:
    """What the Message-ID names, if one of the keys signed it. The domain may have changed since."""
    found = _OURS.fullmatch(message_id.strip().lower())
    if not found:
        return None
    name = f"{found[1]}-{found[2]}"
    if not any(hmac.compare_digest(_signature(key, name), found[3]) for key in keys):
        return None
    number = int(found[2])
    return OurMail(ticket_id=number) if found[1] == "ticket" else OurMail(outgoing_id=number)


def _signed(key: str, name: str, domain: str) -> str:
    return f"<{name}.{_signature(key, name)}@{domain}>"


def _signature(key: str, name: str) -> str:
    signed = hmac.digest(key.encode(), f"message-id\n{name}".encode(), hashlib.sha256)
    return base64.b32encode(signed[:10]).decode().lower()
