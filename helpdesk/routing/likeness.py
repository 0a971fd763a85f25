"""Which topic's examples a message is most like: a linear classifier over words, their beginnings and nearby pairs.

Its points come on top of those of the words; alone it decides only where no word says more (`topics.choose_topic`).
Learnt by passive-aggressive steps (Crammer et al., 2006): each example that is not told apart from the nearest other
manner by a margin moves the weights just as far as needed.

The weights of a feature stand side by side in one whole number, a lane for each manner. Adding such numbers adds all
weights at once, many times faster than one by one, and exactly, in whatever order.
"""

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
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
_LANE = 64  # bits for each manner
_SCALE = 1 << 40  # a weight of one
_LEVEL = 1 << 50  # a weight of nought, so that none is negative; a lane holds sixteen thousand of them
_FINE = 1 << 12  # a rarity of one
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
    """Learns from its examples when it is first asked, in half a second for 3,000 of them; alike in every process."""

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
        self._lanes = f"<{len(self._manners)}Q"  # the text of a Struct, which itself cannot go to another process
        self._places: dict[str, list[int]] = {}  # by topic, where its manners stand among them all
        for place, manner in enumerate(self._manners):
            self._places.setdefault(manner.topic, []).append(place)

    def learn(self) -> None:
        """Learn now, so that nobody who asks has to wait for it."""
        _ = self._weights

    def of(self, found: set[str]) -> Mapping[str, Likely]:
        """How much more than the others each topic resembles, in standard deviations, less for texts that say little.

        Empty if nothing is known.
        """
        rows = list(filter(None, map(self._weights.get, found)))
        if not rows:
            return {}
        values = self._sums(rows)
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

    def _sums(self, rows: list[int]) -> tuple[int, ...]:
        """For each manner the weights of these features together, above a level that is the same for all manners."""
        return struct.unpack(self._lanes, sum(rows).to_bytes(_LANE // 8 * len(self._manners), "little"))

    @cached_property
    def _weights(self) -> Mapping[str, int]:
        """For each feature its weights for all manners."""
        read = [(self._manners.index(manner), found) for manner, found in self._texts()]
        met = Counter(chain.from_iterable(found for _, found in read))
        rarity = {
            feature: round(math.log((1 + len(read)) / (1 + count)) ** 2 * _FINE)
            for feature, count in met.items()
            if count >= _MET
        }
        places = {feature: place for place, feature in enumerate(rarity)}
        weights = [sum(_LEVEL << _LANE * place for place in range(len(self._manners)))] * len(places)
        lessons = [
            _Lesson(right, [(places[feature], rarity[feature]) for feature in found if feature in rarity])
            for right, found in read
        ]
        mixed = [lessons[at] for at in sorted(range(len(lessons)), key=lambda at: at * _GOLDEN % 1)]
        for _ in range(_PASSES):
            for lesson in mixed:
                if lesson.places:
                    self._learn(lesson, weights)
        return dict(zip(places, weights, strict=True))

    def _learn(self, lesson: "_Lesson", weights: list[int]) -> None:
        """Move the weights of the features of one example until its manner comes out right."""
        rows = [weights[place] for place in lesson.places]
        values = list(self._sums(rows))
        mine, values[lesson.right] = values[lesson.right], 0
        theirs = max(values)
        missing = _MARGIN - (mine - theirs) / _SCALE / lesson.length
        if missing <= 0:
            return
        step = round(min(_STEP, missing / 2) / lesson.length * (_SCALE // _FINE))
        move = step * ((1 << _LANE * lesson.right) - (1 << _LANE * values.index(theirs)))
        for place, row, rarity in zip(lesson.places, rows, lesson.rarities, strict=True):
            weights[place] = row + rarity * move

    def _texts(self) -> Iterator[tuple[Manner, set[str]]]:
        for at, (manner, text) in enumerate(self._examples):
            yield manner, self._read(text)
            if self._closings:
                yield manner, self._read(f"{text}\n{self._closings[at % len(self._closings)]}")


class _Lesson:
    """One example to learn from: the place of its manner, and the places of its features that count, with rarities."""

    __slots__ = ("length", "places", "rarities", "right")

    def __init__(self, right: int, held: list[tuple[int, int]]) -> None:
        self.right = right
        self.places = [place for place, _ in held]
        self.rarities = [rarity for _, rarity in held]
        self.length = math.sqrt(sum(self.rarities) / _FINE)
