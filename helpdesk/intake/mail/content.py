"""From the tree of parts to what a person sees: texts in reading order, HTML, and files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from helpdesk.intake.mail import smime, tnef
from helpdesk.intake.mail.calendar import calendar_text
from helpdesk.intake.mail.charsets import decode, printable
from helpdesk.intake.mail.files import incoming_file
from helpdesk.intake.mail.flowed import unflow
from helpdesk.intake.mail.parameters import content_header
from helpdesk.intake.mail.structure import Part, parse
from helpdesk.intake.mail.transfer import decode_transfer, files_in_text
from helpdesk.intake.mail.words import header_text
from helpdesk.intake.message import IncomingFile

_LONGEST_TEXT = 1_500_000  # bytes of one text part; a person's letter is a thousand times shorter
_LONGEST_HTML = 600_000  # a parser's work grows faster than its text; Gmail shows a sixth of this
_READ_AS_TEXT = frozenset(("text/plain", "text", "text/enriched", "text/richtext", "text/x-plain", "text/markdown"))
# Forms of a letter for other machines; the same letter stands beside them.
_OTHER_FORMS = frozenset(("text/x-amp-html", "text/watch-html"))
_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,300}charset\s*=\s*["']?\s*([\w-]{1,40})""")
_ENRICHED = re.compile(r"(?is)<nl>\n?|<(param|comment)>.*?</\1>|</?[a-z][a-z0-9-]{0,30}>")
_TAGS = {"<nl>": "\n", "<lt>": "<"}


@dataclass
class Piece:
    """One stretch of the visible letter, in the forms in which it came."""

    plain: str | None = None
    html: str | None = None


@dataclass
class Content:
    """All that the parts hold. `spare`: what stands for the letter where there is no other: the letter in winmail.dat,
    what an invitation says. `reports`: the bodies of message/delivery-status and -notification parts. `returned`: the
    mails within the mail, their first 100,000 bytes.
    """

    pieces: list[Piece] = field(default_factory=list)
    spare: list[Piece] = field(default_factory=list)
    files: list[IncomingFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    returned: list[bytes] = field(default_factory=list)

    def add(self, other: "Content") -> None:
        """Put another part's content after this one's."""
        self.pieces += other.pieces
        self.spare += other.spare
        self.files += other.files
        self.notes += other.notes
        self.reports += other.reports
        self.returned += other.returned


def content_of(part: Part) -> Content:
    """What this part and those within it hold."""
    content = _multipart(part) if part.children else _leaf(part)
    content.notes = part.notes + content.notes
    return content


def _multipart(part: Part) -> Content:
    children = [(child, content_of(child)) for child in part.children]
    whole = Content()
    for _child, content in children:
        whole.add(content)
    if part.content_type == "multipart/alternative":
        whole.pieces = _best([content.pieces for _child, content in children])
    return whole


def _best(forms: list[list[Piece]]) -> list[Piece]:
    """Of several forms of one letter: the first plain one that says something, and the last one in HTML."""
    plain = next((form for form in forms if any((piece.plain or "").strip() for piece in form)), None)
    html = next((form for form in reversed(forms) if any((piece.html or "").strip() for piece in form)), None)
    if html is None or plain is None or html is plain:
        return html or plain or (forms[0] if forms else [])
    if len(html) == len(plain) == 1 and plain[0].html is None and html[0].plain is None:
        return [Piece(plain[0].plain, html[0].html)]
    return [Piece("\n".join(piece.plain for piece in plain if piece.plain), _joined_html(html))]


def _joined_html(pieces: list[Piece]) -> str:
    return "\n".join(
        piece.html if piece.html is not None else f"<pre>{escape(piece.plain or '')}</pre>" for piece in pieces
    )


def _leaf(part: Part) -> Content:
    kind = part.content_type
    disposition, given = content_header(part.raw("content-disposition"), "", part.parameters.get("charset", ""))
    name = given.get("filename") or part.parameters.get("name") or part.parameters.get("filename") or ""
    encoding = header_text(part.raw("content-transfer-encoding"))
    if kind.startswith("message/") and kind not in {"message/partial", "message/external-body"}:
        return _message(part, kind, name, encoding)
    if kind in {"text/plain", "text/html", "text"} | _READ_AS_TEXT and disposition != "attachment" and not name:
        return _text(part, kind, encoding)
    if kind in _OTHER_FORMS and disposition != "attachment" and not name:
        return Content()
    body = bytes(decode_transfer(part.body, encoding))
    if kind == "text/calendar" and disposition != "attachment":
        summary = calendar_text(decode(body, part.parameters.get("charset", "")))
        return Content(spare=[Piece(plain=summary)] if summary else [], files=[incoming_file(name, kind, body)])
    if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.lower() == "winmail.dat":
        return _tnef(name, body)
    if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return _smime(name, kind, body)
    if not body.strip() and not name and disposition != "attachment":
        return Content()
    return Content(files=[incoming_file(name, kind, body)])


def text_file_as_body(part: Part) -> Content | None:
    """The letter of a mail whose only text came under a file name (and not as an attachment), or None."""
    for leaf in leaves(part):
        disposition = content_header(leaf.raw("content-disposition"), "")[0]
        if leaf.content_type in {"text/plain", "text/html"} and disposition != "attachment":
            return _text(leaf, leaf.content_type, header_text(leaf.raw("content-transfer-encoding")))
    return None


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold no others, in order."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if each.children:
            waiting += reversed(each.children)
        else:
            yield each


def _text(part: Part, kind: str, encoding: str) -> Content:
    body = decode_transfer(part.body, encoding)
    longest = _LONGEST_HTML if kind == "text/html" else _LONGEST_TEXT
    notes = ["Le texte est très long : il est coupé."] if len(body) > longest else []
    content, charset = bytes(body[:longest]), part.parameters.get("charset", "")
    if kind == "text/html":
        meta = _META_CHARSET.search(content[:5000])
        charset = charset or (meta.group(1).decode("ascii") if meta else "")
        return Content([Piece(html=printable(decode(content, charset)))], notes=notes)
    files: list[IncomingFile] = []
    for name, held, start, end in reversed(files_in_text(content)):
        files.insert(0, incoming_file(name, "", held))
        content = content[:start] + content[end:]
    text = printable(decode(content, charset))
    if kind in {"text/enriched", "text/richtext"}:
        text = _ENRICHED.sub(lambda tag: _TAGS.get(tag[0].lower().strip(), ""), text).replace("<<", "<")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return Content([Piece(plain=text)], files=files, notes=notes)


def _message(part: Part, kind: str, name: str, encoding: str) -> Content:
    """A mail within the mail is a file; what a delivery report says is kept for the bounce too."""
    body = bytes(decode_transfer(part.body, encoding))
    content = Content()
    if kind in {"message/rfc822", "message/global", "message/news"}:
        subject = header_text(parse(body[:100_000]).raw("subject"))
        content.returned.append(body[:100_000])
        name = name or (f"{subject.replace('/', '-').replace(chr(92), '-')}.eml" if subject else "")
    elif kind in {"message/delivery-status", "message/disposition-notification", "message/global-delivery-status"}:
        content.reports.append(body[:100_000])
    if body.strip() or name:
        content.files.append(incoming_file(name, kind, body))
    return content


def _tnef(name: str, body: bytes) -> Content:
    """The container stays a file; its letter and its files are what the sender meant."""
    files = [incoming_file(name, "application/ms-tnef", body)]
    found = tnef.read(body)
    if found is None:
        return Content(files=files)
    files += [incoming_file(file.name, file.content_type, file.content) for file in found.files]
    html, plain = (printable(text).strip() or None for text in (found.html, found.text))
    return Content(
        spare=[Piece(plain, html)] if html or plain else [],
        files=files,
        notes=["Le courriel vient d’Outlook sous une forme propre (winmail.dat)."],
    )


def _smime(name: str, kind: str, body: bytes) -> Content:
    """Signed: the letter is inside. Encrypted: nobody here can read it."""
    content = Content(files=[incoming_file(name, kind, body)])
    signed = smime.signed_content(body)
    if signed:
        content.add(content_of(parse(signed)))
    else:
        content.notes.append("Le courriel est chiffré (S/MIME) : son texte n’a pas pu être lu.")
    return content
