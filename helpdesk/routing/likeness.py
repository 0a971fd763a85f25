"""Which topic's examples a message is most like: a complement naive Bayes over words and nearby pairs of words.

It suggests and never decides: its points come on top of those of the words (`topics.choose_topic`). Complement: a topic
is judged by the examples of all others, which suits topics with unequal numbers of examples (Rennie et al., 2003).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from helpdesk.routing.tokens import Token

_NEAR = 3  # words: how far apart the two of a pair may be
_SMOOTHING = 1.0
_LITTLE = 10  # known words and pairs: with so few, likeness counts half
_READ_AT_MOST = 400  # words: what a message is about is said early


def features(tokens: Sequence[Token]) -> set[str]:
    """Words, mended where the lexicon could, their families, and pairs of words that stand near each other."""
    read = tokens[:_READ_AT_MOST]
    words = [token.word.meant for token in read]
    found = set(words)
    for token in read:
        found.update(token.word.families)
    for apart in range(1, _NEAR + 1):
        found.update(map(" ".join, zip(words, words[apart:], strict=False)))
    return found


class Likeness:
    """Learnt from examples when it is made; takes about a millisecond for three of them."""

    def __init__(self, examples: Iterable[tuple[str, set[str]]]) -> None:
        """`examples` are topics, each with the features of one text."""
        texts = list(examples)
        seen = Counter(feature for _, found in texts for feature in found)
        totals: Counter[str] = Counter()
        counts: dict[str, Counter[str]] = {}
        for topic, found in texts:
            kept = [
                feature for feature in found if " " not in feature or seen[feature] > 1
            ]  # a pair met once is chance
            totals.update(kept)
            counts.setdefault(topic, Counter()).update(kept)
        self._topics = tuple(sorted(counts))
        self._common = {feature: math.log(total + _SMOOTHING) for feature, total in totals.items()}
        self._gains: dict[str, list[tuple[int, float]]] = {}
        self._bases: list[float] = []
        self._scales: list[float] = []
        everything = totals.total() + _SMOOTHING * len(totals)
        for number, topic in enumerate(self._topics):
            base = math.log(everything - counts[topic].total())
            scale = base * len(totals) - sum(self._common.values())
            for feature, count in counts[topic].items():
                gain = self._common[feature] - math.log(totals[feature] - count + _SMOOTHING)
                self._gains.setdefault(feature, []).append((number, gain))
                scale += gain
            self._bases.append(base)
            self._scales.append(scale)

    def of(self, found: set[str]) -> Mapping[str, float]:
        """How much more than the others each topic resembles, in standard deviations, less for texts that say little.

        Empty if nothing is known.
        """
        known = found & self._common.keys()
        if not known:
            return {}
        common = sum(map(self._common.__getitem__, known))
        sums = [base * len(known) - common for base in self._bases]
        for feature in known:
            for number, gain in self._gains[feature]:
                sums[number] += gain
        values = [total / scale for total, scale in zip(sums, self._scales, strict=True)]
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
        if spread == 0:
            return {}
        weight = len(known) / (len(known) + _LITTLE) / spread
        # Rounded, because the order in which a set is added up changes the last digits.
        return {topic: round((value - mean) * weight, 6) for topic, value in zip(self._topics, values, strict=True)}
