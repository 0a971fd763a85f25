"""How many parts a text message takes: each is paid for, and a character outside a small alphabet halves their size."""

from dataclasses import dataclass

# GSM 03.38, the alphabet of phones, and the signs that take two places in it.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[~]|€\f"
_BASIC, _EXTENDED = frozenset(BASIC), frozenset(EXTENDED)
_ALONE, _JOINED = 160, 153  # places in one part; in each of several, where a header takes the rest
_WIDE_ALONE, _WIDE_JOINED = 70, 67
# What typography adds and phones do without; the words stay the same.
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "…": "...",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "œ": "oe", "Œ": "OE", "\t": " ", "\u200b": None,
})  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """`characters` are places taken, as phones count them; `wide` when a character is outside their alphabet."""

    characters: int
    segments: int
    wide: bool


def count(text: str) -> Counted:
    """The parts that a text takes. No part ends in the middle of a character."""
    wide = any(char not in _BASIC and char not in _EXTENDED for char in text)
    sizes = [_wide_size(char) if wide else 1 + (char in _EXTENDED) for char in text]
    alone, joined = (_WIDE_ALONE, _WIDE_JOINED) if wide else (_ALONE, _JOINED)
    total = sum(sizes)
    if total <= alone:
        return Counted(total, min(total, 1), wide)
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return Counted(total, parts, wide)


def plain(text: str) -> str:
    """The same words without typographic signs, each of which would halve the room. Accents stay."""
    lines = text.replace("« ", "«").replace(" »", "»").replace("«\u00a0", "«").replace("\u00a0»", "»")
    return lines.translate(_PLAIN)


def shorten(text: str, limit: int) -> str:
    """The beginning of the text, up to a word's end, with « ... » if something is missing."""
    if len(text) <= limit:
        return text
    room = text[: max(limit - 4, 0)]
    end = max(room.rfind(" "), room.rfind("\n"))
    return f"{room[: end if end > limit // 3 else len(room)].rstrip()} ..."


def _wide_size(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1
