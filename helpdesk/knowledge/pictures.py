"""Images that editors upload: what the bytes really are, how large, and without what cameras write into them."""

import struct
from dataclasses import dataclass

from helpdesk.errors import HelpdeskError

LARGEST = 1_000_000  # bytes
WIDEST = 2_500  # points, either way

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_KEPT_SEGMENTS = {0xE0, 0xE2, 0xEE}  # what is needed to show the colours right; all other notes go


class RefusedPicture(HelpdeskError):
    """The file cannot be an image of the FAQ; the text says why."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """An image fit to be served: its bytes, its true type, its size in points."""

    content: bytes
    content_type: str
    width: int
    height: int


def read_picture(content: bytes) -> ReadPicture:
    """The image. Raises RefusedPicture for anything else, for what is too heavy or too large, and for SVG, which may
    hold scripts. A photograph comes out without place, date and maker.
    """
    if len(content) > LARGEST:
        raise RefusedPicture(
            f"L’image pèse {len(content) / 1_000_000:.1f} Mo : {LARGEST // 1_000_000} Mo au plus. "
            "Réduisez-la, ou recadrez-la sur ce qu’il faut voir.".replace(".", ",", 1)
        )
    picture = _read(content)
    if picture.width > WIDEST or picture.height > WIDEST:
        raise RefusedPicture(
            f"L’image mesure {picture.width} × {picture.height} points : {WIDEST} au plus de chaque côté. Réduisez-la."
        )
    if not picture.width or not picture.height:
        raise RefusedPicture(_DAMAGED)
    return picture


_DAMAGED = "L’image est abîmée : enregistrez-la à nouveau, en PNG ou en JPEG."


def _read(content: bytes) -> ReadPicture:
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return ReadPicture(content, "image/png", *struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return ReadPicture(content, "image/gif", *struct.unpack("<HH", content[6:10]))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return ReadPicture(content, "image/webp", *_webp_size(content))
        if content.startswith(b"\xff\xd8\xff"):
            return _read_jpeg(content)
    except (struct.error, IndexError) as error:
        raise RefusedPicture(_DAMAGED) from error
    if b"<svg" in content[:2_000].lower():
        raise RefusedPicture(
            "Les images SVG ne sont pas acceptées : elles peuvent contenir des scripts. Choisissez PNG."
        )
    raise RefusedPicture("Ce fichier n’est pas une image PNG, JPEG, WebP ou GIF.")


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _read_jpeg(content: bytes) -> ReadPicture:
    """Walk the segments up to the picture itself."""
    kept, at, size = [content[:2]], 2, (0, 0)
    while True:
        mark, kind, length = struct.unpack(">BBH", content[at : at + 4])
        if mark != 0xFF or length < 2:
            raise RefusedPicture(_DAMAGED)
        if kind == 0xFF:  # filling
            at += 1
            continue
        segment = content[at : at + 2 + length]
        if kind in _FRAMES:
            height, width = struct.unpack(">HH", segment[5:9])
            size = width, height
        if kind in _KEPT_SEGMENTS or not (0xE0 <= kind <= 0xEF or kind == 0xFE):
            kept.append(segment)
        at += 2 + length
        if kind == 0xDA:  # from here on the picture
            return ReadPicture(b"".join([*kept, content[at:]]), "image/jpeg", *size)
