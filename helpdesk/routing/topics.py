"""From the expressions found in a message to who writes, about what, and whether it presses.

Each candidate gathers points from its lists; a word counts once, with the expression that is worth most. The lists and
their meaning: `config/topics.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from helpdesk.routing.hits import Hit
from helpdesk.routing.likeness import UNLIKELY, Likely
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
    "over": 0,
}
CANDIDATES = ("topic", "audience", "priority", "sector")
ENOUGH = 6
PRESSING = ("urgent", "worrying")
SENDER_POINTS = {"strong_senders": 6, "senders": 3}
MOST = 6  # points of words that count when topics are compared: saying one thing in five ways does not make it truer
LIKENESS = 6  # points for each standard deviation by which the message resembles a topic's examples; up to three or so
ALIKE = 1  # standard deviations from which likeness brings in a topic that no word speaks for
NEAREST = 2.0  # from which, for what must never be missed, if no topic is nearer
MANY = 9  # points of faint words that raise an alarm all the same
ALARM = 2  # the same for a topic that passes before the others: there, words count for more than likeness
TICKED = 5  # what the person chose in the form: one clear expression of the text outweighs it
_QUOTED = 3  # expressions told to the agent


@dataclass(frozen=True)
class Topic:
    """What a request can be about.

    `first`, if not 0, is the number of points with which it passes before the others, in the file's order; `alike`, if
    not 0, the likeness that is enough without a word, for what must never be missed (`NEAREST` for the nearest of all).
    `audience` makes it the topic of whatever such a person writes; `becomes` names the topic it turns into when another
    sort of person writes; `priority` is that of all its requests.
    """

    slug: str
    label: str
    first: int = 0
    alike: float = 0
    priority: Priority | None = None
    audience: Audience | None = None
    becomes: Mapping[Audience, str] = field(default_factory=dict)


class Score(NamedTuple):
    """Points gathered by one candidate, and the hits that brought them, best first. `over`: the message says as well
    that what they speak of is past, or was said in jest.
    """

    points: float = 0
    hits: tuple[Hit, ...] = ()
    over: bool = False

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
    def certain(self) -> bool:
        """Whether a hit is worth more than any likeness."""
        return any(hit.key.column == "presents" for hit in self.hits)

    @property
    def sure(self) -> bool:
        """Whether one of the hits is enough by itself."""
        return any(POINTS[hit.key.column] >= ENOUGH for hit in self.hits)


NOTHING = Score()


class Guess(NamedTuple):
    """A slug, the words that say so as written, and the score; no words when the usual was assumed.

    `likely` is the likeness to the topic's examples.
    """

    slug: str
    words: tuple[str, ...] = ()
    score: Score = NOTHING
    likely: Likely = UNLIKELY

    @property
    def alone(self) -> bool:
        """Whether it rests on likeness alone."""
        return not self.score.hits and self.likely.alike >= ALIKE

    def seems(self, priority: Priority) -> bool:
        """Whether it is written in the manner of requests of that priority."""
        return self.likely.priority is priority and self.likely.alike >= ALIKE


def score(hits: Sequence[Hit]) -> Score:
    """Points of one candidate's hits. A word counts once: a hit is worth its share of words not yet counted."""
    if len(hits) == 1:  # as most have: nothing to share
        only: float = POINTS[hits[0].key.column]
        return Score(only, tuple(hits) if only > 0 else (), hits[0].key.column == "over")
    ignored = 0
    for hit in hits:
        if hit.key.column == "ignore":
            ignored |= hit.covered
    points = 0.0
    seen = 0
    counted: set[str] = set()
    told: list[Hit] = []
    over = any(hit.key.column == "over" for hit in hits)
    for hit in sorted(hits, key=_worth):
        value: float = POINTS[hit.key.column]
        if hit.expression in counted or hit.key.column in ("ignore", "over"):
            continue
        if value > 0:
            fresh = (hit.covered & ~seen).bit_count()
            if not fresh or _is_ignored(hit, ignored):
                continue
            value = value * fresh / hit.covered.bit_count()
            seen |= hit.covered
            told.append(hit)
        counted.add(hit.expression)
        points += value
    return Score(round(points, 1), tuple(told), over)


def _is_ignored(hit: Hit, ignored: int) -> bool:
    """Whether nothing is left of it but a way of speaking: « erreur de frappe », or « ma fille … erreur de frappe »."""
    left = (hit.covered & ~ignored).bit_count()
    return not left or ("+" in hit.expression and 2 * left <= hit.covered.bit_count())


def scores(hits: Iterable[Hit]) -> dict[str, dict[str, Score]]:
    """By kind (« topic », « audience »…), the score of each candidate that was hit at all."""
    by_kind: dict[str, dict[str, list[Hit]]] = {}
    for hit in hits:
        kind, name, _ = hit.key
        if kind in CANDIDATES:
            by_kind.setdefault(kind, {}).setdefault(name, []).append(hit)
    return {kind: {name: score(found) for name, found in by_name.items()} for kind, by_name in by_kind.items()}


def choose_topic(
    topics: Sequence[Topic],
    found: Mapping[str, Score],
    likeness: Mapping[str, Likely],
    audience: Audience,
    otherwise: str,
) -> Guess:
    """The first topic with points enough among those that pass before; else the one with most; else `otherwise`.

    `likeness` adds to the points of words. A topic that passes before needs a word, unless `alike` says otherwise.
    """
    certain = any(here.certain for here in found.values())
    nearest = max(likeness, key=lambda slug: likeness[slug].alike, default="")
    best, chosen = 0.0, Guess(otherwise, likely=likeness.get(otherwise, UNLIKELY))
    for topic in topics:
        here = found.get(topic.slug, NOTHING)
        likely = likeness.get(topic.slug, UNLIKELY)
        if topic.audience is audience or (topic.first and _passes_before(topic, here, likely.alike)):
            return Guess(topic.slug, here.words, here, likely)
        if (
            topic.alike
            and not (certain or here.over)
            and likely.alike >= (NEAREST if topic.slug == nearest else topic.alike)
        ):
            return Guess(topic.slug, likely=likely)
        if here.certain:
            return Guess(topic.slug, here.words, here, likely)
        if not topic.first and (here.hits or likely.alike >= ALIKE):
            points = (here.points if here.nowhere else min(here.points, MOST)) + LIKENESS * likely.alike
            if points > best:
                best, chosen = points, Guess(topic.becomes.get(audience, topic.slug), (), here, likely)
    return chosen._replace(words=chosen.score.words)


def _passes_before(topic: Topic, here: Score, alike: float) -> bool:
    """Whether a topic that goes first has points enough. Unlikeness lowers them, but never silences a clear alarm; on
    faint words alone none is raised, if they are few and the whole does not sound like it. Of what is said to be over,
    twice as much must be heard.
    """
    if here.over and here.points + ALARM * alike < 2 * topic.first:
        return False
    if topic.priority is Priority.URGENT:
        if here.sure:
            alike = max(alike, 0)
        elif alike < ALIKE and here.points < MANY:
            return False
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
    here = found.get(name.value, NOTHING)
    return Guess(name.value, here.words or ((address,) if name in by_address else ()), here)


def _words(hits: Iterable[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.words for hit in hits))[:_QUOTED]


def _worth(hit: Hit) -> tuple[int, int, int, str]:
    """Best first; of equals the one that explains most words; then by place, so that order is no matter of luck."""
    return -POINTS[hit.key.column], -hit.covered.bit_count(), hit.start, hit.expression
