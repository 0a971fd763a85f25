"""The clock of a ticket: what is due when, through pauses, transfers, other priorities and new beginnings."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.calendars import load_calendar
from helpdesk.places import config_dir
from helpdesk.tickets import clock as clocks
from helpdesk.tickets.clock import Clock
from helpdesk.vocabulary import Lateness
from helpdesk.worktime import Calendar, Targets

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
HOUR = timedelta(hours=1)
DAY = 8 * HOUR  # of work
NORMAL = Targets(answer=2 * DAY, solution=5 * DAY)
URGENT = Targets(answer=2 * HOUR, solution=DAY)
OFFICE = ((9 * 60, 17 * 60),)


def never(_day: date) -> bool:
    return False


LYON = Calendar(PARIS, (OFFICE,) * 5 + ((), ()), never)
SAINT_DENIS = Calendar(REUNION, (OFFICE,) * 5 + ((), ()), never)


def at(text: str, zone: str = PARIS) -> datetime:
    """A local time, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def begun(text: str, targets: Targets = NORMAL) -> Clock:
    return clocks.begin(at(text), targets, LYON)


def answered(clock: Clock, moment: datetime) -> Clock:
    """As the verbs write it: the answer is there, and now it is the person's turn."""
    return clocks.pause(Clock(**{**vars(clock), "answered_at": moment}), moment, LYON)


def test_the_answer_is_due_first_then_the_solution() -> None:
    clock = begun("2026-11-23T10:00")

    assert clock.due == at("2026-11-25T10:00")
    assert answered(clock, at("2026-11-24T10:00")).due == at("2026-11-30T10:00")


def test_waiting_for_the_person_moves_what_is_due_by_the_working_time_that_passed() -> None:
    waiting = answered(begun("2026-11-23T10:00"), at("2026-11-23T12:00"))

    back = clocks.resume(waiting, at("2026-11-26T15:00"), LYON)  # three days and three hours of work later

    assert back.due == at("2026-12-03T13:00")
    assert back.answer_due == at("2026-11-25T10:00")


@pytest.mark.parametrize(
    ("paused", "resumed"),
    [("2026-11-23T18:00", "2026-11-24T08:00"), ("2026-11-28T10:00", "2026-11-29T23:00")],
    ids=["over night", "on a weekend"],
)
def test_waiting_while_nobody_works_moves_nothing(paused: str, resumed: str) -> None:
    clock = answered(begun("2026-11-23T10:00"), at(paused))

    assert clocks.resume(clock, at(resumed), LYON).due == clock.due


def test_a_transfer_takes_along_what_is_left_and_spends_it_in_the_hours_of_the_new_service() -> None:
    clock = begun("2026-11-23T09:00", URGENT)

    moved = clocks.recount(clock, at("2026-11-23T10:00"), URGENT, LYON, SAINT_DENIS)

    # One of two hours is left; at 13:00 in Saint-Denis there is time for it.
    assert moved.due == at("2026-11-23T14:00", REUNION)


def test_a_transfer_after_hours_there_is_due_in_the_morning_and_not_late_at_once() -> None:
    clock = begun("2026-11-23T14:00", URGENT)

    moved = clocks.recount(clock, at("2026-11-23T15:30"), URGENT, LYON, SAINT_DENIS)  # 18:30 over there

    assert moved.due == at("2026-11-24T09:30", REUNION)
    assert clocks.lateness(moved, at("2026-11-24T09:29", REUNION), URGENT, SAINT_DENIS) is Lateness.SOON


def test_going_to_and_fro_gives_no_time() -> None:
    clock = begun("2026-11-23T09:00", URGENT)

    there = clocks.recount(clock, at("2026-11-23T10:00"), URGENT, LYON, SAINT_DENIS)
    back = clocks.recount(there, at("2026-11-23T10:30"), URGENT, SAINT_DENIS, LYON)

    assert back.due == clock.due


def test_what_was_late_stays_late_since_the_same_moment_wherever_it_goes() -> None:
    clock = begun("2026-11-23T09:00", URGENT)

    moved = clocks.recount(clock, at("2026-11-23T16:00"), URGENT, LYON, SAINT_DENIS)

    assert moved.due == at("2026-11-23T11:00")


def test_a_raised_priority_counts_what_was_used() -> None:
    clock = begun("2026-11-23T09:00")

    urgent = clocks.recount(clock, at("2026-11-23T10:00"), URGENT, LYON, LYON)

    assert urgent.due == at("2026-11-23T11:00")


def test_a_raised_priority_whose_time_is_used_up_is_due_at_once_and_lowering_it_gives_nothing_back() -> None:
    clock, now = begun("2026-11-23T09:00"), at("2026-11-24T12:00")

    urgent = clocks.recount(clock, now, URGENT, LYON, LYON)
    lowered = clocks.recount(urgent, now, NORMAL, LYON, LYON)

    assert urgent.due == now
    assert lowered.due == clock.due


def test_a_lowered_priority_ends_lateness_that_was_none() -> None:
    clock, now = begun("2026-11-23T09:00", URGENT), at("2026-11-23T12:00")

    lowered = clocks.recount(clock, now, NORMAL, LYON, LYON)

    assert clocks.lateness(clock, now, URGENT, LYON) is Lateness.LATE
    assert lowered.due == at("2026-11-24T17:00")


def test_an_answer_that_did_not_arrive_was_no_pause() -> None:
    clock = begun("2026-11-23T10:00")
    paused = clocks.pause(clock, at("2026-11-23T12:00"), LYON)

    back = clocks.go_on(paused)

    assert back.due == clock.due
    assert clocks.recount(back, at("2026-11-24T10:00"), NORMAL, LYON, LYON).due == clock.due


def test_each_level_is_reached_in_its_turn() -> None:
    clock = begun("2026-11-23T09:00", URGENT)

    levels = [
        clocks.lateness(clock, at(f"2026-11-23T{hour}"), URGENT, LYON)
        for hour in ("10:29", "10:30", "10:59", "11:00", "12:59", "13:00")
    ]

    soon, late = Lateness.SOON, Lateness.LATE
    assert levels == [Lateness.ON_TIME, soon, soon, late, late, Lateness.FORGOTTEN]


def test_the_next_alarm_is_the_one_after_what_was_told() -> None:
    clock = begun("2026-11-23T09:00", URGENT)

    alarms = [clocks.next_alarm(clock, told, URGENT, LYON) for told in Lateness]

    assert alarms == [at("2026-11-23T10:30"), at("2026-11-23T11:00"), at("2026-11-23T13:00"), None]


def test_a_late_solution_goes_no_further_than_late() -> None:
    clock = clocks.resume(
        answered(begun("2026-11-23T09:00", URGENT), at("2026-11-23T09:30")), at("2026-11-23T10:00"), LYON
    )

    assert clocks.lateness(clock, at("2027-01-04T10:00"), URGENT, LYON) is Lateness.LATE
    assert clocks.next_alarm(clock, Lateness.LATE, URGENT, LYON) is None


def test_while_we_wait_for_the_person_nothing_rings() -> None:
    waiting = answered(begun("2026-11-23T09:00", URGENT), at("2026-11-23T09:30"))

    assert clocks.lateness(waiting, at("2027-01-04T10:00"), URGENT, LYON) is Lateness.ON_TIME
    assert clocks.next_alarm(waiting, Lateness.ON_TIME, URGENT, LYON) is None


BOOK = load_calendar(config_dir() / "calendar.toml")
SERVICES = st.sampled_from(
    [
        BOOK.calendar("10", PARIS),
        BOOK.calendar("15", PARIS, "67"),  # Good Friday and 26 December are holidays there
        BOOK.calendar("28", REUNION),
        BOOK.calendar("40", "Pacific/Noumea"),
        BOOK.calendar("41", "Pacific/Tahiti"),
    ]
)
MOMENTS = st.datetimes(datetime(2026, 10, 20), datetime(2027, 4, 10)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 (bounds are naive)
SPANS = st.timedeltas(timedelta(), timedelta(days=12))
TARGETS = st.sampled_from([NORMAL, URGENT, Targets(answer=5 * DAY, solution=10 * DAY)])


@settings(max_examples=40)
@given(MOMENTS, SPANS, TARGETS, SERVICES)
def test_stopping_and_going_on_at_one_moment_changes_no_date(
    start: datetime, span: timedelta, targets: Targets, service: Calendar
) -> None:
    clock, now = clocks.begin(start, targets, service), start + span

    back = clocks.resume(clocks.pause(clock, now, service), now, service)

    assert (back.answer_due, back.solve_due) == (clock.answer_due, clock.solve_due)
    assert clocks.lateness(back, now, targets, service) is clocks.lateness(clock, now, targets, service)


@settings(max_examples=40)
@given(MOMENTS, SPANS, TARGETS, TARGETS, SERVICES, SERVICES)
def test_no_act_makes_a_ticket_late_that_was_not(
    start: datetime, span: timedelta, before: Targets, after: Targets, here: Calendar, there: Calendar
) -> None:
    clock, now = clocks.begin(start, before, here), start + span

    moved = clocks.recount(clock, now, after, here, there)

    assert moved.answer_due >= min(clock.answer_due, now)
    assert moved.solve_due >= min(clock.solve_due, now)


@settings(max_examples=40)
@given(MOMENTS, SPANS, TARGETS, SERVICES, SERVICES)
def test_a_transfer_never_allows_more_than_was_left(
    start: datetime, span: timedelta, targets: Targets, here: Calendar, there: Calendar
) -> None:
    clock, now = clocks.begin(start, targets, here), start + span

    moved = clocks.recount(clock, now, targets, here, there)
    back = clocks.recount(moved, now, targets, there, here)

    assert back.used == moved.used >= clock.used
    assert back.answer_due == clock.answer_due


@settings(max_examples=40)
@given(MOMENTS, SPANS, SPANS, TARGETS, SERVICES)
def test_a_longer_wait_for_the_person_is_never_due_earlier(
    start: datetime, span: timedelta, wait: timedelta, targets: Targets, service: Calendar
) -> None:
    paused = clocks.pause(clocks.begin(start, targets, service), start + span, service)

    back = clocks.resume(paused, start + span + wait, service)

    assert back.solve_due >= paused.solve_due
    assert back.used == paused.used
