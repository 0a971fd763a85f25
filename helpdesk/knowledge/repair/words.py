"""Words that no French list knows: which known word, or which words run together, a scan made them of.

A word is changed only when it is unknown, when what may stand behind it is likely enough, and when no second reading
comes close. Names, acronyms, addresses and words made by the rules of French stay as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.morphology import is_prefix
from helpdesk.knowledge.repair import accents, letters
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.splits import SMALL, WEIGHT, split
from helpdesk.knowledge.repair.tokens import Token, tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule
from helpdesk.text import fold

_ELISION = 4.5
_MARGIN = 0.8
_LONGEST = 40
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}(?:[’-][^\W\d_]{1,40}){1,5}(?![^\W\d_])")
_OFTEN = 3
# What a word must occur at least to be read behind a slip of the scan, and behind worse damage.
_SELDOM = 50
_RARE = 500
_LETTERS_FOR_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s"})
_ELISIONS = word_set("qu jusqu lorsqu puisqu quoiqu presqu quelqu aujourd prud entr grand parcequ")
_ELIDED = re.compile(r"^(l|d|s|n|c|j|m|t|qu|lorsqu|puisqu|jusqu)(?=[aeiouyhàâéèêîôû]\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What may stand behind a written word, and how unlikely that is."""

    text: str
    cost: float
    rule: Rule


def mend_words(draft: Draft, lexicon: Lexicon, evidence: Evidence) -> None:
    """Mend the unknown words of a passage: first those torn apart, then each by itself."""
    draft.apply(list(_rejoined(draft.text, lexicon)))
    draft.apply(list(_compounds(draft.text, lexicon, evidence)))
    draft.apply(list(_mended(draft.text, lexicon, evidence)))


def _rejoined(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """« établis sement »: two pieces, not both words, that make a word together."""
    found = tokens(text)
    taken = -1
    for first, second in pairwise(found):
        pieces = (first.text, second.text)
        is_tied = first.start <= taken or first.after != " " or (second.after[:1] or " ") in "’°(·"
        if is_tied or not "".join(pieces).isalpha():
            continue
        if not second.text.islower() or not (first.text.islower() or first.text.istitle()):
            continue
        is_small = any(len(piece) < 3 and lexicon.frequency(piece) for piece in pieces)
        if is_small or all(lexicon.knows(piece) for piece in pieces) or not lexicon.frequency("".join(pieces)):
            continue
        taken = second.start
        yield Edit(first.start, second.end, "".join(pieces), Rule.APART)


def _compounds(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    """« c’est-a-dire », « vis-a-vis »: words that the list knows only whole."""
    for match in _COMPOUND.finditer(text):
        written = match.group().lower().replace("’", "'")
        if not lexicon.lists(written) and (meant := accents.best_spelling(written, lexicon, evidence)):
            yield Edit(*match.span(), _cased(match.group(), meant.replace("'", "’"), capital=False), Rule.ACCENT)


def _mended(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    for token in tokens(text):
        if _is_prose(token) and (reading := _best(token, lexicon, evidence)):
            yield Edit(token.start, token.end, reading.text, reading.rule)


def _is_prose(token: Token) -> bool:
    """Not an elided word, a code, a number, a piece of « inscrit·e·s », nor a word with capitals inside."""
    word = token.text
    if len(word) == 2 and "I" not in word and word != "ll":  # « ie », « ii »
        return False
    if not 1 < len(word) < _LONGEST or (token.after[:1] == "’" and token.lower in _ELISIONS):
        return False
    if (token.start and token.before in ("·", ".", "&", "_", "/", "\\")) or token.after[:1] in (
        "·",
        "_",
        "&",
        "\\",
        "(",
    ):
        return False
    if digits := sum(char.isdigit() for char in word):
        return digits == 1 and len(word) > 4 and not word[-1].isdigit() and not any(c.isupper() for c in word[1:])
    return word.isupper() or word[1:].replace("I", "l").islower()


def _best(token: Token, lexicon: Lexicon, evidence: Evidence) -> Reading | None:
    """The one reading that is likely enough, if there is one."""
    word = token.text
    if lexicon.is_name(word):
        return None
    if lexicon.frequency(word):
        common = accents.stronger_spelling(word.lower(), lexicon, evidence) if len(word) > 2 else None
        return Reading(_cased(word, common, capital=token.opens_sentence), 0, Rule.ACCENT) if common else None
    if (name := lexicon.name(word)) and not word.islower() and not word.isupper() and not name.isupper():
        return Reading(name, 0, Rule.NAME)
    if spelling := accents.best_spelling(word.lower(), lexicon, evidence):
        is_kept = accents.is_reformed(word.lower(), spelling) and not evidence.shows_any_loss
        # « fragilise » is a form of its own beside « fragilisé ».
        is_kept = is_kept or (lexicon.lists(word) and fold(spelling[-2:]) != spelling[-2:])
        is_kept = is_kept or not _may_lack_accents(token, spelling, lexicon)
        return None if is_kept else Reading(_cased(word, spelling, capital=token.opens_sentence), 0, Rule.ACCENT)
    is_part = "-" in (token.before[-1:], token.after[:1])
    if lexicon.knows(word) or word.isupper() or (is_part and (len(word) < 7 or is_prefix(word.lower()))):
        return None
    return _likeliest(token, lexicon, evidence)


def _may_lack_accents(token: Token, meant: str, lexicon: Lexicon) -> bool:
    """A capital inside a sentence may start a name: « Denis » is not « dénis », but « Ecole » is « École »."""
    word = token.text
    if word.islower():
        return len(word) > 2 or token.before[-1:] != "("
    if token.opens_sentence and not word.isupper():
        return len(word) > 3 or lexicon.frequency(meant) > 5000
    return len(word) > 3 and lexicon.frequency(meant) > 400


def _likeliest(token: Token, lexicon: Lexicon, evidence: Evidence) -> Reading | None:
    word = token.text
    readings = _readings(word.lower(), lexicon, evidence)
    if word[0].isupper() and not token.opens_sentence:
        readings = (reading for reading in readings if _is_plain_slip(word, reading, lexicon))
    ranked = sorted(readings, key=lambda reading: reading.cost)
    if not ranked:
        return _glued_name(word, lexicon)
    best = ranked[0]
    is_close = any(reading.cost - best.cost < _MARGIN for reading in ranked if reading.text != best.text)
    if is_close or (evidence.occurrences(word) >= _OFTEN and len(word) > 3):
        return None
    return Reading(_cased(word, best.text, capital=token.opens_sentence), best.cost, best.rule)


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


def _readings(word: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Reading]:
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
    for text, price in split(word, lexicon, evidence):
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


def _glued_name(word: str, lexicon: Lexicon) -> Reading | None:
    """« EduConnectpar », « ENTet »: a name and a small word."""
    for place in range(3, len(word) - 1):
        if lexicon.is_name(word[:place]) and word[place:] in SMALL:
            return Reading(f"{word[:place]} {word[place:]}", 0, Rule.TOGETHER)
    return None


def _cased(written: str, meant: str, *, capital: bool) -> str:
    """`meant` with the capitals of `written`; an I or l that was the other letter says nothing about capitals."""
    if len(written) > 1 and written.isupper():
        return meant.upper()
    is_other = fold(written[0]) != fold(meant[0]) and written[0] in "Il1"
    if capital if is_other else written[0].isupper():
        return meant[0].upper() + meant[1:]
    return meant
