"""From the expressions found in a message to who writes, about what, and whether it presses.

Each candidate gathers points from its lists; a word counts once, with the expression that is worth most. The lists and
their meaning: `config/topics.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from helpdesk.routing.hits import Hit
from helpdesk.vocabulary import Audience, Priority

POINTS = {
    "presents": 12,
    "urgent": 6,
    "nowhere": 6,
    "strong": 6,
    "signature": 6,
    "worrying": 3,
    "words": 3,
    "hints": 1,
    "not": -6,
    "ignore": 0,
}
ENOUGH = 6
PRESSING = ("urgent", "worrying")
SENDER_POINTS = {"strong_senders": 6, "senders": 3}
MOST = 6  # points of words that count when topics are compared: saying one thing in five ways does not make it truer
LIKENESS = 4  # points for each standard deviation by which the message resembles a topic's examples; up to three or so
ALARM = 2  # the same for a topic that passes before the others: there, words count for more than likeness
TICKED = 5  # what the person chose in the form: one clear expression of the text outweighs it
_QUOTED = 3  # expressions told to the agent


@dataclass(frozen=True)
class Topic:
    """What a request can be about.

    `first`, if not 0, is the number of points with which it passes before the others, in the file's order; `alike`, if
    not 0, the likeness that is enough without a word, for what must never be missed. `audience` makes it the topic of
    whatever such a person writes; `becomes` names the topic it turns into when another sort of person writes;
    `priority` is that of all its requests.
    """

    slug: str
    label: str
    first: int = 0
    alike: float = 0
    priority: Priority | None = None
    audience: Audience | None = None
    becomes: Mapping[Audience, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """Points gathered by one candidate, and the hits that brought them, best first."""

    points: float = 0
    hits: tuple[Hit, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """As written, fit to be told to an agent."""
        return _words(self.hits)

    @property
    def urgent(self) -> tuple[str, ...]:
        """The words that press."""
        return _words(hit for hit in self.hits if hit.key.column in PRESSING)

    @property
    def nowhere(self) -> bool:
        """Whether a hit shows that no school is concerned."""
        return any(hit.key.column == "nowhere" for hit in self.hits)

    @property
    def sure(self) -> bool:
        """Whether one of the hits is enough by itself."""
        return any(POINTS[hit.key.column] >= ENOUGH for hit in self.hits)


@dataclass(frozen=True)
class Guess:
    """A slug, the words that say so as written, and the score; no words when the usual was assumed.

    `alone` tells that it rests on likeness alone.
    """

    slug: str
    words: tuple[str, ...] = ()
    score: Score = Score()
    alone: bool = False


def score(hits: Sequence[Hit]) -> Score:
    """Points of one candidate's hits. A word counts once: a hit is worth its share of words not yet counted."""
    ignored = 0
    for hit in hits:
        if hit.key.column == "ignore":
            ignored |= hit.covered
    points = 0.0
    seen = 0
    counted: set[str] = set()
    told: list[Hit] = []
    for hit in sorted(hits, key=_worth):
        value: float = POINTS[hit.key.column]
        if hit.expression in counted or hit.key.column == "ignore":
            continue
        if value > 0:
            fresh = (hit.covered & ~seen).bit_count()
            if not fresh or not hit.covered & ~ignored:
                continue
            value = value * fresh / hit.covered.bit_count()
            seen |= hit.covered
            told.append(hit)
        counted.add(hit.expression)
        points += value
    return Score(round(points, 1), tuple(told))


def scores(kind: str, hits: Iterable[Hit]) -> dict[str, Score]:
    """The score of each candidate of that kind that was hit at all."""
    by_name: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.key.kind == kind:
            by_name.setdefault(hit.key.name, []).append(hit)
    return {name: score(found) for name, found in by_name.items()}


def choose_topic(
    topics: Sequence[Topic],
    found: Mapping[str, Score],
    likeness: Mapping[str, float],
    audience: Audience,
    otherwise: str,
) -> Guess:
    """The first topic with points enough among those that pass before; else the one with most; else `otherwise`.

    `likeness` adds to the points of words. It brings in a topic that no word speaks for only where `alike` says so.
    """
    best, chosen = 0.0, Guess(otherwise)
    for topic in topics:
        here = found.get(topic.slug, Score())
        alike = likeness.get(topic.slug, 0)
        if topic.audience is audience or (topic.first and _passes_before(topic, here, alike)):
            return Guess(topic.slug, here.words, here)
        if topic.alike and alike >= topic.alike:
            return Guess(topic.slug, alone=True)
        if here.hits and not topic.first:
            points = (here.points if here.nowhere else min(here.points, MOST)) + LIKENESS * alike
            if points > best:
                best, chosen = points, Guess(topic.becomes.get(audience, topic.slug), here.words, here)
    return chosen


def _passes_before(topic: Topic, here: Score, alike: float) -> bool:
    """Whether a topic that goes first has points enough. Unlikeness lowers them, but never silences a clear alarm."""
    if topic.priority is Priority.URGENT and here.sure:
        alike = max(alike, 0)
    return here.points >= POINTS["words"] and here.points + ALARM * alike >= topic.first


def choose_audience(
    found: Mapping[str, Score],
    profile: Audience | None,
    address: str,
    senders: Iterable[tuple[str, Audience, str]],
    likeness: Mapping[Audience, float],
    otherwise: Audience,
) -> Guess:
    """Who writes, by the text, the address and what was ticked in the form.

    `likeness` is that to the examples of topics on which only one audience writes.
    """
    points: dict[str, float] = {name: here.points for name, here in found.items()}
    for audience, alike in likeness.items():
        if audience in found and found[audience].hits:
            points[audience] += ALARM * (alike - 1)
    if profile is not None:
        points[profile.value] = points.get(profile.value, 0) + TICKED
    by_address = {
        audience: SENDER_POINTS[column]
        for pattern, audience, column in (senders if address else ())
        if fnmatchcase(address, pattern)
    }
    for audience, value in by_address.items():
        points[audience.value] = points.get(audience.value, 0) + value
    best = max(points.values(), default=0)
    if best < POINTS["words"]:  # a mere hint tells no one apart
        return Guess(otherwise.value)
    name = next(audience for audience in Audience if points.get(audience.value) == best)
    here = found.get(name.value, Score())
    return Guess(name.value, here.words or ((address,) if name in by_address else ()), here)


def _words(hits: Iterable[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.words for hit in hits))[:_QUOTED]


def _worth(hit: Hit) -> tuple[int, int, int, str]:
    """Best first; of equals the one that explains most words; then by place, so that order is no matter of luck."""
    return -POINTS[hit.key.column], -hit.covered.bit_count(), hit.start, hit.expression
