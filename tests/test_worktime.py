"""Working time: hours, weekends, zones, clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.worktime import Calendar, add_working_time, next_opening, working_time_between

PARIS = "Europe/Paris"
OFFICE = ((9 * 60, 17 * 60),)
WEEK = (OFFICE,) * 5 + ((), ())
HOUR = timedelta(hours=1)


def never(_day: date) -> bool:
    return False


def at(text: str, zone: str = PARIS) -> datetime:
    """A local time, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


OPEN_WEEK = Calendar(PARIS, WEEK, never)


@pytest.mark.parametrize(
    ("start", "hours", "due", "because"),
    [
        ("2026-11-24T10:00", 2, "2026-11-24T12:00", "within the day"),
        ("2026-11-24T16:00", 2, "2026-11-25T10:00", "what is left goes on in the morning"),
        ("2026-11-24T15:00", 2, "2026-11-24T17:00", "the last minute belongs to the day"),
        ("2026-11-24T07:00", 1, "2026-11-24T10:00", "before opening"),
        ("2026-11-24T19:00", 1, "2026-11-25T10:00", "after closing"),
        ("2026-11-24T17:00", 1, "2026-11-25T10:00", "at closing"),
        ("2026-11-25T00:00", 1, "2026-11-25T10:00", "at midnight"),
        ("2026-11-27T16:00", 2, "2026-11-30T10:00", "over a weekend"),
        ("2026-11-28T11:00", 8, "2026-11-30T17:00", "on a Saturday"),
        ("2026-11-24T10:00", 16, "2026-11-26T10:00", "two days later, same hour"),
    ],
)
def test_working_time_is_counted_in_opening_hours(start: str, hours: float, due: str, because: str) -> None:
    assert add_working_time(at(start), hours * HOUR, OPEN_WEEK) == at(due), because


def test_a_lunch_break_is_not_working_time() -> None:
    broken = Calendar(PARIS, (((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 17 * 60)),) * 5 + ((), ()), never)

    assert add_working_time(at("2026-11-24T12:00"), HOUR, broken) == at("2026-11-24T14:00")
    assert next_opening(at("2026-11-24T13:00"), broken) == at("2026-11-24T13:30")
    assert working_time_between(at("2026-11-24T08:00"), at("2026-11-24T18:00"), broken) == 7 * HOUR


def test_what_comes_out_is_utc_whatever_comes_in() -> None:
    start = datetime(2026, 11, 24, 4, 0, tzinfo=ZoneInfo("America/Martinique"))  # nine o’clock in Paris

    due = add_working_time(start, HOUR, OPEN_WEEK)

    assert (due, due.tzinfo) == (at("2026-11-24T10:00"), UTC)


@pytest.mark.parametrize(
    ("zone", "now", "opens"),
    [
        ("Indian/Reunion", "2026-11-24T16:00+00:00", "2026-11-25T05:00+00:00"),
        ("America/Martinique", "2026-11-24T08:00+00:00", "2026-11-24T13:00+00:00"),
        ("Pacific/Noumea", "2026-11-22T23:30+00:00", "2026-11-22T23:30+00:00"),
        ("Pacific/Tahiti", "2026-11-28T02:00+00:00", "2026-11-28T02:00+00:00"),
        ("Pacific/Wallis", "2026-11-26T22:00+00:00", "2026-11-26T22:00+00:00"),
    ],
    ids=["evening of La Réunion", "Martinique still asleep", "already Monday", "still Friday", "Friday morning"],
)
def test_a_service_overseas_works_by_its_own_clock_and_its_own_day(zone: str, now: str, opens: str) -> None:
    service = Calendar(zone, WEEK, never)

    assert next_opening(datetime.fromisoformat(now), service) == datetime.fromisoformat(opens)


def test_the_gap_with_paris_moves_when_paris_changes_its_clocks() -> None:
    reunion = Calendar("Indian/Reunion", WEEK, never)

    openings = [
        next_opening(at(day), reunion).astimezone(ZoneInfo(PARIS)).time() for day in ("2027-03-26", "2027-03-29")
    ]

    assert openings == [time(6), time(7)]


@pytest.mark.parametrize(
    ("day", "hours", "because"),
    [("2027-03-28", 23, "clocks go forward"), ("2026-10-25", 25, "and back"), ("2026-10-26", 24, "most days")],
)
def test_a_day_open_round_the_clock_lasts_as_long_as_it_does(day: str, hours: int, because: str) -> None:
    always = Calendar(PARIS, (((0, 24 * 60),),) * 7, never)
    midnight = at(day)

    assert working_time_between(midnight, midnight + timedelta(hours=30), always) == timedelta(hours=30)
    (begin, end), *_rest = always.spans(date.fromisoformat(day))
    assert end - begin == hours * HOUR, because


@pytest.mark.parametrize(
    ("day", "openings", "hours"),
    [
        ("2027-03-28", ((60, 150),), 1.0),  # 1:00 to 2:30, but at 2:00 it is 3:00
        ("2027-03-28", ((135, 165),), 0.0),  # 2:15 to 2:45 does not happen
        ("2027-03-28", ((150, 210),), 0.5),  # 2:30 to 3:30 begins when the clocks jump
        ("2026-10-25", ((120, 180),), 2.0),  # the hour from 2:00 comes twice
        ("2026-10-25", ((60, 150), (150, 180)), 3.0),  # and is not counted a third time
    ],
)
def test_openings_in_the_night_of_a_clock_change(day: str, openings: tuple[tuple[int, int], ...], hours: float) -> None:
    night = Calendar(PARIS, (openings,) * 7, never)

    assert working_time_between(at(f"{day}T00:00"), at(f"{day}T12:00"), night) == hours * HOUR


@pytest.mark.parametrize(("week", "closed"), [(((),) * 7, never), (WEEK, lambda day: True)])
def test_a_service_that_never_opens_is_refused_at_once(week: tuple[tuple[()], ...], closed: object) -> None:
    shut = Calendar(PARIS, week, closed)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="does not open"):
        add_working_time(at("2026-11-24T10:00"), HOUR, shut)
    with pytest.raises(ValueError, match="does not open"):
        next_opening(at("2026-11-24T10:00"), shut)
    assert working_time_between(at("2026-11-24T10:00"), at("2036-11-24T10:00"), shut) == timedelta()


def test_nonsense_is_refused() -> None:
    naive = datetime(2026, 11, 24, 10)  # noqa: DTZ001 (that is the point)

    with pytest.raises(ValueError, match="time zone"):
        add_working_time(naive, HOUR, OPEN_WEEK)
    with pytest.raises(ValueError, match="negative"):
        add_working_time(at("2026-11-24T10:00"), -HOUR, OPEN_WEEK)
    with pytest.raises(ValueError, match="does not open that long"):
        add_working_time(at("2026-11-24T10:00"), timedelta.max, OPEN_WEEK)
    assert working_time_between(at("2026-11-25T10:00"), at("2026-11-24T10:00"), OPEN_WEEK) == timedelta()


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 (bounds are naive)
AMOUNTS = st.timedeltas(timedelta(), timedelta(hours=120))
ZONES = st.sampled_from([PARIS, "Indian/Reunion", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti"])


@given(MOMENTS, AMOUNTS, ZONES)
def test_what_was_added_lies_between(start: datetime, amount: timedelta, zone: str) -> None:
    service = Calendar(zone, WEEK, never)

    due = add_working_time(start, amount, service)

    assert due >= start
    assert working_time_between(start, due, service) == amount


@given(MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_twice_is_adding_the_sum(start: datetime, first: timedelta, second: timedelta) -> None:
    once = add_working_time(start, first + second, OPEN_WEEK)
    twice = add_working_time(add_working_time(start, first, OPEN_WEEK), second, OPEN_WEEK)

    # Closing time and the next opening are the same moment of working time.
    assert working_time_between(once, twice, OPEN_WEEK) == timedelta()
    assert next_opening(once, OPEN_WEEK) == next_opening(twice, OPEN_WEEK)


@given(MOMENTS)
def test_the_next_opening_is_open_and_nothing_opens_before(moment: datetime) -> None:
    opening = next_opening(moment, OPEN_WEEK)

    local = opening.astimezone(ZoneInfo(PARIS))
    assert local.weekday() < 5
    assert time(9) <= local.time() < time(17)
    assert working_time_between(moment, opening, OPEN_WEEK) == timedelta()
    assert next_opening(opening, OPEN_WEEK) == opening
