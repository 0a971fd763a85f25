"""Attachments: a type told by the bytes, and a name that is only a name."""

import mimetypes
import re
import unicodedata

from helpdesk.intake.mail.charsets import printable
from helpdesk.intake.message import IncomingFile
from helpdesk.text import one_line

UNKNOWN = "application/octet-stream"
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypavif", 4, "image/avif"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"{\\rtf", 0, "application/rtf"),
    (b"\x1f\x8b", 0, "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", 0, "application/vnd.rar"),
    (b"MZ", 0, "application/x-msdownload"),
    (b"ID3", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"\x78\x9f\x3e\x22", 0, "application/ms-tnef"),
)
# A container whose name tells what is in it.
_CONTAINERS = frozenset(("application/zip", "application/x-ole-storage", "application/gzip"))
# Types that only bytes may grant: a browser would show them.
_SHOWN = frozenset(
    ("image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/avif", "application/pdf")
)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/heic": ".heic", "image/webp": ".webp", "text/plain": ".txt",
    "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml", "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt", "text/rfc822-headers": ".txt", "application/pgp-signature": ".asc",
    "application/pgp-keys": ".asc", "application/ms-tnef": ".dat", "application/rtf": ".rtf", "audio/mpeg": ".mp3",
    "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "application/pgp-encrypted": ".asc", "message/global": ".eml",
    "message/news": ".eml", "message/feedback-report": ".txt", "image/jpg": ".jpg", "application/ics": ".ics",
}  # fmt: skip
_STEMS = {
    "image": "image", "audio": "son", "video": "video", "text": "texte", "message": "message",
    "text/calendar": "invitation", "message/delivery-status": "rapport", "application/ms-tnef": "winmail",
    "message/disposition-notification": "rapport", "text/rfc822-headers": "en-tetes",
    "message/feedback-report": "rapport", "application/ics": "invitation",
    "application/pgp-signature": "signature", "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime", "application/pkcs7-mime": "smime", "application/x-pkcs7-mime": "smime",
}  # fmt: skip
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


def incoming_file(name: str, declared: str, content: bytes) -> IncomingFile:
    """The attachment, named by what it is when it came without a name."""
    kind = type_of(content, declared, name)
    return IncomingFile(file_name(name, kind), kind, content)


def type_of(content: bytes, declared: str, name: str = "") -> str:
    """What the bytes are; where they do not tell, what the sender said, then what the ending says."""
    sniffed = sniff(content)
    told = declared or (mimetypes.guess_type(name)[0] if name else None) or UNKNOWN
    if sniffed in _CONTAINERS:
        return told if told.startswith("application/") and told not in _SHOWN and told != UNKNOWN else sniffed
    return sniffed or told


def sniff(content: bytes) -> str:
    """The type by the first bytes, empty if they are none that is known here."""
    for signature, place, kind in _SIGNATURES:
        if content[place : place + len(signature)] == signature:
            return kind
    return ""


def file_name(name: str, kind: str) -> str:
    """A name that is no path, at most 200 characters, never empty; the ending survives a cut."""
    name = unicodedata.normalize("NFC", one_line(printable(name), 2000)).replace("\\", "/").rstrip("/")
    name = _FORBIDDEN.sub("_", name.rpartition("/")[2]).strip(" ")
    if not name.strip(". "):
        stem = _STEMS.get(kind) or _STEMS.get(kind.partition("/")[0]) or "fichier"
        return stem + (_ENDINGS.get(kind) or mimetypes.guess_extension(kind) or (".txt" if stem == "texte" else ".bin"))
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 10 else name[:200]
    return name
