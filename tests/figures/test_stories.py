"""What a history counts for, told step by step; what a later step takes back is taken back where it was counted."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.calendars import CalendarBook
from helpdesk.figures.hours import Hours
from helpdesk.figures.stories import Moment, Step, Story

What = tuple[float, Step, dict[str, object]]  # after how many hours, and what it says of itself
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 10:00 in Lyon, 12:00 in Mayotte


@pytest.fixture
def story(calendar: CalendarBook) -> Story:
    """A request that came to Lyon by the form."""
    lyon = Hours(calendar.calendar("10", "Europe/Paris"))
    hours = {"lyon": lyon, "mayotte": Hours(calendar.calendar("43", "Indian/Mayotte"))}
    return Story(hours.__getitem__, "lyon", "code", "web")


def counted(story: Story, *steps: What) -> dict[tuple[str, str, str], int]:
    """How often each measure counts, by service and topic; hours are since Monday at ten."""
    moments = [
        Moment(number, step, MONDAY + timedelta(hours=hours), **told)  # type: ignore[arg-type]
        for number, (hours, step, told) in enumerate(steps, start=1)
    ]
    found: Counter[tuple[str, str, str]] = Counter()
    for told in story.told(moments):
        found[told.cell.service, told.cell.topic, told.measure] += told.times
    return {key: count for key, count in found.items() if count}


CAME: What = (0, Step.CAME, {})


def test_the_wait_goes_along_when_the_request_goes_elsewhere(story: Story) -> None:
    found = counted(
        story,
        CAME,
        (6, Step.TRANSFERRED, {"service": "mayotte"}),  # 16:00 in Lyon; 18:00 in Mayotte, which is closed
        (8, Step.ANSWERED, {"solved": True}),
    )

    assert found == {
        ("lyon", "code", "created"): 1,
        ("lyon", "code", "transferred"): 1,
        ("mayotte", "code", "answered"): 1,
        ("mayotte", "code", "answer_7"): 1,  # six hours in Lyon, and none in Mayotte
        ("mayotte", "code", "solved"): 1,
        ("mayotte", "code", "solve_7"): 1,
    }


def test_whoever_comes_back_after_the_end_waits_anew(story: Story) -> None:
    found = counted(
        story,
        CAME,
        (1, Step.ANSWERED, {"solved": True}),
        (24, Step.WROTE, {}),
        (24.2, Step.ANSWERED, {"solved": True}),
    )

    once, twice = ("created", "reopened", "answer_2", "solve_2", "answer_0", "solve_0"), ("answered", "solved")
    measures = {measure: count for (_service, _topic, measure), count in found.items()}
    assert measures == dict.fromkeys(once, 1) | dict.fromkeys(twice, 2)


def test_a_request_that_turns_out_to_be_none_counts_nowhere_until_it_is_one_after_all(story: Story) -> None:
    steps: tuple[What, ...] = (
        CAME,
        (1, Step.ANSWERED, {}),
        (2, Step.WITHDRAWN, {}),
        (2.5, Step.WITHDRAWN, {}),
        (3, Step.CLOSED, {}),
    )
    assert counted(story, *steps) == {}

    again = Story(story.hours, "lyon", "code", "web")
    found = counted(again, *steps, (4, Step.RESTORED, {}), (5, Step.JUDGED, {"mark": "good"}))

    assert {measure for (_service, _topic, measure), count in found.items() if count == 1} == {
        *("created", "answered", "answer_2", "closed", "good")
    }


def test_another_topic_counts_from_then_on(story: Story) -> None:
    found = counted(story, CAME, (1, Step.ABOUT, {"topic": "ent"}), (2, Step.SOLVED, {}), (3, Step.SOLVED, {}))

    assert found == {("lyon", "code", "created"): 1, ("lyon", "ent", "solved"): 1, ("lyon", "ent", "solve_4"): 1}


def test_an_answer_that_was_none_leaves_the_wait_as_if_it_had_never_stood_still(story: Story) -> None:
    found = counted(
        story,
        CAME,
        (1, Step.ANSWERED, {"solved": True}),
        (2, Step.UNDONE, {}),
        (3, Step.UNDONE, {}),
        (4, Step.ANSWERED, {}),
    )

    assert {measure for _service, _topic, measure in found} == {"created", "answered", "answer_6"}
