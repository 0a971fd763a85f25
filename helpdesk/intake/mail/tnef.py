"""winmail.dat (TNEF, MS-OXTNEF): the letter and the files of a mail that Outlook packed in its own form."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.intake.mail import rtf
from helpdesk.intake.mail.charsets import code_page, decode

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _CODEPAGE, _PROPERTIES = 0x800C, 0x9007, 0x9003
_NEW_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005
_PR_BODY, _PR_HTML, _PR_RTF = 0x1000, 0x1013, 0x1009
_PR_LONG_NAME, _PR_NAME, _PR_TYPE, _PR_DATA = 0x3707, 0x3704, 0x370E, 0x3701
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # bytes of a value
_MOST = 2000


@dataclass
class TnefFile:
    """A file within the container; name and type may be empty."""

    name: str = ""
    content_type: str = ""
    content: bytes = b""


@dataclass
class Tnef:
    """The letter as text or as HTML, each empty where the container lacks it, and the files."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def read(content: bytes) -> Tnef | None:
    """What the container holds, or None if it is no TNEF."""
    if not content.startswith(_SIGNATURE):
        return None
    found, charset = Tnef(), "cp1252"
    for attribute, value in _attributes(content):
        if attribute == _CODEPAGE and len(value) >= 4:
            charset = code_page(struct.unpack_from("<I", value)[0])
        elif attribute == _BODY:
            found.text = found.text or _string(value, charset)
        elif attribute == _PROPERTIES:
            _letter(found, dict(_properties(value, charset)), charset)
        elif attribute == _NEW_FILE:
            found.files.append(TnefFile())
        elif found.files and attribute == _FILE_DATA:
            found.files[-1].content = value
        elif found.files and attribute == _FILE_TITLE:
            found.files[-1].name = found.files[-1].name or _string(value, charset)
        elif found.files and attribute == _FILE_PROPERTIES:
            _describe(found.files[-1], dict(_properties(value, charset)))
    found.files = [file for file in found.files if file.content]
    return found


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MOST):
        if at + 9 > len(content):
            return
        _level, attribute, _type, length = struct.unpack_from("<BHHI", content, at)
        yield attribute, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _letter(found: Tnef, properties: dict[int, bytes | str], charset: str) -> None:
    body, html, packed = (properties.get(name, "") for name in (_PR_BODY, _PR_HTML, _PR_RTF))
    if isinstance(body, str):
        found.text = found.text or body.strip()
    found.html = found.html or (decode(html, charset) if isinstance(html, bytes) else html)
    if isinstance(packed, bytes) and not found.text and not found.html:
        rich = rtf.read_rtf(rtf.unpack(packed))
        found.text, found.html = rich.text, rich.html


def _describe(file: TnefFile, properties: dict[int, bytes | str]) -> None:
    for name in (_PR_NAME, _PR_LONG_NAME):
        given = properties.get(name)
        file.name = given if isinstance(given, str) and given else file.name
    kind, data = properties.get(_PR_TYPE), properties.get(_PR_DATA)
    file.content_type = kind.lower() if isinstance(kind, str) else file.content_type
    file.content = data if isinstance(data, bytes) and data and not file.content else file.content


def _properties(value: bytes, charset: str) -> Iterator[tuple[int, bytes | str]]:
    """The properties that are strings or bytes, up to the first one that is damaged or of an unknown type."""
    try:
        (count,), at = struct.unpack_from("<I", value), 4
        for _ in range(min(count, _MOST)):
            kind, name = struct.unpack_from("<HH", value, at)
            at = _after_name(value, at + 4) if name >= 0x8000 else at + 4
            many, kind = bool(kind & 0x1000), kind & 0x0FFF
            if kind in _FIXED:
                times = struct.unpack_from("<I", value, at)[0] if many else 1
                at += _FIXED[kind] * times + (4 if many else 0)
                continue
            if kind not in {_STRING8, _UNICODE, _BINARY, _OBJECT}:
                return
            (times,), at = struct.unpack_from("<I", value, at), at + 4
            for _ in range(min(times, _MOST)):
                (length,) = struct.unpack_from("<I", value, at)
                held = value[at + 4 : at + 4 + length]
                at += 4 + length + (-length % 4)
                if kind == _UNICODE:
                    yield name, held.decode("utf-16-le", "replace").rstrip("\x00")
                elif kind == _STRING8:
                    yield name, _string(held, charset)
                elif kind == _BINARY:
                    yield name, held
    except struct.error:
        return


def _after_name(value: bytes, at: int) -> int:
    """Where a named property's value begins: behind a GUID and a number or a text."""
    kind, length = struct.unpack_from("<II", value, at + 16)
    return at + 24 if kind == 0 else at + 24 + length + (-length % 4)


def _string(value: bytes, charset: str) -> str:
    return decode(value.rstrip(b"\x00"), charset)
