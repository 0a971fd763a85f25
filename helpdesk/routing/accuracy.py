"""How often routing was right, counted honestly: few requests say nothing, and chance is not a trend."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

ENOUGH = 20  # requests; with fewer, one correction more or less would tell another story
_CHANCE = 2  # standard errors that two shares must be apart to differ by more than chance


class Trend(StrEnum):
    """How a share compares with that of the period before."""

    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"


@dataclass(frozen=True)
class Count:
    """Requests that were routed, and what agents said of them. `corrected` counts each once, whatever was wrong;
    `misplaced` are those among them whose académie was wrong. One that nobody complained of counts as right.
    """

    routed: int = 0
    corrected: int = 0
    misplaced: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.routed + other.routed, self.corrected + other.corrected, self.misplaced + other.misplaced)


@dataclass(frozen=True)
class Group:
    """Requests under one rule with one set of kinds of clues, in the period and in as long a time before it."""

    rule: str
    clue_kinds: tuple[str, ...]
    period: Count
    before: Count


@dataclass(frozen=True)
class Line:
    """One rule or one kind of clue. `wrong` are the corrections that it answers for."""

    name: str
    period: Count
    wrong: int
    before: Count
    wrong_before: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None with too few requests to judge."""
        return _share(self.wrong, self.period.routed)

    @property
    def trend(self) -> Trend | None:
        """None if either period has too few requests."""
        now, then = self.share, _share(self.wrong_before, self.before.routed)
        if now is None or then is None:
            return None
        both, wrong = self.period.routed + self.before.routed, self.wrong + self.wrong_before
        spread = sqrt(wrong / both * (1 - wrong / both) * (1 / self.period.routed + 1 / self.before.routed))
        if abs(now - then) <= _CHANCE * spread:
            return Trend.STEADY
        return Trend.BETTER if now > then else Trend.WORSE


def all_together(groups: Iterable[Group]) -> Line:
    """Every request, under an empty name."""
    lines = _lines(groups, lambda _group: ("",), _any_fault)
    return lines[0] if lines else Line("", Count(), 0, Count(), 0)


def by_rule(groups: Iterable[Group]) -> list[Line]:
    """A rule answers for every correction. The most used first."""
    return _lines(groups, lambda group: (group.rule,), _any_fault)


def by_clue(groups: Iterable[Group]) -> list[Line]:
    """Clues answer for the académie alone; where several decided together, each answers for it."""
    return _lines(groups, lambda group: group.clue_kinds, lambda count: count.misplaced)


def _any_fault(count: Count) -> int:
    return count.corrected


def _lines(
    groups: Iterable[Group], names: Callable[[Group], Iterable[str]], wrong: Callable[[Count], int]
) -> list[Line]:
    totals: dict[str, tuple[Count, Count]] = defaultdict(lambda: (Count(), Count()))
    for group in groups:
        for name in names(group):
            period, before = totals[name]
            totals[name] = (period + group.period, before + group.before)
    lines = [Line(name, period, wrong(period), before, wrong(before)) for name, (period, before) in totals.items()]
    return sorted(lines, key=lambda line: (-line.period.routed, line.name))


def _share(wrong: int, routed: int) -> float | None:
    return None if routed < ENOUGH else 1 - wrong / routed
