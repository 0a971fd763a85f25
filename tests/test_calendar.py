"""`config/calendar.toml`: hours, targets, holidays of each territory and of schools; and what is wrong with it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest

from helpdesk.calendars import CalendarBook, load_calendar, parse_length
from helpdesk.errors import ConfigError
from helpdesk.places import config_dir
from helpdesk.vocabulary import Priority
from helpdesk.worktime import Targets, add_working_time, next_opening

PARIS = "Europe/Paris"
HOUR = timedelta(hours=1)


def at(text: str, zone: str = PARIS) -> datetime:
    """A local time, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture(scope="module")
def book() -> CalendarBook:
    return load_calendar(config_dir() / "calendar.toml")


NATIONAL_2027 = ["01-01", "03-29", "05-06", "05-17", "07-14", "11-01", "11-11"]  # those that fall on a weekday


@pytest.mark.parametrize(
    ("academy", "department", "added"),
    [
        (None, None, []),
        ("10", None, []),
        ("12", None, []),  # the rectorate of Nancy-Metz is in Nancy
        ("12", "57", ["03-26"]),  # 26 December 2027 is a Sunday
        ("15", None, ["03-26"]),
        ("15", "67", ["03-26"]),
        ("28", None, ["12-20"]),
        ("31", None, []),  # 22 May 2027 is a Saturday
        ("32", None, ["05-27"]),
        ("32", "978", ["05-28"]),
        ("32", "977", []),  # 9 October 2027 is a Saturday
        ("33", None, ["06-10"]),
        ("40", None, ["09-24"]),
        ("41", None, ["03-05", "03-26"]),  # 20 November 2027 is a Saturday
        ("42", None, ["04-28", "06-29", "07-29"]),
        ("43", None, ["04-27"]),
        ("44", None, []),
    ],
)
def test_each_service_keeps_the_holidays_of_its_territory(
    book: CalendarBook, academy: str | None, department: str | None, added: list[str]
) -> None:
    calendar = book.calendar(academy, PARIS, department)
    year = [date(2027, 1, 1) + timedelta(days=count) for count in range(365)]

    closed = [day.isoformat()[5:] for day in year if day.weekday() < 5 and not calendar.works_on(day)]

    assert closed == sorted(NATIONAL_2027 + added)


@pytest.mark.parametrize(
    ("day", "department", "works"),
    [
        (date(2028, 4, 17), None, False),
        (date(2028, 5, 25), None, False),
        (date(2028, 6, 5), None, False),
        (date(2028, 4, 14), "57", False),
        (date(2028, 4, 14), "54", True),
        (date(2028, 12, 26), "68", False),
        (date(2028, 12, 26), "75", True),
        (date(2028, 5, 22), "972", False),
        (date(2026, 10, 9), "977", False),
        (date(2026, 12, 24), None, True),
    ],
)
def test_movable_feasts_and_local_ones(book: CalendarBook, day: date, department: str | None, works: bool) -> None:
    assert book.calendar(None, PARIS, department).works_on(day) is works


def test_a_normal_request_of_christmas_eve_is_due_two_working_days_later(book: CalendarBook) -> None:
    paris, strasbourg = book.calendar("01", PARIS), book.calendar("15", PARIS, "67")
    received = at("2025-12-24T16:00")

    assert add_working_time(received, book.targets[Priority.NORMAL].answer, paris) == at("2025-12-29T16:00")
    assert add_working_time(received, book.targets[Priority.NORMAL].answer, strasbourg) == at("2025-12-30T16:00")


def test_the_targets_of_the_house(book: CalendarBook) -> None:
    assert book.targets == {
        Priority.URGENT: Targets(answer=2 * HOUR, solution=8 * HOUR),
        Priority.NORMAL: Targets(answer=16 * HOUR, solution=40 * HOUR),
        Priority.LOW: Targets(answer=40 * HOUR, solution=80 * HOUR),
    }


@pytest.mark.parametrize(
    ("text", "length"),
    [("2h", 2 * HOUR), ("1h30", 1.5 * HOUR), ("30 min", 0.5 * HOUR), ("2 jours", 14 * HOUR), ("1 jour", 7 * HOUR)],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert parse_length(text, day=7 * HOUR) == length


@pytest.mark.parametrize("text", ["", "2", "-2h", "0h", "deux jours", "2 semaines", "1h75", "9999999999h"])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a length"):
        parse_length(text, day=7 * HOUR)


@pytest.mark.parametrize(
    ("zone", "day", "name"),
    [
        ("A", date(2026, 11, 1), "vacances de la Toussaint"),
        ("A", date(2026, 11, 2), None),
        ("B", date(2027, 2, 19), None),
        ("B", date(2027, 2, 20), "vacances d’hiver"),
        ("C", date(2027, 2, 20), "vacances d’hiver"),
        ("C", date(2027, 4, 19), None),
        ("A", date(2027, 8, 15), "vacances d’été"),
        ("locale", date(2026, 12, 25), None),
        ("A", date(2035, 12, 25), None),
    ],
)
def test_school_holidays_are_those_of_the_zone(book: CalendarBook, zone: str, day: date, name: str | None) -> None:
    found = book.school_holidays(zone, day)

    assert (found.name if found else None) == name


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_the_table_agrees_with_the_decrees_as_the_library_reads_them(book: CalendarBook, zone: str) -> None:
    decreed = holidays.country_holidays(
        "FR", subdiv=f"Zone {zone}", years=(2026, 2027, 2028), categories=("school",), language="fr"
    )
    days = [date(2026, 9, 1) + timedelta(days=count) for count in range(2 * 365)]

    wrong = [day for day in days if (day in decreed) != (book.school_holidays(zone, day) is not None)]

    assert wrong == []


SOUND = """
[hours]
monday = "09:00-12:30, 13:30-17:00"
tuesday = "09:00-12:00"
[hours.academies.28]
monday = "07:30-12:00"
[targets]
urgent = "2h"
normal = "1 jour"
low = "5 jours"
[targets.solution]
urgent = "4h"
normal = "4 jours"
low = "10 jours"
[holidays.academies]
28 = "974"
[holidays.closed]
FR = ["2027-05-07", "12-24"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "calendar.toml"
    path.write_text(text, "utf-8")
    return path


def test_hours_closings_and_the_length_of_a_day_are_data(tmp_path: Path) -> None:
    book = load_calendar(written(tmp_path, SOUND))
    national, reunion = book.calendar(None, PARIS), book.calendar("28", "Indian/Reunion")

    # A day is the mean of seven hours and three.
    assert book.targets[Priority.NORMAL] == Targets(answer=5 * HOUR, solution=20 * HOUR)
    assert next_opening(at("2026-11-23T12:45"), national) == at("2026-11-23T13:30")
    assert next_opening(at("2026-11-23T08:00", "Indian/Reunion"), reunion) == at("2026-11-23T08:00", "Indian/Reunion")
    assert [national.works_on(date(2027, 5, 3)), reunion.works_on(date(2027, 5, 3))] == [True, True]
    assert national.closed(date(2027, 5, 7))
    assert national.closed(date(2028, 12, 24))
    assert not reunion.closed(date(2027, 5, 7))


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('monday = "09:00-12:30', 'monday = "9h-12h30', "[hours] « monday »"),
        ('tuesday = "09:00-12:00"', 'tuesday = "12:00-09:00"', "[hours] « tuesday »"),
        ("12:30, 13:30-17:00", "14:00, 13:30-17:00", "[hours] « monday »"),
        ("17:00", "24:30", "[hours] « monday »"),
        ("tuesday", "mardi", "[hours] « mardi »"),
        ('urgent = "2h"', 'urgent = "vite"', "[targets] « urgent »"),
        ('low = "5 jours"', "", "[targets] « low »"),
        ("low =", "lent = ", "[targets] « lent »"),
        ('28 = "974"', '28 = "Réunion"', "[holidays]"),
        ("[holidays.closed]", "[holidays.worked]", "[holidays] FR"),
        ('"12-24"', '"24/12"', "[holidays] FR (« 24/12 »)"),
        ('urgent = "4h"', 'urgent = "bientôt"', "[targets.solution] « urgent »"),
        ('urgent = "4h"', 'urgent = "1h"', "[targets.solution] « urgent » : plus court"),
        ("[targets.solution]", "[targets.fin]", "[targets] « fin »"),
        ("[targets]", "[delais]", "[delais]"),
        ("[holidays.closed]", "[holidays.fermes]", "[fermes]"),
        ("[holidays.closed]", "[[school_holidays]]", "[[school_holidays]]"),
    ],
)
def test_a_mistake_in_the_file_is_named_by_file_and_key(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    assert right in SOUND
    path = written(tmp_path, SOUND.replace(right, wrong))

    with pytest.raises(ConfigError) as caught:
        load_calendar(path)

    assert any(problem.startswith("calendar.toml, ") and key in problem for problem in caught.value.problems)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND.replace('"2h"', '"vite"').replace('"974"', '"999"'))

    with pytest.raises(ConfigError) as caught:
        load_calendar(path)

    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("text", ["[hours", "hours = 3\ntargets = 2\nholidays = 1\nschool_holidays = 0", ""])
def test_a_file_that_is_no_calendar_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"calendar\.toml"):
        load_calendar(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"calendar\.toml"):
        load_calendar(tmp_path / "calendar.toml")
