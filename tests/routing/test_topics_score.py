"""Routing held to the requests with expected answers: to those it was tuned on, and to those kept apart."""

import pytest

from helpdesk.routing.geography import Geography
from tests.routing.score import CASES, FIELDS, Answer, accuracy, answers, false_alarms, urgent_missed, wrong_academies

LEAST = {
    "tuned": {"topic": 0.97, "audience": 0.98, "priority": 0.98, "academy": 0.98},
    "tuned_2": {"topic": 0.92, "audience": 0.95, "priority": 0.96, "academy": 0.98},
    "tuning_3": {"topic": 0.98, "audience": 0.98, "priority": 0.98, "academy": 0.98},
    "tuning_4": {"topic": 0.95, "audience": 0.96, "priority": 0.96, "academy": 0.97},
    "tuning_5": {"topic": 0.94, "audience": 0.96, "priority": 0.97, "academy": 0.98},
    "held_out_2": {"topic": 0.94, "audience": 0.94, "priority": 0.94, "academy": 0.92},
    "held_out_3": {"topic": 0.94, "audience": 0.95, "priority": 0.96, "academy": 0.96},
    "held_out_4": {"topic": 0.88, "audience": 0.93, "priority": 0.92, "academy": 0.97},
    "held_out_5": {"topic": 0.87, "audience": 0.88, "priority": 0.90, "academy": 0.97},
}
URGENT_MISSED_AT_MOST = {
    "tuned": 0, "tuned_2": 0, "tuning_3": 0, "tuning_4": 0, "tuning_5": 0, "held_out_2": 1, "held_out_3": 0,
    "held_out_4": 1, "held_out_5": 1,
}  # fmt: skip
# One request in twelve of held_out_4 sounds alarming and is not; of held_out_5 more do.
FALSE_ALARMS_AT_MOST = {
    "tuned": 0.01, "tuned_2": 0.02, "tuning_3": 0.02, "tuning_4": 0.03, "held_out_2": 0.03, "held_out_3": 0.03,
    "tuning_5": 0.03, "held_out_4": 0.05, "held_out_5": 0.04,
}  # fmt: skip


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


def test_few_alarms_are_false(half: tuple[str, list[Answer]]) -> None:
    name, found = half

    assert false_alarms(found) <= FALSE_ALARMS_AT_MOST[name] * len(found)


def test_hardly_a_family_is_sent_to_a_wrong_academy(half: tuple[str, list[Answer]]) -> None:
    _, found = half

    assert wrong_academies(found) <= 0.01 * len(found)
