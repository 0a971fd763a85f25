"""Choosing among clues: the strongest that agree, or triage."""

from collections.abc import Sequence

import pytest

from helpdesk.routing.academy import choose_academy
from helpdesk.routing.decision import Clue, Strength

STRONG, WEAK, LAST = Strength.STRONG, Strength.WEAK, Strength.LAST


def a_clue(strength: Strength, *academies: str, kind: str = "commune") -> Clue:
    return Clue(kind, "Sète (34)", academies, strength, "Sète", "text", 0, 4)


@pytest.mark.parametrize(
    ("clues", "academy", "reason"),
    [
        ([], None, "none"),
        ([a_clue(STRONG, "11")], "11", "strong"),
        ([a_clue(STRONG, "11"), a_clue(STRONG, "11")], "11", "strong"),
        ([a_clue(STRONG, "11"), a_clue(WEAK, "10"), a_clue(LAST, "28")], "11", "strong"),
        ([a_clue(WEAK, "10"), a_clue(LAST, "28")], "10", "weak"),
        ([a_clue(LAST, "28")], "28", "last"),
        ([a_clue(STRONG, "11"), a_clue(STRONG, "10")], None, "disagree"),
        ([a_clue(WEAK, "11"), a_clue(WEAK, "10")], None, "disagree"),
        ([a_clue(STRONG, "11"), a_clue(STRONG, "10"), a_clue(WEAK, "10")], None, "disagree"),
        ([a_clue(STRONG, "24", "28")], None, "ambiguous"),
        ([a_clue(STRONG, "24", "28"), a_clue(STRONG, "24")], "24", "strong"),
        ([a_clue(STRONG, "24", "28"), a_clue(STRONG, "11")], None, "disagree"),
        ([a_clue(STRONG, "24", "28"), a_clue(STRONG, "01", "24", "25")], "24", "narrowed"),
        ([a_clue(STRONG, "24", "28"), a_clue(WEAK, "24")], "24", "narrowed"),
        ([a_clue(STRONG, "24", "28"), a_clue(LAST, "28")], "28", "narrowed"),
        ([a_clue(STRONG, "24", "28"), a_clue(WEAK, "01")], None, "ambiguous"),
        ([a_clue(STRONG, "24", "28"), a_clue(WEAK, "01"), a_clue(LAST, "28")], None, "ambiguous"),
        ([a_clue(STRONG, kind="uai-unknown"), a_clue(WEAK, "10")], None, "unknown-uai"),
        ([a_clue(STRONG, kind="uai-unknown"), a_clue(STRONG, "10")], "10", "strong"),
        ([a_clue(WEAK, kind="uai-wrong"), a_clue(WEAK, "10")], "10", "weak"),
    ],
)
def test_the_strongest_clues_decide(clues: Sequence[Clue], academy: str | None, reason: str) -> None:
    chosen = choose_academy(clues)

    assert (chosen.academy, chosen.reason) == (academy, reason)


@pytest.mark.parametrize("kind", ["agricultural", "abroad", "cned"])
def test_a_school_of_no_academie_goes_to_triage_with_its_reason(kind: str) -> None:
    chosen = choose_academy([a_clue(STRONG, kind=kind), a_clue(STRONG, "11")])

    assert (chosen.academy, chosen.reason) == (None, kind)


def test_several_children_are_told_apart_from_a_contradiction() -> None:
    chosen = choose_academy([a_clue(STRONG, "11"), a_clue(STRONG, "10"), a_clue(STRONG, kind="several-children")])

    assert (chosen.academy, chosen.reason) == (None, "several-children")


def test_the_clues_that_disagree_are_shown() -> None:
    one, other = a_clue(STRONG, "11"), a_clue(STRONG, "10")

    assert choose_academy([one, other, a_clue(WEAK, "01")]).clues == (one, other)


def test_the_clue_that_decides_is_shown_without_the_weaker_ones() -> None:
    deciding = a_clue(STRONG, "11")

    assert choose_academy([deciding, a_clue(WEAK, "10")]).clues == (deciding,)
