"""The thought behind figures: working hours, centiles of histograms, periods, the geometry of charts, spreadsheets."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from random import Random
from xml.etree import ElementTree

import pytest

from helpdesk.calendars import CalendarBook
from helpdesk.figures.charts import line_chart
from helpdesk.figures.hours import Hours
from helpdesk.figures.measures import Centile, centile, class_of
from helpdesk.figures.ods import MIMETYPE, Sheet, spreadsheet
from helpdesk.figures.periods import MONTH, Period
from helpdesk.worktime import working_time_between

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
VALUE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value"


@pytest.mark.parametrize(("academy", "zone"), [("10", "Europe/Paris"), ("43", "Indian/Mayotte")])
def test_hours_are_those_of_the_clock(calendar: CalendarBook, academy: str, zone: str) -> None:
    working, draw = calendar.calendar(academy, zone), Random(3)
    hours, start = Hours(working), datetime(2026, 10, 20, tzinfo=UTC)  # the clocks change on the 25th

    for _pair in range(60):
        first = start + timedelta(minutes=draw.randint(0, 60_000))
        second = first + timedelta(minutes=draw.randint(-500, 20_000))
        assert hours.between(first, second) == working_time_between(first, second, working).total_seconds()


def test_the_next_working_day_passes_over_weekends_and_holidays(calendar: CalendarBook) -> None:
    lyon = Hours(calendar.calendar("10", "Europe/Paris"))

    friday, before_christmas = datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 12, 24, 9, tzinfo=UTC)

    assert lyon.end_of_next_day(friday).date() == date(2026, 11, 30)
    assert lyon.end_of_next_day(before_christmas).date() == date(2026, 12, 28)


def test_centiles_lie_within_their_class_and_add_up() -> None:
    times = [10, 20, 20, 50, 70, 100, 200, 400, 900, 9_700]  # minutes
    counted: dict[str, int] = {}
    for minutes in times:
        name = class_of("answer", minutes * 60)
        counted[name] = counted.get(name, 0) + 1

    median, ninth, most = (centile(counted, "answer", share) or Centile(-1) for share in (0.5, 0.9, 1))

    assert 60 < median.minutes <= 90, "the fifth of ten took 70 minutes"
    assert 720 < ninth.minutes <= 960, "the ninth took 900"
    assert most == Centile(9_600, above=True)
    assert centile({}, "answer", 0.5) is None
    assert centile({"answer_0": -1}, "answer", 0.5) is None


@pytest.mark.parametrize(("first", "last"), [
    ("2026-11-01", "2026-11-30"), ("2025-11-25", "2026-11-24"), ("2026-01-01", "2026-12-31"),
    ("2026-01-31", "2026-04-01"), ("2026-02-15", "2026-04-30"), ("2024-02-29", "2026-02-28"),
])  # fmt: skip
def test_a_period_is_read_whole_and_nothing_of_it_twice(first: str, last: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))

    days: list[date] = []
    for each in period.slices():
        assert each.grain != MONTH or (each.first.day, (each.last + timedelta(days=1)).day) == (1, 1)
        days += [each.first + timedelta(days=number) for number in range((each.last - each.first).days + 1)]

    assert sorted(days) == [period.first + timedelta(days=number) for number in range(period.days)]
    assert period.before().last + timedelta(days=1) == period.first
    assert period.before().days == period.days


def test_a_chart_stays_in_its_frame_and_breaks_where_nothing_is_known() -> None:
    chart = line_chart([str(day) for day in range(40)], {"a": [3.0, None, *([7.0] * 38)], "b": [None] * 40})

    assert chart is not None
    inside = [0 <= dot.x <= chart.width and 0 <= dot.y <= chart.bottom for line in chart.lines for dot in line.dots]
    assert inside == [True] * 39
    assert [len(line.paths) for line in chart.lines] == [1, 0], "a single value is a dot, not a line"
    assert len(chart.labels) <= 6
    assert [label for _y, label in chart.grid] == ["0", "2", "4", "6", "8"]
    assert line_chart(["x"], {"a": [None]}) is None
    assert line_chart(["x"], {"a": [0.0]}) is not None


def test_a_spreadsheet_keeps_numbers_and_takes_no_text_for_a_formula() -> None:
    said = ["=1+1", "<b>&\x00\x0b", "deux\nlignes", "é\ud800"]
    file = zipfile.ZipFile(io.BytesIO(spreadsheet([Sheet("Un [nom] : /", [["Tête"], said, [3, 2.5, None]])])))

    content = ElementTree.fromstring(file.read("content.xml"))

    assert (file.infolist()[0].filename, file.infolist()[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert file.read("mimetype").decode() == MIMETYPE
    texts = [each.text for each in content.iter(TEXT)]
    assert texts == ["Tête", "=1+1", "<b>&", "deux", "lignes", "é", "3", "2.5"]
    assert [each.attrib[VALUE] for each in content.iter() if VALUE in each.attrib] == ["3", "2.5"]
    assert b"formula" not in file.read("content.xml")
