"""Content-Transfer-Encoding undone, damage included: what can be read is read."""

import binascii
import re
from collections.abc import Iterator

_BASE64_JUNK = re.compile(rb"[^A-Za-z0-9+/=]+")
_QP = re.compile(rb"=(?:([0-9A-Fa-f]{2})|[ \t]*(?:\r*\n|$))")
_QP_LINE_TAIL = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n)")
_UU_END = re.compile(rb"(?m)^end[ \t]*\r?$\n?")
_UU_BEGIN = re.compile(rb"(?m)^begin(?:-base64)? [0-7]{3,4}[ \t]*([^\r\n]{0,255})\r?\n")
_YENC_BEGIN = re.compile(rb"(?m)^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\n]{0,300}\n)?")
_YENC_END = re.compile(rb"(?m)^=yend[^\n]{0,300}\n?")
_YENC_BACK = bytes((value - 42) % 256 for value in range(256))
_PROBE = 4096


def decode_transfer(body: memoryview, encoding: str) -> bytes | memoryview:
    """The bytes that were meant. An unknown encoding is read as none."""
    encoding = encoding.strip().strip("\"';").lower()
    if encoding in {"base64", "b64", "mime64", "b"}:
        return _base64(body)
    if encoding in {"quoted-printable", "qp", "quotedprintable", "q", "quoted_printable"}:
        return _quoted_printable(bytes(body))
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue", "x-uu"}:
        files = list(uu_files(bytes(body)))
        return files[0][1] if files else body
    return body


def _base64(body: memoryview) -> bytes | memoryview:
    """Lines of clean base64 cost one pass; junk, missing or early padding cost a second one."""
    probe = bytes(body[:_PROBE])
    stripped = _BASE64_JUNK.sub(b"", probe)
    if len(probe.split()) > 3 and len(stripped) < len(probe) * 0.9 and b" " in probe.strip():
        # Said to be base64 and plainly words: shown as it is.
        return body
    try:
        if not _has_junk(body):
            return binascii.a2b_base64(body)
    except binascii.Error:
        pass
    return b"".join(_base64_runs(bytes(body)))


def _has_junk(body: memoryview) -> bool:
    """Whether base64's own decoder would pass over something or stop early."""
    text = bytes(body[-_PROBE:]).rstrip(b"\r\n\t -")
    return b"=" in text.rstrip(b"=") or b"=" in bytes(body[:_PROBE]).rstrip(b"=\r\n\t ")


def _base64_runs(text: bytes) -> Iterator[bytes]:
    """Each run up to its padding: some programs encode a part piece by piece and put the pieces one after another."""
    for run in re.split(rb"=+", _BASE64_JUNK.sub(b"", text)):
        kept = run[:-1] if len(run) % 4 == 1 else run
        yield binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _quoted_printable(text: bytes) -> bytes:
    """RFC 2045; « = » before anything but two hexadecimal digits or a line end is itself."""
    return _QP.sub(lambda found: bytes((int(found[1], 16),)) if found[1] else b"", _QP_LINE_TAIL.sub(b"", text))


def uu_files(text: bytes) -> Iterator[tuple[str, bytes, int, int]]:
    """Each uuencoded file within a text: its name, its content, and the places where it begins and ends."""
    at = 0
    while begin := _UU_BEGIN.search(text, at):
        end = _UU_END.search(text, begin.end())
        if end is None:
            return
        content = _uu(text[begin.end() : end.start()])
        if content:
            yield begin.group(1).decode("utf-8", "replace").strip(), content, begin.start(), end.end()
        at = end.end()


def files_in_text(text: bytes) -> list[tuple[str, bytes, int, int]]:
    """The files, uuencoded or yEnc, that stand in a letter's own text, in order: see `uu_files`."""
    found = list(uu_files(text)) if b"begin" in text else []
    return sorted(found + list(_yenc_files(text)), key=lambda file: file[2]) if b"=ybegin " in text else found


def _yenc_files(text: bytes) -> Iterator[tuple[str, bytes, int, int]]:
    at = 0
    while begin := _YENC_BEGIN.search(text, at):
        end = _YENC_END.search(text, begin.end())
        if end is None:
            return
        lines = text[begin.end() : end.start()].replace(b"\r", b"").replace(b"\n", b"")
        escaped = re.sub(rb"=(.)", lambda found: bytes(((found[1][0] - 64) % 256,)), lines, flags=re.DOTALL)
        name = begin.group(1).decode("utf-8", "replace").strip()
        yield name, escaped.translate(_YENC_BACK), begin.start(), end.end()
        at = end.end()


def _uu(lines: bytes) -> bytes:
    out = []
    for line in lines.splitlines():
        if not line or line == b"`":
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Lines padded too long by some encoders: what their first character counts is what they hold.
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                return b""
    return b"".join(out)
