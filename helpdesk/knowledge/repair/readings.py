"""What may stand behind a word that no list knows: a word with a few letters wrong, or words run together.

A reading counts only when it is likely enough and no second one comes close.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair import accents, letters
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.splits import SMALL, WEIGHT, split
from helpdesk.knowledge.repair.trail import Rule
from helpdesk.text import fold

LONGEST = 40
_ELISION = 4.5
_MARGIN = 0.8
_OFTEN = 3
# What a word must occur at least to be read behind a slip of the scan, and behind worse damage.
_SELDOM = 50
_RARE = 500
_LETTERS_FOR_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s"})
_ELIDED = re.compile(r"^(l|d|s|n|c|j|m|t|qu|lorsqu|puisqu|jusqu)(?=[aeiouyhàâéèêîôû]\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What may stand behind a written word, and how unlikely that is."""

    text: str
    cost: float
    rule: Rule


def likeliest(
    word: str, following: str, lexicon: Lexicon, evidence: Evidence, *, may_be_name: bool = False
) -> Reading | None:
    """The one reading that is likely enough, in lower case. `following` is the word after it."""
    readings = _readings(word.lower(), following, lexicon, evidence)
    if may_be_name:
        readings = (reading for reading in readings if _is_plain_slip(word, reading, lexicon))
    ranked = sorted(readings, key=lambda reading: reading.cost)
    if not ranked:
        return None
    best = ranked[0]
    is_close = any(reading.cost - best.cost < _MARGIN for reading in ranked if reading.text != best.text)
    is_word = evidence.occurrences(word) >= _OFTEN and len(word) > 3
    return None if is_close or is_word else best


def damaged_name(word: str, lexicon: Lexicon) -> Reading | None:
    """« EduConnectpar », a name run into a small word, or « EduConneet », a long one misread."""
    if not word[0].isupper() or len(word) > LONGEST or lexicon.is_name(word):
        return None
    for place in range(3, len(word) - 1):
        if lexicon.is_name(word[:place]) and word[place:] in SMALL:
            return Reading(f"{word[:place]} {word[place:]}", 0, Rule.TOGETHER)
    spellings = (spelling for spelling, _ in [(fold(word), 0.0), *letters.deformed(fold(word))])
    names = (name for spelling in spellings if (name := lexicon.name(spelling)) and not name.isupper())
    name = next(names, None) if len(word) > 7 else None
    return Reading(name, 0, Rule.NAME) if name else None


def small_words(word: str, following: str, lexicon: Lexicon, evidence: Evidence) -> str | None:
    """« dela » is « de la » rather than « delà »: two of the commonest words, run together."""
    pairs = (text for text, _ in split(word, following, lexicon, evidence) if set(text.split(" ")) <= SMALL)
    return next(pairs, None) if len(word) < 6 else None


def _limit(word: str) -> float:
    """What a reading may cost in all: short words are close to others by chance."""
    return 9.0 if len(word) < 4 else 11.0 if len(word) < 6 else 14.0


def _is_plain_slip(word: str, reading: Reading, lexicon: Lexicon) -> bool:
    """What may be done to a capital word inside a sentence: « Réeponses », « Iycée », not « Durand » or « Ille »."""
    if reading.rule is not Rule.LETTER or lexicon.frequency(reading.text) < 1000:
        return False
    if word[0] == "I":
        return reading.text[0] == "l" and fold(reading.text[1:]) == fold(word[1:])
    return len(word) > 6 and abs(len(reading.text) - len(word)) == 1 and reading.cost < _limit(word) - 3


def _readings(word: str, following: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Reading]:
    word = word.translate(_LETTERS_FOR_DIGITS)
    if lexicon.frequency(word):  # a digit was all that was wrong
        yield Reading(word, letters.SAME_STROKES, Rule.LETTER)
    for folded, price in letters.deformed(fold(word)):
        for meant in lexicon.spellings(folded):
            if lexicon.frequency(meant) < (_SELDOM if price <= letters.ECHO else _RARE):
                continue
            full = price + _accent_price(word, meant, evidence) + WEIGHT * lexicon.rarity(meant)
            if full <= _limit(word):
                yield Reading(meant, full, Rule.LETTER)
    for text, price in split(word, following, lexicon, evidence):
        yield Reading(text, price, Rule.TOGETHER)
    if (match := _ELIDED.match(word)) and lexicon.spellings(rest := word[match.end() :]):
        meant = rest if lexicon.frequency(rest) else accents.best_spelling(rest, lexicon, evidence) or rest
        yield Reading(f"{match.group()}’{meant}", WEIGHT * lexicon.rarity(meant) + _ELISION, Rule.APOSTROPHE)


def _accent_price(written: str, meant: str, evidence: Evidence) -> float:
    """Accents of a deformed word, letter by letter from both ends, as far as they can be laid side by side."""
    shared = min(len(written), len(meant))
    head = next((i for i in range(shared) if fold(written[i]) != fold(meant[i])), shared)
    tail = next((i for i in range(shared - head) if fold(written[-1 - i]) != fold(meant[-1 - i])), shared - head)
    price = accents.cost(written[:head], meant[:head], evidence)
    return price + (accents.cost(written[len(written) - tail :], meant[len(meant) - tail :], evidence) if tail else 0)
