"""Routing held to the requests with expected answers: to those it was tuned on, and to those kept apart."""

import pytest

from helpdesk.routing.geography import Geography
from tests.routing.score import CASES, FIELDS, Answer, accuracy, answers, urgent_missed, wrong_academies

LEAST = {
    "tuned": {"topic": 0.96, "audience": 0.98, "priority": 0.98, "academy": 0.96},
    "held_out": {"topic": 0.88, "audience": 0.95, "priority": 0.92, "academy": 0.97},
    "held_out_2": {"topic": 0.90, "audience": 0.88, "priority": 0.92, "academy": 0.92},
}
URGENT_MISSED_AT_MOST = {"tuned": 0, "held_out": 0, "held_out_2": 1}


@pytest.fixture(scope="module", params=LEAST)
def half(request: pytest.FixtureRequest, france: Geography) -> tuple[str, list[Answer]]:
    """One half of the requests, with what was decided on each."""
    return request.param, answers(CASES / f"{request.param}.jsonl", france)


@pytest.mark.parametrize("field", FIELDS)
def test_routing_finds_what_careful_agents_would(half: tuple[str, list[Answer]], field: str) -> None:
    name, found = half

    assert accuracy(found, field) >= LEAST[name][field]


def test_hardly_an_urgent_request_waits(half: tuple[str, list[Answer]]) -> None:
    name, found = half

    assert urgent_missed(found) <= URGENT_MISSED_AT_MOST[name]


def test_hardly_a_family_is_sent_to_a_wrong_academy(half: tuple[str, list[Answer]]) -> None:
    _, found = half

    assert wrong_academies(found) <= 0.01 * len(found)
