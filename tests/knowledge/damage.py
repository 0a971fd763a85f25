"""Damages a clean French text the way a scan does, the same way each time for one seed.

The kinds and their shares are modelled on the customer's scan: accents lost or flattened, « l’ » broken in six ways,
spaces lost after words, a few letters misread, lines cut, empty lines inside answers, headings that wrap.
"""

import random
import re
import textwrap
from dataclasses import dataclass

_BROKEN_L = ("I'", "I’", "'", "’'", "I’'", "l'", "l’", "l’")
_BROKEN_MARK = ("'", "'", "’", "’", "’'")
_LOOK_ALIKE = {"q": "g", "u": "n", "n": "u", "h": "b", "c": "e", "m": "rn", "i": "l", "l": "i"}


@dataclass(frozen=True)
class Wear:
    """Shares of what is damaged. `accents` maps a letter to what it becomes and how often."""

    accents: dict[str, tuple[str, float]]
    elisions: float = 0.6
    spaces: float = 0.025
    letters: float = 0.008
    width: int = 118


LIKE_THE_SCAN = Wear(
    {"à": ("a", 1.0), "À": ("A", 1.0), "è": ("e", 0.7), "ê": ("é", 0.8), "ç": ("c", 1.0), "î": ("i", 1.0),
     "ù": ("u", 1.0), "â": ("a", 0.8), "û": ("u", 0.8), "ô": ("o", 0.6), "é": ("e", 0.02), "É": ("E", 1.0)}
)  # fmt: skip
BARE = Wear({**LIKE_THE_SCAN.accents, "é": ("e", 0.95), "ê": ("e", 1.0), "è": ("e", 1.0)})
HALF = Wear({letter: (bare, 0.4) for letter, (bare, _) in BARE.accents.items()}, elisions=0.3, spaces=0.012)


def damage(text: str, seed: int, wear: Wear = LIKE_THE_SCAN) -> str:
    """The text as a scan would give it. Paragraphs of `text` are parted by empty lines."""
    chance = random.Random(seed)
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        is_heading = paragraph.startswith("Questions / Réponses")
        worn = _wear_out(" ".join(paragraph.split()), chance, wear)
        pieces = textwrap.wrap(worn, 46 if is_heading else wear.width, break_long_words=False, break_on_hyphens=False)
        if is_heading:
            pieces[0] = "\f" + pieces[0].replace(" :", ":")
        for place, piece in enumerate(pieces):
            lines.append(piece)
            is_last = place == len(pieces) - 1
            is_cut = not is_heading and not is_last and not piece.endswith((".", "?")) and chance.random() < 0.15
            if is_cut or (is_last and (is_heading or chance.random() < 0.75)):
                lines.append("")
    return "\n".join(lines) + "\n"


def _wear_out(text: str, chance: random.Random, wear: Wear) -> str:
    text = "".join(_letter(char, chance, wear) for char in text)
    text = re.sub(r"\bl’", lambda m: chance.choice(_BROKEN_L) if chance.random() < wear.elisions else m.group(), text)
    text = re.sub(r"(?<=\b[dnscjm])’", lambda _: chance.choice(_BROKEN_MARK), text)
    text = re.sub(r" (?=[?»])", lambda m: "" if chance.random() < 0.3 else m.group(), text)
    words = [_word(word, chance, wear) for word in text.split(" ")]
    return "".join(word + ("" if _runs_on(word, chance, wear) else " ") for word in words).strip()


def _letter(char: str, chance: random.Random, wear: Wear) -> str:
    bare, share = wear.accents.get(char, (char, 0.0))
    return bare if chance.random() < share else char


def _word(word: str, chance: random.Random, wear: Wear) -> str:
    if word == "Ils" and chance.random() < 0.7:
        return "lls"
    if len(word) < 6 or not word.isalpha() or not word.islower() or chance.random() > wear.letters * 6:
        return word
    place = chance.randrange(1, len(word) - 2)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place] + word[place:]
    if kind == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 2:
        return word[:place] + word[place + 1] + word[place:]
    return word[:place] + _LOOK_ALIKE.get(word[place], word[place]) + word[place + 1 :]


def _runs_on(word: str, chance: random.Random, wear: Wear) -> bool:
    """Whether the space after the word is lost."""
    return word.isalpha() and len(word) > 1 and chance.random() < wear.spaces
