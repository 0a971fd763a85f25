"""Small operations on text that every room needs, so that each is done one way only."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "´": "'"}
)
_REMEMBERED_BELOW = 0x2000  # code points: the scripts of Europe and its neighbours
_SPACES = re.compile(r"[^\S\n]+")
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they can make a name read otherwise than it is written
_CONTROLS = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff{_DIRECTIONS}]")


def clean(text: str) -> str:
    """Text from outside, fit to be stored: no NUL (PostgreSQL refuses it), no other controls or invisible direction
    marks, line ends as \\n, composed characters (NFC), no lone surrogates.
    """
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def fold(text: str) -> str:
    """Lower case without accents, ligatures or typographic apostrophes: what two spellings of one word have in common.

    Not for showing. Its length may differ from the text's (œ becomes oe); use `fold_in_place` where places matter.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


class _InPlace(dict[int, str]):
    """A table for `str.translate` from each character to one folded character; it remembers those it has met."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))[:1] or " "
        if code < _REMEMBERED_BELOW:
            self[code] = folded
        return folded


_IN_PLACE = _InPlace()


def fold_in_place(text: str) -> str:
    """Like `fold`, but each character stays at its place, so that what is found can be quoted from the original."""
    return text.translate(_IN_PLACE)


def one_line(text: str, limit: int = 200) -> str:
    """`text` on one line, spaces folded, at most `limit` characters with an ellipsis where it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def tidy_lines(text: str) -> str:
    """`text` with spaces folded inside lines, at most one empty line in a row, none at the ends."""
    lines = [_SPACES.sub(" ", line).strip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
