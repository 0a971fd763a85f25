"""Shares with the interval of Wilson: values of the literature."""

import pytest

from helpdesk.knowledge.readers.figures import share


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_share_says_how_far_it_may_be_from_the_truth(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)

    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)
