"""`read_mail`: the bytes of one message become a `Mail`."""

import re
from html import escape

from helpdesk.intake.mail.addresses import parse_addresses
from helpdesk.intake.mail.authentication import authentication
from helpdesk.intake.mail.automatic import automatic_because
from helpdesk.intake.mail.bounces import bounce_of
from helpdesk.intake.mail.charsets import decode, printable
from helpdesk.intake.mail.content import Content, Piece, content_of, leaves, text_file_as_body
from helpdesk.intake.mail.dates import parse_date
from helpdesk.intake.mail.html_marks import MARKS, PART
from helpdesk.intake.mail.html_text import Rendered, render
from helpdesk.intake.mail.quotes import Split, split
from helpdesk.intake.mail.structure import Part, parse
from helpdesk.intake.mail.value import KEPT_HEADERS, Address, Mail, UnreadableMail
from helpdesk.intake.mail.words import header_text
from helpdesk.text import one_line

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_MOST_REFERENCES = 200
_MOST_WRAPPINGS = 5  # forwards of forwards
_PROPER = frozenset(
    ("from", "to", "subject", "date", "message-id", "received", "return-path", "sender", "reply-to", "cc")
)
_MARKUP = re.compile(r"</?(?:html|body|div|p|br|table|span)\b", re.IGNORECASE)
_FIELDS = re.compile(rb"\s*[A-Za-z-]+:")
_STUB = re.compile(r"html", re.IGNORECASE)


def read_mail(raw: bytes, *, trusted_host: str = "") -> Mail:
    """Understand one mail, whatever its damage: oddities are notes, not errors.

    `trusted_host` is the name that our own mail server writes at the head of Authentication-Results; headers of any
    other name are never believed. Raises UnreadableMail, and nothing else, for bytes that are no mail at all.
    """
    root = parse(raw)
    if not raw.strip(b"\x00 \t\r\n"):
        raise UnreadableMail("Ce courriel est vide.")
    if not any(name in _PROPER or name.startswith("content-") for name, _value in root.fields):
        raise UnreadableMail("Ce n’est pas un courriel : il n’y a ni expéditeur, ni destinataire, ni objet.")
    content = _content(root)
    parts = list(leaves(root))
    charset = next((part.parameters["charset"] for part in parts if part.parameters.get("charset")), "")
    subject = one_line(header_text(root.raw("subject"), charset=charset), 1000)
    author = _author(root, charset)
    written = _letter(root, content, subject)
    to = parse_addresses(b", ".join(root.all("to")), charset)
    bounce = bounce_of(
        root, author.address, subject, written.text, content.reports, _returned(parts, content), _ours(to, author)
    )
    because = automatic_because(root, author.address, subject, written.split.new, parts)
    if bounce and not because:
        because = "c’est un avis de non-remise"
    return Mail(
        subject=subject,
        from_address=author.address,
        from_name=author.name,
        sender=_first(root, "sender").address,
        to=to,
        cc=parse_addresses(b", ".join(root.all("cc"))),
        reply_to=parse_addresses(root.raw("reply-to")),
        delivered_to=_delivered_to(root),
        return_path=_first(root, "return-path").address,
        date=parse_date(header_text(root.raw("date"))),
        message_id=_message_id(root),
        references=_references(root),
        text=written.text,
        reply_text=written.split.new,
        quoted=written.split.old,
        html=written.html,
        files=tuple(content.files),
        automatic=bool(because),
        automatic_because=because,
        bounce=bounce,
        authentication=authentication(root, trusted_host),
        headers=tuple(
            (name, one_line(header_text(value), 1000)) for name, value in root.fields if name in KEPT_HEADERS
        ),
        size=len(raw),
        notes=tuple(dict.fromkeys(content.notes)),
    )


class _Written:
    """The letter in its three forms."""

    def __init__(self, text: str, parted: Split, html: str) -> None:
        self.text, self.split, self.html = text, parted, html


def _content(root: Part) -> Content:
    content = content_of(root)
    if not content.pieces:
        instead = text_file_as_body(root)
        if instead is not None:
            content.pieces = instead.pieces  # the file stays in the list: it has a name
    return content


def _letter(root: Part, content: Content, subject: str) -> _Written:
    """What the parts say; where they say nothing, what stands in for it."""
    written = _written(content.pieces, subject)
    if not written.text and content.spare:
        written = _written(content.spare, subject)
    if root.content_type == "multipart/report":
        if not written.text and content.reports and not _FIELDS.match(content.reports[0]):
            # Some servers put their words into the part that is meant for machines.
            written = _written([Piece(plain=printable(decode(content.reports[0])))], "")
        # The machine's words and what it quotes of ours: one report.
        return _Written(written.text, Split(written.text, ""), written.html)
    for _ in range(_MOST_WRAPPINGS):
        if written.text or len(content.returned) != 1 or len(content.files) != 1:
            break
        # Nothing but one forwarded mail: that is what the person wants read, with its history.
        content = content_of(parse(content.returned[0]))
        written = _written(content.pieces, "")
        written = _Written(written.text, Split(written.text, ""), written.html)
    return written


def _written(pieces: list[Piece], subject: str) -> _Written:
    texts: list[str] = []
    marked: list[str] = []
    htmls: list[str] = []
    for piece in pieces:
        rendered = render(piece.html) if piece.html is not None else None
        plain = piece.plain if piece.plain is not None and not _poor(piece.plain, rendered) else None
        htmls.append(rendered.html if rendered is not None else _as_html(piece.plain or ""))
        texts.append(_tidy(plain if plain is not None else rendered.text if rendered else ""))
        marked.append(rendered.marked if rendered else plain or "")
    text = "\n\n".join(each for each in texts if each.strip())
    parted = split(f"\n\n{PART}".join(each for each in texts if each.strip()), subject)
    has_html = any(piece.html is not None for piece in pieces)
    if has_html:
        parted = _told_by_markup(text, parted, f"\n\n{PART}".join(marked), subject)
    return _Written(text, parted if parted.told else Split(text, ""), "\n".join(htmls) if has_html else "")


def _as_html(plain: str) -> str:
    return "".join(f"<p>{escape(block)}</p>" for block in plain.split("\n\n")).replace("\n", "<br>")


def _told_by_markup(text: str, parted: Split, marked: str, subject: str) -> Split:
    """The markup decides where the text tells nothing apart, or where it is all there is."""
    by_markup = split(marked, subject)
    if not by_markup.told or (parted.told and MARKS.sub("", marked).split() != text.split()):
        return parted
    return by_markup


def _poor(plain: str, rendered: Rendered | None) -> bool:
    """Whether the plain form is only a notice that the letter is in HTML, or HTML itself."""
    if rendered is None:
        return False
    if not plain.strip():
        return True
    if len(_MARKUP.findall(plain)) > 5:
        return True
    return len(plain) < 400 and len(rendered.text) > 2 * len(plain) and bool(_STUB.search(plain))


def _tidy(text: str) -> str:
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def _author(root: Part, charset: str) -> Address:
    for value in root.all("from")[:20]:
        for address in parse_addresses(value, charset):
            if "@" in address.address:
                return address
    for name in ("from", "sender", "reply-to", "return-path", "x-envelope-from", "envelope-from"):
        found = _first(root, name, charset)
        if found.address:
            return Address(found.address, found.name or _first(root, "from", charset).name)
    return _first(root, "from", charset)


def _first(root: Part, name: str, charset: str = "") -> Address:
    for value in root.all(name):
        for address in parse_addresses(value, charset):
            return address
    return Address("")


def _ours(to: tuple[Address, ...], author: Address) -> set[str]:
    return {address.address.lower() for address in (*to, author)}


def _delivered_to(root: Part) -> tuple[str, ...]:
    found = (
        address.address
        for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
        for value in root.all(name)[:20]
        for address in parse_addresses(value)
    )
    return tuple(dict.fromkeys(found))


def _returned(parts: list[Part], content: Content) -> list[bytes]:
    """Headers of the mail that a report is about: whole, or headers alone."""
    return content.returned + [
        bytes(part.body[:100_000]) for part in parts if part.content_type == "text/rfc822-headers"
    ]


def _message_id(root: Part) -> str:
    value = header_text(root.raw("message-id"), decode_encoded=False)
    found = _MESSAGE_ID.search(value)
    if found:
        return one_line(found.group(), 900)
    bare = one_line(value.strip("<> "), 900)
    return f"<{bare}>" if bare and " " not in bare else ""


def _references(root: Part) -> tuple[str, ...]:
    """Oldest first, In-Reply-To last; when a Message-ID stands twice, its last place counts."""
    value = " ".join(header_text(raw, decode_encoded=False) for raw in root.all("references") + root.all("in-reply-to"))
    nearest_first = dict.fromkeys(reversed(_MESSAGE_ID.findall(value)))
    return tuple(reversed(list(nearest_first)))[-_MOST_REFERENCES:]
