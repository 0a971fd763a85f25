"""Which topic's examples a message is most like: a linear classifier over words, their beginnings and nearby pairs.

Its points come on top of those of the words; alone it decides only where no word says more (`topics.choose_topic`).
Learnt by passive-aggressive steps (Crammer et al., 2006): each example that is not told apart from the nearest other
manner by a margin moves the weights just as far as needed.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from helpdesk.routing.tokens import Token
from helpdesk.vocabulary import Priority


@dataclass(frozen=True, order=True)
class Manner:
    """One way of writing about a topic: that of one section of the examples. A topic may have several, of different
    `priority`: an account taken is pressing, a question about one's data is not.
    """

    topic: str
    number: int = 0
    priority: Priority | None = field(default=None, compare=False)


class Likely(NamedTuple):
    """Likeness to the nearest of a topic's manners, in standard deviations, and that manner's priority."""

    alike: float = 0
    priority: Priority | None = None


UNLIKELY = Likely()
_NEAR = 3  # words: how far apart the two of a pair may be
_MARGIN = 1.0
_STEP = 0.1  # at most: one odd example must not turn the whole around
_PASSES = 5
_GOLDEN = 0.6180339887  # multiples of it fill the line evenly: a shuffle that is the same everywhere
_MET = 2  # readings that must hold a feature for it to count; each example is read twice
_LITTLE = 10  # known features: with so few, likeness counts half
_LANE = 48  # bits for each manner in a packed number
_LANE_MASK = (1 << _LANE) - 1
_LEVEL = 1 << 30  # added to each weight, so that none is negative
_SCALE = 1 << 16
_READ_AT_MOST = 400  # words: what a message is about is said early


def features(tokens: Sequence[Token]) -> set[str]:
    """Words, mended where the lexicon could, with their beginnings and families, and pairs of words near each other."""
    words = [token.word for token in tokens[:_READ_AT_MOST]]
    found: set[str] = set()
    for word in set(words):
        found.update(word.traits)
    meant = [word.meant for word in words]
    for apart in range(1, _NEAR + 1):
        found.update(map(" ".join, zip(meant, meant[apart:], strict=False)))
    return found


class Likeness:
    """Learns from its examples when it is first asked, in about a second for 2,500 of them; alike in every process."""

    def __init__(
        self,
        examples: Iterable[tuple[Manner, str]],
        closings: Sequence[str] = (),
        read: Callable[[str], set[str]] = lambda text: set(text.split()),
    ) -> None:
        """`examples` are texts, each with its manner. Each is learnt as it is and followed by one of the `closings`,
        which say nothing of the topic. `read` gives the features of a text.
        """
        self._examples = list(examples)
        self._closings = closings
        self._read = read
        self._manners = tuple(sorted({manner for manner, _ in self._examples}))
        self._lanes = range(0, _LANE * len(self._manners), _LANE)
        self._places: dict[str, list[int]] = {}  # by topic, where its manners stand among them all
        for place, manner in enumerate(self._manners):
            self._places.setdefault(manner.topic, []).append(place)

    def learn(self) -> None:
        """Learn now, so that nobody who asks has to wait for it."""
        _ = self._packed

    def of(self, found: set[str]) -> Mapping[str, Likely]:
        """How much more than the others each topic resembles, in standard deviations, less for texts that say little.

        Empty if nothing is known.
        """
        rows = list(filter(None, map(self._packed.get, found)))
        if not rows:
            return {}
        total = sum(rows)
        level = len(rows) * _LEVEL
        values = [(total >> lane & _LANE_MASK) - level for lane in self._lanes]
        mean = sum(values) / len(values)
        apart = [value - mean for value in values]
        spread = math.sqrt(sum([each**2 for each in apart]) / len(apart))
        if spread == 0:
            return {}
        weight = len(rows) / (len(rows) + _LITTLE) / spread
        likely: dict[str, Likely] = {}
        for topic, places in self._places.items():
            nearest = places[0] if len(places) == 1 else max(places, key=apart.__getitem__)
            likely[topic] = Likely(apart[nearest] * weight, self._manners[nearest].priority)
        return likely

    @cached_property
    def _packed(self) -> Mapping[str, int]:
        """The weights of a feature side by side in one whole number: adding such numbers adds all weights at once, ten
        times faster than one by one, and exactly, in whatever order.
        """
        return {
            feature: sum(
                (round(weight * _SCALE) + _LEVEL) << lane for weight, lane in zip(row, self._lanes, strict=True)
            )
            for feature, row in self._weights().items()
        }

    def _weights(self) -> Mapping[str, Sequence[float]]:
        """For each feature its weight for each manner."""
        read = [(self._manners.index(manner), sorted(found)) for manner, found in self._texts()]
        met = Counter(feature for _, found in read for feature in found)
        rarity = {
            feature: math.log((1 + len(read)) / (1 + count)) ** 2 for feature, count in met.items() if count >= _MET
        }
        weights = {feature: [0.0] * len(self._manners) for feature in rarity}
        lessons = [
            (right, [(weights[feature], rarity[feature]) for feature in found if feature in rarity])
            for right, found in read
        ]
        mixed = [lessons[at] for at in sorted(range(len(lessons)), key=lambda at: at * _GOLDEN % 1)]
        for _ in range(_PASSES):
            for right, held in mixed:
                if held:
                    _learn(right, held)
        return weights

    def _texts(self) -> Iterator[tuple[Manner, set[str]]]:
        for at, (manner, text) in enumerate(self._examples):
            yield manner, self._read(text)
            if self._closings:
                yield manner, self._read(f"{text}\n{self._closings[at % len(self._closings)]}")


def _learn(right: int, held: list[tuple[list[float], float]]) -> None:
    """Move the weights of the features of one example, each with its rarity, until its manner comes out right."""
    length = math.sqrt(sum([rarity for _, rarity in held]))
    values: list[float] = list(map(sum, zip(*[row for row, _ in held], strict=True)))
    mine, values[right] = values[right], -math.inf
    rival = max(range(len(values)), key=values.__getitem__)
    missing = _MARGIN - (mine - values[rival]) / length
    if missing <= 0:
        return
    step = min(_STEP, missing / 2) / length
    for row, rarity in held:
        row[right] += step * rarity
        row[rival] -= step * rarity
