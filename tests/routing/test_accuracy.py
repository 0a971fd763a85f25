"""Figures on routing are honest: few cases say nothing, chance is no trend, each part answers for what it decided."""

import pytest

from helpdesk.routing.accuracy import ENOUGH, Count, Group, Line, Trend, all_together, by_clue, by_rule


def line(routed: int, wrong: int, routed_before: int = 0, wrong_before: int = 0) -> Line:
    return Line("assistance", Count(routed), wrong, Count(routed_before), wrong_before)


def test_a_share_is_said_from_enough_requests_on() -> None:
    assert line(ENOUGH - 1, 1).share is None
    assert line(ENOUGH, 1).share == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        ((1000, 20), (1000, 80), Trend.BETTER),  # 98 % after 92 %
        ((1000, 80), (1000, 20), Trend.WORSE),
        ((1000, 20), (1000, 20), Trend.STEADY),
        ((30, 1), (30, 2), Trend.STEADY),  # one case: chance
        ((30, 0), (30, 0), Trend.STEADY),
        ((1000, 20), (ENOUGH - 1, 10), None),
        ((ENOUGH - 1, 0), (1000, 20), None),
    ],
)
def test_a_trend_is_more_than_chance(now: tuple[int, int], before: tuple[int, int], trend: Trend | None) -> None:
    assert line(*now, *before).trend is trend


def test_rules_answer_for_every_correction_and_clues_for_the_academie_alone() -> None:
    groups = [
        Group("assistance", ("commune", "postal-code"), Count(50, 5, 2), Count(40, 4, 4)),
        Group("scolarite", ("commune",), Count(30, 3, 0), Count()),
        Group("triage", (), Count(10, 1, 1), Count()),
    ]

    rules = {each.name: (each.period.routed, each.wrong, each.wrong_before) for each in by_rule(groups)}
    clues = {each.name: (each.period.routed, each.wrong, each.wrong_before) for each in by_clue(groups)}

    assert rules == {"assistance": (50, 5, 4), "scolarite": (30, 3, 0), "triage": (10, 1, 0)}
    assert clues == {"commune": (80, 2, 4), "postal-code": (50, 2, 4)}
    assert (all_together(groups).period.routed, all_together(groups).wrong) == (90, 9)


def test_nothing_routed_gives_no_figures() -> None:
    assert by_rule([]) == []
    assert all_together([]).share is None
