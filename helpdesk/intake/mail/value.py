"""What reading one mail gives. Everything in it was said by the sender and proves nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.errors import HelpdeskError
from helpdesk.intake.message import IncomingFile


class UnreadableMail(HelpdeskError):
    """The bytes are no mail at all; the text says why, in French."""


@dataclass(frozen=True)
class Address:
    """One mailbox of a header. `address` is as written, without its angle brackets; it may lack a domain."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class BounceReport:
    """What a delivery report tells of the message that did not arrive. Any field may be empty.

    `recipient`: the address that failed, lower case. `message_id`: the Message-ID of the message that failed, with its
    angle brackets; this is how the report finds the mail we sent. `permanent`: nobody will try again (a 5.x.x status,
    or a failure without a status); False while the other server goes on trying. `status`: as in « 5.1.1 ».
    `diagnostic`: what the other server said, on one line.
    """

    recipient: str = ""
    message_id: str = ""
    permanent: bool = True
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True)
class Authentication:
    """What the trusted host found about the sender, each a word of RFC 8601 in lower case (« pass », « fail », « none »
    …), empty where it says nothing. `from_domain`: the domain that DMARC looked at (header.from), lower case.
    """

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    from_domain: str = ""


@dataclass(frozen=True)
class Mail:
    """One mail, understood.

    Strings hold no NUL or other control but \\n and \\t, and no lone surrogate: fit for any database. What a header
    lacks is empty, never None, except `date`.

    - `subject`: decoded, on one line; « Re: » and tags are kept.
    - `from_address`, `from_name`: the author: the first From; without one, Sender, Reply-To, then Return-Path.
    - `sender`: the Sender header's address, if there is one. `reply_to`: where the author wants answers.
    - `return_path`: the envelope sender, empty both for the null path (« <> ») and where nobody wrote it down.
    - `delivered_to`: addresses the mail was delivered under (Delivered-To, X-Original-To, Envelope-To), for a mailbox
      that receives under several names.
    - `date`: aware UTC as the sender wrote it, possibly in the future; None if missing or no date.
    - `message_id`: with angle brackets; empty if there is none. Two mails may bear the same.
    - `references`: the Message-IDs this one answers, nearest last, each once, In-Reply-To included; at most 200.
    - `text`: all that a person sees, quotation included. `reply_text`: only what is new; `text` again where nothing
      could be told apart. `quoted`: what was folded away (history and signatures), in order.
    - `html`: the HTML body cleaned, fit to be shown within a page: nothing runs, nothing loads. Empty for a plain mail.
    - `files`: attachments and inline pictures; names are no paths, types are told by the bytes.
    - `automatic`: no person pressed « send » for us; `automatic_because` says by which sign, in French.
    - `bounce`: set for delivery failures and delays, never for reports of success.
    - `authentication`: None unless `trusted_host` wrote an Authentication-Results header.
    - `headers`: some raw facts for loop checks: (lower-case name, value on one line), those of `KEPT_HEADERS` only.
    - `size`: bytes of the raw mail. `notes`: oddities met on the way, in French, for an administrator.
    """

    subject: str
    from_address: str
    from_name: str = ""
    sender: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: str = ""
    date: datetime | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    reply_text: str = ""
    quoted: str = ""
    html: str = ""
    files: tuple[IncomingFile, ...] = ()
    automatic: bool = False
    automatic_because: str = ""
    bounce: BounceReport | None = None
    authentication: Authentication | None = None
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 0
    notes: tuple[str, ...] = field(default=())

    def header(self, name: str) -> str:
        """The first value kept under this name (any case), empty if there is none."""
        return next((value for known, value in self.headers if known == name.lower()), "")


KEPT_HEADERS = frozenset(("auto-submitted", "precedence", "list-id", "x-loop", "in-reply-to", "x-helpdesk-loop"))
