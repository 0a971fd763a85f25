"""Shares of a few votes, with how far they may be from the truth."""

import math
from dataclasses import dataclass

_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with the bounds of its 95 % confidence interval (Wilson), all from 0 to 1.

    Of nothing nothing is known: the bounds are 0 and 1.
    """

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


def share(part: int, whole: int) -> Share:
    """The interval of Wilson (1927): right for few votes and for shares near 0 or 1, unlike the usual one."""
    if not whole:
        return Share(part, whole, 0.0, 1.0)
    value, square = part / whole, _Z * _Z / whole
    centre = (value + square / 2) / (1 + square)
    reach = _Z * math.sqrt(value * (1 - value) / whole + square / (4 * whole)) / (1 + square)
    return Share(part, whole, max(0.0, centre - reach), min(1.0, centre + reach))
