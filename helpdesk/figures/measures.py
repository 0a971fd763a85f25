"""What is measured, and how times are kept so that those of several days and services can be put together.

A median cannot be added to another; a histogram can. Times fall into classes of working time, and a centile is read
between the edges of its class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

COUNTS = ("created", "answered", "solved", "closed", "reopened", "transferred", "good", "fair", "poor")
# The upper edge of each class in minutes of working time; one more class holds what is above the last.
EDGES = (15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1_440, 2_400, 4_800, 9_600)
CLASSES = {name: tuple(f"{name}_{place}" for place in range(len(EDGES) + 1)) for name in ("answer", "solve")}
MEASURES = (*COUNTS, *CLASSES["answer"], *CLASSES["solve"])


@dataclass(frozen=True)
class Centile:
    """Minutes of working time; `above`: more than that, nobody knows how much."""

    minutes: float
    above: bool = False


def class_of(name: str, seconds: float) -> str:
    """The measure that counts a time: `answer_3` for an answer after some 70 minutes of work."""
    place = next((place for place, edge in enumerate(EDGES) if seconds <= edge * 60), len(EDGES))
    return CLASSES[name][place]


def centile(measured: Mapping[str, int], name: str, share: float) -> Centile | None:
    """The time within which that share of all times lies; None without any."""
    counts = [max(measured.get(column, 0), 0) for column in CLASSES[name]]
    wanted = share * sum(counts)
    if not wanted:
        return None
    below = 0
    for (lower, upper), count in zip(pairwise((0, *EDGES)), counts, strict=False):
        if count and below + count >= wanted:
            return Centile(lower + (upper - lower) * (wanted - below) / count)
        below += count
    return Centile(EDGES[-1], above=True)


def added(rows: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """All of them together."""
    return {name: sum(row.get(name, 0) for row in rows) for name in MEASURES}


def satisfied(measured: Mapping[str, int]) -> float | None:
    """The share of good marks among all; None without any."""
    marks = measured.get("good", 0) + measured.get("fair", 0) + measured.get("poor", 0)
    return measured.get("good", 0) / marks if marks else None
