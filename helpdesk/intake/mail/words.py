"""Header text: folds, raw 8-bit bytes and encoded words (RFC 2047), also those that are broken."""

import binascii
import re

from helpdesk.intake.mail.charsets import decode, is_charset, is_utf8, names_alphabet, printable

# Spaces and line ends inside a word are against the RFC, and met where a program wrapped a long subject.
_WORD = re.compile(r"=\?([\w!#$%&'+.:^`{|}~-]{0,60}?)(?:\*[\w-]{0,40})?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,20})\?=")
_FOLD = re.compile(r"\r*\n[ \t]*|\r")
_UNDERSCORE_OR_HEX = re.compile(rb"=([0-9A-Fa-f]{2})|_")
_LONGEST = 100_000


def header_text(raw: bytes, *, decode_encoded: bool = True, charset: str = "") -> str:
    """A field's value on one line. `charset`: in which bytes beyond ASCII are likely to be, that of the body."""
    raw = raw[:_LONGEST]
    text = decode(raw, charset if names_alphabet(charset) and not is_utf8(raw) else "")
    text = _FOLD.sub(" ", text.replace("\n\t", "\n ")).strip()
    return printable(decode_words(text)) if decode_encoded else text


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded; neighbours of one charset are joined first, a character may be cut."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    at = 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        if not pending or between.strip():
            out.append(_flush(pending))
            out.append(between)
        content = _content(match.group(2), match.group(3))
        if content is None or not is_charset(match.group(1)):
            content = content if content is not None else match.group(0).encode("utf-8", "replace")
        charset = match.group(1).lower()
        if pending and pending[-1][0] == charset:
            pending[-1] = (charset, pending[-1][1] + content)
        else:
            pending.append((charset, content))
        at = match.end()
    out.append(_flush(pending))
    out.append(text[at:])
    return "".join(out)


def _flush(pending: list[tuple[str, bytes]]) -> str:
    text = "".join(decode(content, charset) for charset, content in pending)
    pending.clear()
    return text


def _content(encoding: str, text: str) -> bytes | None:
    """The bytes of one encoded word; None if they cannot be had."""
    content = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return _UNDERSCORE_OR_HEX.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b" ", content)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return None
