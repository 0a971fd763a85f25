"""Header fields with parameters (Content-Type, Content-Disposition): RFC 2045, RFC 2231, and what senders write."""

import re
from urllib.parse import unquote_to_bytes

from helpdesk.intake.mail.charsets import decode
from helpdesk.intake.mail.words import decode_words, header_text

_PARAMETER = re.compile(
    r"""\s*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""",
    re.DOTALL,
)
_MOST = 200
_NAMES = frozenset(("name", "filename"))
_PIECE = re.compile(r"([^*]+)\*(\d{1,3})?(\*)?")


def content_header(raw: bytes, default: str, charset: str = "") -> tuple[str, dict[str, str]]:
    """The value in lower case without its parameters, and the parameters by lower-case name, decoded.

    `charset`: see `header_text`.
    """
    text = header_text(raw[:20_000], decode_encoded=False, charset=charset)
    value, _semicolon, rest = text.partition(";")
    if "=" in value and "/" not in value:
        # « Content-Type: charset=… »: parameters of a type that was left out.
        value, rest = default, text
    value = re.sub(r"\([^()]*\)|\s", "", value).lower()
    return value or default, _parameters(rest)


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    at = 0
    for _ in range(_MOST):
        match = _PARAMETER.match(text, at)
        if match is None:
            semicolon = text.find(";", at)
            if semicolon == -1:
                break
            at = semicolon + 1
            continue
        name = match.group(1).lower()
        if match.group(2) is not None:
            value = _unescaped(match.group(2), name)
        else:
            value = match.group(3).strip()
            if name not in _NAMES:
                value = value.partition(" ")[0].strip("'") if name != "boundary" else value
        piece = _PIECE.fullmatch(name)
        if piece:
            pieces.setdefault(piece.group(1), {})[int(piece.group(2) or 0)] = (
                value,
                bool(piece.group(3)) or piece.group(2) is None,
            )
        else:
            found.setdefault(name, decode_words(value) if name in _NAMES else value)
        at = match.end()
    for name, parts in pieces.items():
        found[name] = _joined(parts)
    return found


def _unescaped(value: str, name: str) -> str:
    """Quoted pairs undone; but a Windows path in a file name is a path."""
    if name in _NAMES and re.match(r"[A-Za-z]:\\|\\\\", value):
        return value
    return re.sub(r"\\(.)", r"\1", value)


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: pieces in order, percent signs undone in those marked so, in the charset that the first one names."""
    charset, content = "", b""
    for number in sorted(parts):
        value, encoded = parts[number]
        if encoded and number == min(parts) and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        content += unquote_to_bytes(value) if encoded else value.encode("utf-8", "surrogateescape")
    text = decode(content, charset)
    return decode_words(text) if "=?" in text else text
