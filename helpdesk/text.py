"""Small operations on text that every room needs, so that each is done one way only."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "´": "'"}
)
_SPACES = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")


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


def fold_in_place(text: str) -> str:
    """Like `fold`, but each character stays at its place, so that what is found can be quoted from the original."""
    folded = []
    for char in text:
        plain = fold(char)
        folded.append(plain[0] if plain else " ")
    return "".join(folded)


def one_line(text: str, limit: int = 200) -> str:
    """`text` on one line, spaces folded, at most `limit` characters with an ellipsis where it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def tidy_lines(text: str) -> str:
    """`text` with spaces folded inside lines, at most one empty line in a row, none at the ends."""
    lines = [_SPACES.sub(" ", line).strip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
