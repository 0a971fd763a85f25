"""winmail.dat (TNEF, MS-OXTNEF): the plain body of a mail that Outlook packed in its own form."""

import struct
from dataclasses import dataclass

from helpdesk.intake.mail.charsets import decode, printable

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _CODEPAGE, _PROPERTIES = 0x800C, 0x9007, 0x9003
_PR_BODY = 0x1000
_MOST = 2000


@dataclass(frozen=True)
class Tnef:
    """The body, empty where it is only there as RTF."""

    text: str = ""


def read(content: bytes) -> Tnef | None:
    """What the container holds, or None if it is no TNEF."""
    if not content.startswith(_SIGNATURE):
        return None
    at, charset, text = 6, "cp1252", ""
    for _ in range(_MOST):
        if at + 9 > len(content):
            break
        _level, attribute, _type, length = struct.unpack_from("<BHHI", content, at)
        value = content[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if attribute == _CODEPAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            text = text or decode(value, charset)
        elif attribute == _PROPERTIES:
            text = text or _body_property(value, charset)
    return Tnef(printable(text).replace("\x00", "").strip())


def _body_property(value: bytes, charset: str) -> str:
    """PR_BODY found by its tag: the properties before it need not be understood."""
    for kind in (0x001F, 0x001E):
        place = value.find(struct.pack("<HHI", kind, _PR_BODY, 1))
        if place != -1 and place + 12 <= len(value):
            (length,) = struct.unpack_from("<I", value, place + 8)
            held = value[place + 12 : place + 12 + length]
            return held.decode("utf-16-le", "replace") if kind == 0x001F else decode(held, charset)
    return ""
