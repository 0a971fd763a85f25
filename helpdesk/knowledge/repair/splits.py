"""Words that lost the space between them: « deson », « établissementet », « nationaleviaun »."""

from collections.abc import Iterator

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair import accents
from helpdesk.knowledge.repair.accents import Evidence

WEIGHT = 0.6  # of a word's rarity against the cost of a deformation
_SPACE = 3.5
_ODD = 4.0
_COMMON = 1500
_VERY_COMMON = 10_000
_NOT_RARE = 150
# The small words that scans run into their neighbours; any other piece needs four letters.
SMALL = word_set(
    "a à au aux avec ce ces cet cette dans de des dès du elle elles en entre est et être eu fait il ils je la là le "
    "les leur leurs lors ma mais mes mon ne ni non nos notre nous on ont ou où par pas peut plus pour puis qu que qui "
    "sa sans se sera ses si son sont sous sur tous tout très un une vers via vos votre vous y"
)
_BETWEEN = word_set("à au aux avec dans de des du en et la le les ou par pour sur un une via")
# « de son » rather than « des on »: no article stands before these.
_ARTICLES = word_set("au aux ce cet cette des du la le les leurs ma mes nos sa ses un une vos")
_NOT_AFTER_ARTICLES = word_set(
    "a à au aux ce ces cette dans de des du elle elles en est et eu il ils je la le les mais ne ni nous on ont ou où "
    "par pour qu que qui sa sans se ses si son sont sur tu un une vous y"
)
# Words that are more often the end of an unlisted one.
_ENDINGS = word_set("ment mental mentale ante antes ance tion eurs euses ale ales iste istes")


def split(word: str, following: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[tuple[str, float]]:
    """Readings of a lower-case `word` as two or three words, with their costs. `following` is the word after it."""
    for place in range(1, len(word)):
        for first, price in _piece(word[:place], lexicon, evidence):
            for second, more in _piece(word[place:], lexicon, evidence):
                if _stand_together(first, second, lexicon):
                    odd = _is_odd(first, second) + _is_odd(second, following)
                    yield f"{first} {second}", price + more + _SPACE + _ODD * odd
            yield from _with_middle(first, price, word[place:], lexicon, evidence)


def _with_middle(
    first: str, price: float, rest: str, lexicon: Lexicon, evidence: Evidence
) -> Iterator[tuple[str, float]]:
    """The last two of three pieces: a small word between two others."""
    if len(first) < 4 and first not in _BETWEEN:
        return
    for place in range(1, min(len(rest), 6)):
        middle = rest[:place]
        if middle not in _BETWEEN:
            continue
        for last, more in _piece(rest[place:], lexicon, evidence):
            if last in SMALL or lexicon.frequency(last) > _COMMON:
                yield f"{first} {middle} {last}", price + more + WEIGHT * lexicon.rarity(middle) + 2 * _SPACE


def _is_odd(first: str, second: str) -> bool:
    return first in _ARTICLES and second in _NOT_AFTER_ARTICLES


def _stand_together(first: str, second: str, lexicon: Lexicon) -> bool:
    if len(first) == 1:
        return len(second) > 3 and lexicon.frequency(second) > _COMMON
    if len(second) == 1:
        is_before_to = len(first) > 2 and (second == "à" or lexicon.frequency(first) > _COMMON)
        return first in SMALL or (second in "aà" and is_before_to)
    if first in SMALL or second in SMALL:
        return True
    rarer = min(lexicon.frequency(first), lexicon.frequency(second))
    return rarer > (_NOT_RARE if min(len(first), len(second)) > 4 else _COMMON)


def _piece(word: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[tuple[str, float]]:
    """A piece of a split as a word by itself, its accents set right, with its cost."""
    if word in SMALL:
        yield word, WEIGHT * lexicon.rarity(word)
    if len(word) < 3 or word in _ENDINGS or word in SMALL:
        return
    meant = word if lexicon.frequency(word) else accents.best_spelling(word, lexicon, evidence)
    if meant and (len(word) > 3 or lexicon.frequency(meant) > _VERY_COMMON):
        yield meant, WEIGHT * lexicon.rarity(meant) + accents.cost(word, meant, evidence)
    elif not meant and len(word) > 5 and lexicon.lists(word):
        yield word, WEIGHT * lexicon.rarity(word)
