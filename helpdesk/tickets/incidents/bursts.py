"""Bursts: more like tickets than is usual for the hour and the season.

What is usual is a share, not a number: of what else came in the same hours of former weeks, how much was of this kind.
It is asked of what else comes now, so that a rise of everything, at la rentrée or after a holiday, is no burst. How
often so many would come by chance is the tail of a negative binomial, whose spread is that of life (`SPREAD`), of few
weeks known, and of few other tickets now.

The thresholds were chosen on one seed of `python -m tests.tickets.incidents.burst_score`, which tells what they give on
others.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

HOURS = (1, 4, 24)  # windows, in hours of the clock: former weeks had nights and Sundays at the same hours
WEEKS = 6  # former weeks that tell what is usual
AT_LEAST = 6  # tickets
TIMES = 2.5  # at least so many times what is usual
RARE = 1e-6  # a chance below this is no chance
SPREAD = 12.0  # the smaller, the more a kind comes in waves of its own
SAME = 0.6  # two bursts that share so much of either are one
NEARLY_ALL = 0.8
_KNOWN = 40  # tickets in former weeks, without which nothing can be called usual
_HALF, _ONE = 0.5, 15.0  # what a kind that was never seen counts as


@dataclass(frozen=True, order=True)
class Kind:
    """What tickets have in common; empty is any. `word` is a stem."""

    topic: str = ""
    academy: str = ""
    word: str = ""


@dataclass(frozen=True)
class Seen:
    """How many tickets came in a window, or in all the like windows of former weeks, in all and of each kind."""

    total: int
    counts: Mapping[Kind, int]


@dataclass(frozen=True)
class Suspect:
    """More than is usual. `chance` is how often that would be so by chance."""

    kind: Kind
    hours: int
    count: int
    usual: float
    chance: float


def kinds_of(topic: str, academy: str) -> Iterator[Kind]:
    """All the kinds that a ticket is of by its place; those by its words are counted apart."""
    yield Kind(topic=topic)
    if academy:
        yield Kind(academy=academy)
        yield Kind(topic, academy)


def counted(tickets: Iterable[Iterable[Kind]]) -> Seen:
    """Tickets, each as its kinds, counted."""
    counts: Counter[Kind] = Counter()
    total = 0
    for kinds in tickets:
        total += 1
        counts.update(kinds)
    return Seen(total, counts)


def unusual(hours: int, now: Seen, before: Seen) -> list[Suspect]:
    """The kinds of which more came than is usual, least likely first. Empty while too little is known of before."""
    if before.total < _KNOWN:
        return []
    found = []
    for kind, count in now.counts.items():
        if count < AT_LEAST:
            continue
        usual, spread = expected(count, now.total, before.counts.get(kind, 0), before.total)
        if count < TIMES * usual:
            continue
        chance = tail(count, usual, spread)
        if chance < RARE:
            found.append(Suspect(kind, hours, count, usual, chance))
    return sorted(found, key=lambda each: (each.chance, each.kind))


def expected(count: int, total: int, count_before: int, total_before: int) -> tuple[float, float]:
    """How many of a kind are usual, told by the others that came now; and how far that spreads."""
    others, others_before = total - count, total_before - count_before
    usual = (others + 1) * (count_before + _HALF) / (others_before + _ONE)
    spread = 1 / (1 / SPREAD + 1 / (count_before + _HALF) + 1 / (others + 1))
    return usual, spread


def tail(count: int, mean: float, spread: float) -> float:
    """The chance of `count` or more where `mean` are usual: a negative binomial of variance mean + mean²/spread."""
    if count <= 0:
        return 1.0
    more = log(mean) - log(spread + mean)  # of one more
    base = spread * -log1p(mean / spread) - lgamma(spread)
    term = exp(lgamma(count + spread) - lgamma(count + 1) + base + count * more)
    total, each = 0.0, count
    # Below the mean the terms still grow, from as little as none.
    while (each < mean or term > 1e-18 * (total or 1.0)) and each < count + 10_000:
        total += term
        term *= (each + spread) / (each + 1) * exp(more)
        each += 1
    return min(total, 1.0)


def distinct(suspects: Collection[Suspect], tickets_of: Callable[[Suspect], frozenset[int]]) -> list[Suspect]:
    """Without those that are the same tickets as a less likely one, seen from elsewhere: of an académie's part of a
    national burst the whole is told, of a word that all have in common the topic. Where nearly all of it is of one
    académie or topic, that is told.
    """
    kept: list[tuple[Suspect, frozenset[int]]] = []
    for suspect in sorted(suspects, key=lambda each: (each.chance, each.kind, each.hours)):
        own = tickets_of(suspect)
        same = [place for place, (_, other) in enumerate(kept) if len(own & other) >= SAME * min(len(own), len(other))]
        if not same and own:
            kept.append((suspect, own))
        elif same and _says_more(suspect, kept[same[0]][0]):
            kept[same[0]] = suspect, own
    return [suspect for suspect, _ in kept]


def _says_more(narrow: Suspect, wide: Suspect) -> bool:
    named = [sum(map(bool, (each.kind.topic, each.kind.academy, each.kind.word))) for each in (narrow, wide)]
    return named[0] > named[1] and narrow.count >= NEARLY_ALL * wide.count


def grown(count: int, dismissed_at: int) -> bool:
    """Whether a burst that somebody dismissed is to be shown again: once it has grown by half."""
    return count * 2 >= dismissed_at * 3
