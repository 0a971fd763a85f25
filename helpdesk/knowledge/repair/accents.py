"""What a scan does to accents, and what the rest of a document tells about it.

The same reader loses the same marks all along: where « tres » and « acces » stand, « a la » may be « à la »; where
every « très » is whole, « a » is the verb. So each letter has a rate of loss, counted on the words that leave no doubt.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.text import fold

# Marks of one shape are lost together, so their counts are pooled.
_SHAPES = {
    **dict.fromkeys("éÉ", "acute"), **dict.fromkeys("èàùÈÀÙ", "grave"), **dict.fromkeys("êâîôûÊÂÎÔÛ", "circumflex"),
    **dict.fromkeys("ëïüÿËÏÜŸ", "diaeresis"), **dict.fromkeys("çÇ", "cedilla"),
}  # fmt: skip
_IMPOSSIBLE = 99.0
# What shows that an « a » was « à », without a look at the whole sentence.
_SUBJECTS = word_set("il elle on qui y n l")
_AFTER_TO = word_set("partir travers cause laquelle qui quoi tout")


class Evidence:
    """How often each kind of accent was lost or changed in one document, between 0 and 1."""

    def __init__(self, kept: Counter[str], lost: Counter[str], words: Counter[str]) -> None:
        self._kept, self._lost, self._words = kept, lost, words

    def occurrences(self, word: str) -> int:
        """How often the document has the word, plural or not: noise seldom strikes three times the same way."""
        return self._words[word.lower().removesuffix("s")]

    def rate(self, letter: str) -> float:
        """Share of the document's `letter` that lost its mark; low where there is little to tell from."""
        shape = _SHAPES.get(letter, letter)
        lost, kept = self._lost[shape], self._kept[shape]
        return (lost + 0.1) / (lost + kept + 4)

    def shows_loss(self, letter: str) -> bool:
        """Whether the document has lost marks of this shape more than once, and more often than now and then."""
        return self._lost[_SHAPES.get(letter, letter)] > 1 and self.rate(letter) > 0.15

    @property
    def shows_any_loss(self) -> bool:
        """Whether marks that French spelling cannot do without are missing here and there."""
        shapes = ("grave", "acute", "cedilla")
        lost, kept = sum(self._lost[shape] for shape in shapes), sum(self._kept[shape] for shape in shapes)
        return lost > 1 and lost > 0.02 * kept


def changes(written: str, meant: str) -> list[tuple[str, str]] | None:
    """Letters that differ between two spellings, as pairs; None unless they differ in accents alone."""
    if len(written) != len(meant) or fold(written) != fold(meant):
        return None
    return [(one, other) for one, other in zip(written, meant, strict=True) if one != other]


def cost(written: str, meant: str, evidence: Evidence) -> float:
    """How unlikely it is that the scan made `written` of `meant`, 0 for the same word; in nats."""
    pairs = changes(written, meant)
    if pairs is None:
        return _IMPOSSIBLE
    return sum(_pair_cost(one, other, evidence) for one, other in pairs)


def _pair_cost(written: str, meant: str, evidence: Evidence) -> float:
    if fold(meant) == meant:  # a mark where there was none
        return 5.0
    if fold(written) == written or (written == "é" and meant in "èêë"):  # lost, or flattened to é
        return 0.7 - math.log(evidence.rate(meant))
    return _IMPOSSIBLE if written in _SHAPES else 1.5  # a reader that knows French marks does not sharpen them


def ranked_spellings(word: str, lexicon: Lexicon, evidence: Evidence) -> list[str]:
    """The listed words that may have become `word` by losing accents alone, the likeliest first."""
    ranked = sorted(
        (price + 0.6 * lexicon.rarity(meant), meant)
        for meant in lexicon.spellings(word)
        if len(meant) == len(word) and meant != word and (price := cost(word, meant, evidence)) < _IMPOSSIBLE
    )
    return [meant for _, meant in ranked if not _ends_otherwise(word, meant)]


def best_spelling(word: str, lexicon: Lexicon, evidence: Evidence) -> str | None:
    """The likeliest of them, None if there is none."""
    return next(iter(ranked_spellings(word, lexicon, evidence)), None)


def stronger_spelling(word: str, lexicon: Lexicon, evidence: Evidence) -> str | None:
    """Where a rare word lacks only marks that the document often lost: « coté » for « côté »."""
    for meant in lexicon.spellings(word)[:1] if len(word) > 2 else ():
        pairs = changes(word, meant)
        is_lost = pairs and all(one in "aeiouc" and other not in "éë" for one, other in pairs)
        is_lost = is_lost and all(evidence.rate(other) > 0.4 for _, other in pairs or ())
        if is_lost and lexicon.frequency(meant) > 4 * lexicon.frequency(word):
            return meant
    return None


def _ends_otherwise(word: str, meant: str) -> bool:
    """« acté » is no damaged « acte » but a participle that the list lacks."""
    size = len(word.rstrip("es"))
    ends = zip(word[size - 1 :], meant[size - 1 :], strict=True)
    return any(one == "é" and fold(other) == other for one, other in ends)


def gather(words: Iterable[Sequence[str]], lexicon: Lexicon) -> Evidence:
    """Count what happened to accents in a document, given the words of its passages, in order and lower case."""
    kept: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for passage in words:
        counted.update(word.removesuffix("s") for word in passage)
        for before, word, following in zip(["", *passage], passage, [*passage[1:], ""], strict=False):
            is_to = following in _AFTER_TO or following.endswith(("er", "oir"))
            if word == "a" and is_to and before not in _SUBJECTS:
                lost["grave"] += 1
            elif lexicon.frequency(word):
                kept.update(_SHAPES[letter] for letter in word if letter in _SHAPES)
            elif len(word) > 2 and not lexicon.knows(word):
                _count_losses(word, lexicon, lost)
    return Evidence(kept, lost, counted)


def _count_losses(word: str, lexicon: Lexicon, lost: Counter[str]) -> None:
    for meant in lexicon.spellings(word)[:1]:
        pairs = changes(word, meant) or ()
        if all(fold(other) != other for _, other in pairs) and not is_reformed(word, meant):
            lost.update(_SHAPES[other] for _, other in pairs if other in _SHAPES)


def is_reformed(written: str, meant: str) -> bool:
    """Whether `written` only lacks the circumflex that i and u may go without since 1990: « connait », « cout »."""
    pairs = changes(written, meant)
    return bool(pairs) and all((one, other) in {("i", "î"), ("u", "û")} for one, other in pairs or ())
