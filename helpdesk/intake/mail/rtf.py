"""Rich text (RTF) as Outlook puts it into winmail.dat: unpacked (MS-OXRTFCP), then read as text or, where it only
carries an HTML body (MS-OXRTFEX), as that HTML.
"""

import re
import struct
from dataclasses import dataclass, field

from helpdesk.intake.mail.charsets import code_page, decode

# What the packing takes as known before the first byte (MS-OXRTFCP 2.1.3.1).
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_LARGEST = 2_000_000  # bytes of a letter; pictures of an RTF count too
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—", b"page": "\n",
}  # fmt: skip
_ESCAPED = {b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}"}
_SILENT = frozenset((
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"listtable",
    b"listoverridetable", b"generator", b"themedata", b"datastore", b"latentstyles", b"fldinst", b"bkmkstart",
    b"bkmkend", b"mhtmltag",
))  # fmt: skip


def unpack(packed: bytes) -> bytes:
    """The RTF in a PR_RTF_COMPRESSED value; empty if it is none."""
    if len(packed) < 16:
        return b""
    size, kind = struct.unpack_from("<I4s", packed, 4)
    if kind == b"MELA":
        return packed[16 : 16 + size]
    return bytes(_unpacked(packed, min(size, _LARGEST))) if kind == b"LZFu" else b""


def _unpacked(packed: bytes, size: int) -> bytearray:
    window = bytearray(_KNOWN.ljust(_WINDOW, b"\0"))
    write, out, at = len(_KNOWN), bytearray(), 16
    while at < len(packed) and len(out) < size:
        flags, at = packed[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(packed):
                    return out
                place, at = int.from_bytes(packed[at : at + 2], "big"), at + 2
                read, length = place >> 4, (place & 15) + 2
                if read == write:
                    return out
            else:
                if at >= len(packed):
                    return out
                window[write], at, read, length = packed[at], at + 1, write, 1
            for step in range(length):
                window[write] = window[(read + step) % _WINDOW]
                out.append(window[write])
                write = (write + 1) % _WINDOW
    return out


@dataclass(frozen=True)
class Rich:
    """`html` where the RTF carries an HTML body, else `text`."""

    text: str = ""
    html: str = ""


@dataclass
class _Group:
    silent: bool = False
    tag: bool = False  # an HTML tag of the body that the RTF carries
    skip: int = 1  # characters that stand for one \u for readers without Unicode
    starred: bool = False


@dataclass
class _Reader:
    charset: str = "cp1252"
    from_html: bool = False
    out: list[str] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    only_rtf: bool = False  # between \htmlrtf and \htmlrtf0: not part of the HTML
    pending: bytearray = field(default_factory=bytearray)
    to_skip: int = 0

    def say(self, text: str) -> None:
        """Text that is seen, unless the place is a silent one."""
        self.flush()
        if self.to_skip:
            cut = min(self.to_skip, len(text))
            self.to_skip -= cut
            text = text[cut:]
        self._add(text)

    def byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.pending.append(value)

    def flush(self) -> None:
        """Bytes in the document's code page, gathered so that no character is cut."""
        if self.pending:
            self._add(decode(bytes(self.pending), self.charset))
            self.pending.clear()

    def _add(self, text: str) -> None:
        group = self.groups[-1]
        hidden = group.silent or (self.from_html and self.only_rtf and not group.tag)
        if not hidden:
            self.out.append(text)

    def word(self, name: bytes, number: int | None) -> None:
        group = self.groups[-1]
        if name == b"u" and number is not None:
            self.flush()
            self.to_skip = 0
            self._add(chr(number % 65536))
            self.to_skip = group.skip
            return
        self.flush()
        if name == b"htmltag":
            group.silent, group.tag = not self.from_html, True
        elif name == b"htmlrtf":
            self.only_rtf = number != 0
        elif name in _SILENT or (group.starred and not group.tag):
            group.silent = True
        elif name in _SIGNS:
            self.to_skip = 0
            self._add(_SIGNS[name])
        elif name == b"uc":
            group.skip = number if number is not None else 1
        elif name == b"fromhtml":
            self.from_html = True
        elif name == b"ansicpg" and number:
            self.charset = code_page(number)
        group.starred = False


def read_rtf(rtf: bytes) -> Rich:
    """The letter in an RTF document."""
    reader = _Reader()
    for token in _TOKEN.finditer(rtf[:_LARGEST]):
        _take(reader, token)
    reader.flush()
    said = "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    return Rich(html=said) if reader.from_html else Rich(text=said.strip())


def _take(reader: _Reader, token: re.Match[bytes]) -> None:
    word, number, code, escaped, brace, plain = token.groups()
    if word:
        reader.word(word, int(number) if number else None)
    elif code:
        reader.byte(int(code, 16))
    elif plain:
        reader.say(decode(plain, reader.charset))
    elif escaped == b"*":
        reader.groups[-1].starred = True
    elif escaped:
        reader.say(_ESCAPED.get(escaped, ""))
    elif brace == b"{":
        reader.flush()
        outer = reader.groups[-1]
        reader.groups.append(_Group(outer.silent, outer.tag, outer.skip))
    elif brace and len(reader.groups) > 1:
        reader.flush()
        reader.to_skip = 0
        reader.groups.pop()
