"""From which certainty on search answers: `python -m tests.knowledge.search_threshold` finds it for `ranking.ENOUGH`.

The two mistakes, to say nothing where an entry answers and to answer where none does, are each measured by what is
allowed of them, and their sum is made least on the tuned queries. What to expect of queries that had no part in the
choice is told by cross-validation: each tenth is judged by the threshold of the other nine.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.knowledge.index import Index
from helpdesk.knowledge.ranking import ENOUGH, rank
from helpdesk.places import config_dir
from tests.knowledge.search_score import index_of, load

# As `test_search_quality.py` has them.
_WRONGLY_NOTHING, _WRONGLY_ANSWERED = 0.05, 0.20
_FOLDS = 10
_AS_GOOD = 1.1
_TRIED = [math.exp(step / 25) for step in range(-75, -12)]


@dataclass(frozen=True)
class Judged:
    """How certain search was of a query, and whether the FAQ answers it."""

    certainty: float
    answerable: bool


def judge(index: Index, one_in: int = 1) -> list[Judged]:
    """The tuned queries, or one in so many of them."""
    return [Judged(rank(query.query, index).certainty, bool(query.expect)) for query in load("tuned")[::one_in]]


def best(judged: Sequence[Judged]) -> float:
    """The threshold with the least of both mistakes: the middle one of those that are as good."""
    costs = [_cost(judged, threshold) for threshold in _TRIED]
    good = [threshold for threshold, cost in zip(_TRIED, costs, strict=True) if cost <= _AS_GOOD * min(costs)]
    return good[len(good) // 2]


def mistakes(judged: Iterable[Judged], threshold: float) -> tuple[int, int]:
    """How many wrongly got nothing, and how many wrongly an answer."""
    wrong = [each.answerable for each in judged if each.answerable != (each.certainty >= threshold)]
    return wrong.count(True), wrong.count(False)


def _cost(judged: Sequence[Judged], threshold: float) -> float:
    answerable = sum(each.answerable for each in judged)
    nothing, answered = mistakes(judged, threshold)
    return nothing / answerable / _WRONGLY_NOTHING + answered / (len(judged) - answerable) / _WRONGLY_ANSWERED


def main() -> None:
    judged = judge(index_of(config_dir() / "faq" / "educonnect.md"))
    answerable = sum(each.answerable for each in judged)
    nothing = answered = 0
    chosen = []
    for fold in range(_FOLDS):
        chosen.append(best([each for place, each in enumerate(judged) if place % _FOLDS != fold]))
        missed = mistakes(judged[fold::_FOLDS], chosen[-1])
        nothing, answered = nothing + missed[0], answered + missed[1]
    sys.stdout.write(f"best {best(judged):.3f} (from {min(chosen):.3f} to {max(chosen):.3f}); in use {ENOUGH}\n")
    sys.stdout.write(f"cross-validated: wrongly nothing {nothing / answerable:.1%}, ")
    sys.stdout.write(f"wrongly answered {answered / (len(judged) - answerable):.1%}\n")


if __name__ == "__main__":
    main()
