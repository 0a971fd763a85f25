"""From the expressions found in a message to who writes, about what, and whether it presses.

Each candidate gathers points from its lists; a word counts once, with the expression that is worth most. The lists and
their meaning: `config/topics.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from helpdesk.routing.hits import Hit
from helpdesk.vocabulary import Audience, Priority

POINTS = {"urgent": 6, "nowhere": 6, "strong": 6, "signature": 6, "words": 3, "hints": 1, "not": -6, "ignore": 0}
SENDER_POINTS = {"strong_senders": 6, "senders": 3}
MOST = 8  # points of words that count when topics are compared: saying one thing in five ways does not make it truer
LIKENESS = 5  # points for each standard deviation by which the message resembles a topic's examples; up to three or so
ALARM = 2  # the same for a topic that passes before the others: there, words count for more than likeness
TICKED = 5  # what the person chose in the form: one clear expression of the text outweighs it
_QUOTED = 3  # expressions told to the agent


@dataclass(frozen=True)
class Topic:
    """What a request can be about.

    `first`, if not 0, is the number of points with which it passes before the others, in the file's order. `audience` makes it the topic of whatever such a person
    writes; `becomes` names the topic it turns into when another sort of person writes; `priority` is that of all its
    requests.
    """

    slug: str
    label: str
    first: int = 0
    priority: Priority | None = None
    audience: Audience | None = None
    becomes: Mapping[Audience, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """Points gathered by one candidate, and the words that brought them, best first.

    `urgent` are those that press, `nowhere` those that show that no school is concerned.
    """

    points: float = 0
    words: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """A slug and the score it rests on: no words when the message did not say and the usual was assumed."""

    slug: str
    score: Score = Score()


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
    urgent, nowhere = ([hit for hit in told if hit.key.column == column] for column in ("urgent", "nowhere"))
    return Score(round(points, 1), _words(told), _words(urgent), _words(nowhere))


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

    `likeness` adds to the points of words: it never brings in a topic that no word speaks for.
    """
    best, chosen = 0.0, Guess(otherwise)
    for topic in topics:
        here = found.get(topic.slug, Score())
        alike = likeness.get(topic.slug, 0)
        if topic.audience is audience:
            return Guess(topic.slug, here)
        if not here.words:
            continue
        if topic.first:
            if here.points + ALARM * alike >= topic.first:
                return Guess(topic.slug, here)
        elif (points := min(here.points, MOST) + LIKENESS * alike) > best:
            best, chosen = points, Guess(topic.becomes.get(audience, topic.slug), here)
    return chosen


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
        if audience in found and found[audience].words:
            points[audience] += ALARM * (alike - 1)
    if profile is not None:
        points[profile.value] = points.get(profile.value, 0) + TICKED
    by_address = {
        audience: SENDER_POINTS[column] for pattern, audience, column in senders if fnmatchcase(address, pattern)
    }
    for audience, value in by_address.items():
        points[audience.value] = points.get(audience.value, 0) + value
    best = max(points.values(), default=0)
    if best < POINTS["words"]:  # a mere hint tells no one apart
        return Guess(otherwise.value)
    name = next(audience for audience in Audience if points.get(audience.value) == best)
    here = found.get(name.value, Score())
    if not here.words and name in by_address:
        here = Score(here.points, (address,))
    return Guess(name.value, here)


def _words(hits: Iterable[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.words for hit in hits))[:_QUOTED]


def _worth(hit: Hit) -> tuple[int, int, int, str]:
    """Best first; of equals the one that explains most words; then by place, so that order is no matter of luck."""
    return -POINTS[hit.key.column], -hit.covered.bit_count(), hit.start, hit.expression
