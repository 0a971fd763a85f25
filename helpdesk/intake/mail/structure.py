"""The bytes of a mail as a tree of parts, cut by RFC 5322 and RFC 2046 and forgiving where senders are not exact.

The standard library's parser copies a mail several times over; this one keeps places in the one block of bytes, so a
mail of 25 MB costs its own size. Nothing here raises, whatever the bytes.
"""

import re
from dataclasses import dataclass, field

from helpdesk.intake.mail.parameters import content_header

_DEEPEST = 40
_MOST_PARTS = 3000
_LARGEST_HEADER = 1_000_000
_LARGEST_FIELD = 100_000
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,100})[ \t]*:")
# A name with signs that none may have, « X-Script/x\t!: »: a damaged field all the same.
_DAMAGED_FIELD = re.compile(rb"(?i)x-[a-z][^\n:]{0,200}:")
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|message-id|received|return-path|sender|reply-to|mime-version|in-reply-to|"
    rb"references|content-[a-z-]+|delivered-to|x-[a-z0-9_-]+|list-[a-z-]+|dkim-signature|user-agent|thread-[a-z]+|"
    rb"organization|importance|precedence|auto-submitted|resent-[a-z-]+|return-receipt-to|newsgroups|lines|"
    rb"authentication-results|envelope-to|status|priority|errors-to|disposition-notification-to)[ \t]*:"
)
# The line that a mailbox file puts before each mail.
_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)[^\n]*\n")
# The line before the next one: with a time, or with at least two header fields below it.
_ANY_FIELD = rb"[A-Za-z][A-Za-z-]{0,60}: [^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,20}"
_NEXT_MAIL = re.compile(
    rb"(?<=\n)(?:\r?\n)?From (?:\S+ [^\n]{0,60}\d\d:\d\d[^\n]{0,30}\n(?=[A-Za-z][A-Za-z-]{0,60}: )"
    rb"|[^\n]{0,120}\n(?=(?:" + _ANY_FIELD + rb"){2}))"
)


@dataclass
class Part:
    """One entity: its header fields in order (lower-case names, raw values with folds removed) and its raw body."""

    fields: list[tuple[str, bytes]]
    body: memoryview
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def raw(self, name: str) -> bytes:
        """The first value of this field, empty if there is none."""
        return next((value for known, value in self.fields if known == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Every value of this field, in order."""
        return [value for known, value in self.fields if known == name]


def parse(raw: bytes) -> Part:
    """The tree of a whole mail; of a mailbox file, its first mail."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    start += len(raw[start : start + 10_000]) - len(raw[start : start + 10_000].lstrip(b" \t\r\n"))
    mbox = _MBOX_LINE.match(raw, start)
    start = mbox.end() if mbox else start
    whole = _Parser(raw).entity(start, len(raw), "text/plain", 0)
    following = _NEXT_MAIL.search(raw, start) if mbox else None
    boundary = whole.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
    if following is None or (boundary and raw.find(b"--" + boundary, following.start()) != -1):
        # Such a line may also stand in an attachment.
        return whole
    return _Parser(raw).entity(start, following.start(), "text/plain", 0)


class _Parser:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._view = memoryview(raw)
        self._parts = 0

    def entity(self, start: int, end: int, default: str, depth: int, charset: str = "") -> Part:
        """The part between two places of the mail. `charset`: the one that the part around it names."""
        self._parts += 1
        notes: list[str] = []
        fields, body_at = self._header(start, end, notes)
        part = Part(fields, self._view[body_at:end], notes=notes)
        part.content_type, part.parameters = content_header(part.raw("content-type"), default, charset)
        if "/" not in part.content_type:
            part.content_type = default
        if charset:
            part.parameters.setdefault("charset", charset)
        if part.content_type.startswith("multipart/"):
            if depth >= _DEEPEST:
                part.notes.append("Des parties trop profondes n’ont pas été ouvertes.")
                part.content_type = "application/octet-stream"
            else:
                self._open(part, body_at, end, depth)
        return part

    def _open(self, part: Part, start: int, end: int, depth: int) -> None:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
        places = self._between(boundary, start, end) if boundary else []
        if not places:
            guessed = self._guess_boundary(start, end)
            places = self._between(guessed, start, end) if guessed else []
            part.notes.append("La séparation des parties manque ou ne correspond pas.")
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for child_start, child_end in places:
            if self._parts >= _MOST_PARTS:
                part.notes.append("Au-delà de 3 000 parties, le reste n’a pas été ouvert.")
                break
            charset = part.parameters.get("charset", "")
            part.children.append(self.entity(child_start, child_end, default, depth + 1, charset))
        if not part.children:
            part.content_type = "text/plain"

    def _between(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches that boundary lines open, up to the closing line or the end. What lies around is for nobody."""
        mark = b"--" + boundary
        places: list[tuple[int, int]] = []
        opened = -1
        at = self._raw.find(mark, start, end)
        while at != -1:
            line_end = self._raw.find(b"\n", at, end)
            rest = self._raw[at + len(mark) : end if line_end == -1 else line_end].strip()
            if (at == start or self._raw[at - 1 : at] == b"\n") and (not rest or rest.startswith(b"--")):
                if opened != -1:
                    places.append((opened, max(opened, self._before_line_end(at))))
                opened = -1 if rest.startswith(b"--") or line_end == -1 else line_end + 1
            at = self._raw.find(mark, at + len(mark), end)
        if opened != -1 and opened < end:
            places.append((opened, end))
        return places

    def _before_line_end(self, at: int) -> int:
        """The line end before a boundary belongs to the boundary."""
        at -= 1
        return at - 1 if self._raw[at - 1 : at] == b"\r" else at

    def _guess_boundary(self, start: int, end: int) -> bytes:
        """The first line that begins with two dashes and is followed by a part's header."""
        found = re.compile(rb"(?mi)^--([^\s-][^\r\n]{0,200}?)[ \t]*\r*\n(?=content-[a-z-]+[ \t]*:)").search(
            self._raw, start, min(end, start + 100_000)
        )
        return found.group(1) if found else b""

    def _header(self, start: int, end: int, notes: list[str]) -> tuple[list[tuple[str, bytes]], int]:
        """The fields, and where the body begins."""
        fields: list[tuple[str, bytes]] = []
        at, limit = start, min(end, start + _LARGEST_HEADER)
        while at < limit:
            newline = self._raw.find(b"\n", at, end)
            after = end if newline == -1 else newline + 1
            line = self._raw[at:after].rstrip(b"\r\n")
            if not line.strip(b" \t\x00") and not (line and fields and self._goes_on(after, end)):
                return fields, after
            found = _FIELD.match(line)
            if line[:1] in b" \t" and fields:
                name, value = fields[-1]
                fields[-1] = (name, value + b"\n" + line if len(value) < _LARGEST_FIELD else value)
            elif found:
                fields.append((found.group(1).decode("ascii").lower(), line[found.end() :].strip()))
            elif not line.lstrip(b">").startswith(b"From "):
                if not self._fields_ahead(after, end) and not _DAMAGED_FIELD.match(line):
                    notes.append("L’en-tête s’arrête sans ligne vide.")
                    return fields, at
                notes.append("Une ligne de l’en-tête n’a pas été comprise.")
            at = after
        return fields, at

    def _goes_on(self, at: int, end: int) -> bool:
        """Whether the header plainly continues after a line of blanks."""
        ahead = self._raw[at : min(end, at + 200)]
        return bool(_KNOWN_FIELD.match(ahead)) or (ahead[:1] in (b" ", b"\t") and bool(ahead.strip()))

    def _fields_ahead(self, at: int, end: int) -> bool:
        """Whether well known fields follow in this paragraph, so that the line before is only damaged."""
        paragraph = re.split(rb"\n\r*\n", self._raw[at : min(end, at + 2000)], maxsplit=1)[0]
        lines = paragraph.split(b"\n")[:12]
        return any(_KNOWN_FIELD.match(line) for line in lines)
