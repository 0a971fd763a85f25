"""How good the watch for bursts is, on made-up weeks: `python -m tests.tickets.incidents.burst_score [seed …]`.

Each seed makes eight weeks of requests: days and hours as in an office, a season that rises, topics that come in waves
of their own, a Monday that is a holiday. The last two weeks are watched each quarter of an hour; into the second of
them incidents of several sizes are planted, one at a time. Printed: false alarms a week, and of the incidents how many
are seen and after how many of their tickets.
"""

import random
import sys
from bisect import bisect_left
from dataclasses import dataclass, field
from math import exp

from helpdesk.tickets.incidents.bursts import HOURS, WEEKS, Kind, Seen, Suspect, counted, distinct, kinds_of, unusual

TOPICS = {
    "activation": 30, "introuvable": 18, "mot-de-passe": 16, "rattachement": 9, "franceconnect": 6, "ent": 6,
    "teleservices": 5, "eleve": 4, "coordonnees": 3, "familiale": 1, "securite": 1, "hors": 1,
}  # fmt: skip
ACADEMIES = [f"{number:02d}" for number in range(1, 31)]
A_DAY = 900  # requests of a usual working day in all of France
RARE_WORDS = 400
QUARTER = 15  # minutes
WEEK = 7 * 24 * 60
SIZES = ((8, 2), (15, 2), (30, 3), (80, 4), (200, 6))  # requests, and over how many hours they come


@dataclass
class World:
    """Requests by the minute at which they came, and of each what kinds it is of."""

    minutes: list[int] = field(default_factory=list)
    kinds: list[tuple[Kind, ...]] = field(default_factory=list)
    planted: list[bool] = field(default_factory=list)

    def between(self, first: int, last: int) -> range:
        """Numbers of those that came after minute `first`, until `last`."""
        return range(bisect_left(self.minutes, first + 1), bisect_left(self.minutes, last + 1))


def rate(minute: int) -> float:
    """Requests a minute: an office day with two humps, quiet evenings, quieter nights and Sundays."""
    day, hour = minute // 1440 % 7, minute % 1440 / 60
    humps = exp(-((hour - 10) ** 2) / 8) + 0.9 * exp(-((hour - 18) ** 2) / 10) + 0.02
    season = 1 + 0.25 * (minute / WEEK)  # eight weeks up to a rentrée: three times as many
    holiday = 0.3 if minute // 1440 == 5 * 7 else 1.0
    return A_DAY / 620 * humps * (0.35 if day >= 5 else 1.0) * season * holiday


def make(seed: int, weeks: int = WEEKS + 2) -> World:
    """A usual world: no incident in it."""
    dice = random.Random(seed)
    size = {academy: dice.lognormvariate(0, 0.6) for academy in ACADEMIES}
    waves: dict[tuple[str, str, int], float] = {}
    world = World()
    for hour in range(weeks * 7 * 24):
        for offset in sorted(dice.uniform(0, 60) for _ in range(poisson(dice, 60 * rate(hour * 60 + 30)))):
            day = hour // 24
            topic = pick(dice, {t: w * wave(dice, waves, (t, "", day), 20) for t, w in TOPICS.items()})
            academy = pick(dice, {a: w * wave(dice, waves, (topic, a, day), 8) for a, w in size.items()})
            words = {f"mot{int(dice.paretovariate(0.7)) % RARE_WORDS}" for _ in range(6)}
            world.minutes.append(hour * 60 + int(offset))
            world.kinds.append(of(topic, academy if dice.random() < 0.85 else "", words))
            world.planted.append(False)
    return world


def of(topic: str, academy: str, words: set[str]) -> tuple[Kind, ...]:
    return (*kinds_of(topic, academy), *(Kind(word=word) for word in sorted(words)))


def wave(dice: random.Random, waves: dict[tuple[str, str, int], float], key: tuple[str, str, int], shape: int) -> float:
    """A kind's own mood of the day, the same all day."""
    if key not in waves:
        waves[key] = dice.gammavariate(shape, 1 / shape)
    return waves[key]


def plant(world: World, dice: random.Random, start: int, size: int, hours: int) -> World:
    """The same world with an incident: of one topic, in one académie or everywhere, half of its requests with a word
    that is new.
    """
    topic, academy = dice.choice(list(TOPICS)), dice.choice([*ACADEMIES, ""])
    rows = list(zip(world.minutes, world.kinds, world.planted, strict=True))
    for _ in range(size):
        words = {"nouveau"} if dice.random() < 0.5 else set()
        where = academy or dice.choice(ACADEMIES)
        rows.append((start + int(dice.uniform(0, hours * 60)), of(topic, where, words), True))
    rows.sort(key=lambda row: row[0])
    return World([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def look(world: World, now: int, before: dict[tuple[int, int], Seen]) -> list[tuple[Suspect, frozenset[int]]]:
    """What the watch would show at this minute. `before` keeps what was counted of former weeks."""
    suspects, numbers = [], {}
    for hours in HOURS:
        window = world.between(now - hours * 60, now)
        if (now, hours) not in before:
            former = [
                number
                for week in range(1, WEEKS + 1)
                for number in world.between(now - week * WEEK - hours * 60, now - week * WEEK)
            ]
            before[now, hours] = counted(world.kinds[number] for number in former)
        seen = counted(world.kinds[number] for number in window)
        for suspect in unusual(hours, seen, before[now, hours]):
            suspects.append(suspect)
            numbers[suspect] = frozenset(n for n in window if suspect.kind in world.kinds[n])
    return [(each, numbers[each]) for each in distinct(suspects, numbers.__getitem__)]


def false_alarms(world: World, before: dict[tuple[int, int], Seen]) -> tuple[int, float]:
    """(bursts shown in two usual weeks, a week): one that stays on the screen counts once a day."""
    told = set()
    for now in range(WEEKS * WEEK, (WEEKS + 2) * WEEK, QUARTER):
        told |= {(suspect.kind, now // 1440) for suspect, _ in look(world, now, before)}
    return len(told), len(told) / 2


def score(seed: int, trials: int = 12) -> None:
    """Print the figures of one seed."""
    world, before, dice = make(seed), dict[tuple[int, int], Seen](), random.Random(seed + 1)
    count, weekly = false_alarms(world, before)
    sys.stdout.write(f"seed {seed}: {len(world.minutes)} requests, {count} false alarms, {weekly:.1f} a week\n")
    for size, hours in SIZES:
        seen = []
        for _ in range(trials):
            start = (WEEKS + 1) * WEEK + 1440 * dice.randrange(5) + 60 * dice.randrange(8, 17)
            changed = plant(world, dice, start, size, hours)
            if found := first_sight(changed, start, hours, before):
                seen.append(found)
        minutes, requests = (sorted(each[place] for each in seen) for place in (0, 1))
        half = len(seen) // 2
        sys.stdout.write(
            f"  {size:4d} in {hours} h: {len(seen)} of {trials} seen"
            + (f", after {requests[half]} requests, {minutes[half]} minutes (medians)" if seen else "")
            + "\n"
        )


def first_sight(world: World, start: int, hours: int, before: dict[tuple[int, int], Seen]) -> tuple[int, int] | None:
    """(minutes after its start, planted requests until then) at which a burst of mostly planted requests is shown."""
    for now in range(start // QUARTER * QUARTER + QUARTER, start + hours * 60 + 60, QUARTER):
        for _, numbers in look(world, now, before):
            if 2 * sum(world.planted[number] for number in numbers) >= len(numbers):
                return now - start, sum(world.planted[number] for number in world.between(start - 1, now))
    return None


def poisson(dice: random.Random, mean: float) -> int:
    """By counting exponential gaps: the means here are small enough."""
    count, at = 0, dice.expovariate(1)
    while at < mean:
        count, at = count + 1, at + dice.expovariate(1)
    return count


def pick(dice: random.Random, weights: dict[str, float]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


if __name__ == "__main__":
    for number in map(int, sys.argv[1:] or ["1", "2", "3"]):
        score(number)
