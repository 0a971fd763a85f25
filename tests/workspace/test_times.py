"""Moments in the words of an agent's day, in the zone of the service."""

from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk.models import Service, Ticket
from helpdesk.vocabulary import Lateness
from helpdesk.workspace import times

MONDAY_AT_TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # in Paris


def paris(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """A moment of that winter, by the clocks of Paris."""
    return datetime(year, month, day, hour - 1, minute, tzinfo=UTC)


def ticket(due_at: datetime, timezone: str = "Europe/Paris", **changes: Any) -> Ticket:
    """A ticket that somebody must answer; nobody was told yet."""
    return Ticket(due_at=due_at, service=Service(timezone=timezone), **{"lateness": Lateness.ON_TIME, **changes})


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (paris(23, 14), "À répondre aujourd’hui avant 14 h"),
        (paris(23, 14, 5), "À répondre aujourd’hui avant 14 h 05"),
        (paris(24, 9), "À répondre avant demain 9 h"),
        (paris(26, 14), "À répondre avant jeudi 14 h"),
        (paris(30, 14), "À répondre avant le 30 novembre, 14 h"),
        (paris(4, 9, month=1, year=2027), "À répondre avant le 4 janvier 2027, 9 h"),
    ],
)
def test_what_is_due_says_until_when(at: datetime, words: str) -> None:
    due = times.due(ticket(at), MONDAY_AT_TEN)

    assert (plain(due.text), due.level) == (words, Lateness.ON_TIME)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (paris(23, 9), "En retard depuis 9 h"),
        (paris(22, 17), "En retard depuis hier 17 h"),
        (paris(19, 17), "En retard depuis jeudi 17 h"),
        (paris(2, 17), "En retard depuis le 2 novembre, 17 h"),
    ],
)
def test_what_is_late_says_since_when(at: datetime, words: str) -> None:
    due = times.due(ticket(at), MONDAY_AT_TEN)

    assert (plain(due.text), due.level) == (words, Lateness.LATE)


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (paris(23, 10, 0), "moins d’une minute de retard"),
        (paris(23, 10, 59), "dans 59 min"),
        (paris(23, 12, 59), "dans 2 h"),
        (paris(25, 9), "dans 47 h"),
        (paris(26, 9), "dans 2 j"),
        (paris(23, 9), "1 h de retard"),
        (paris(19, 17), "3 j de retard"),
    ],
)
def test_how_much_is_left_is_told_in_whole_units(at: datetime, left: str) -> None:
    assert plain(times.due(ticket(at), MONDAY_AT_TEN).left) == left


def test_once_answered_a_solution_is_due() -> None:
    due = times.due(ticket(paris(23, 14), answered_at=paris(20, 9)), MONDAY_AT_TEN)

    assert plain(due.text) == "À résoudre aujourd’hui avant 14 h"


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"alarm_at": paris(23, 11)}, Lateness.ON_TIME),
        ({"alarm_at": paris(23, 10)}, Lateness.SOON),
        ({"alarm_at": paris(23, 14), "lateness": Lateness.SOON}, Lateness.SOON),
    ],
    ids=["not yet", "nobody was told yet", "told"],
)
def test_the_last_call_shows_at_once(changes: dict[str, Any], level: Lateness) -> None:
    assert times.due(ticket(paris(23, 14), **changes), MONDAY_AT_TEN).level is level


def test_a_service_overseas_reads_its_own_clock_and_others_are_told_whose_it_is() -> None:
    # Mayotte is two hours ahead of Paris in winter: 23:30 in Paris is the next day there.
    due = times.due(ticket(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "Indian/Mayotte"), MONDAY_AT_TEN)

    assert plain(due.text) == "À répondre avant demain 1 h 30 (heure de Mayotte)"


def test_the_hour_stays_in_one_piece_at_the_end_of_a_line() -> None:
    assert times.due(ticket(paris(23, 14, 5)), MONDAY_AT_TEN).text.endswith("14\u00a0h\u00a005")


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (paris(23, 9, 20), "il y a 40 minutes"),
        (paris(23, 7), "il y a 3 heures"),
        (paris(20, 10), "il y a 3 jours"),
    ],
)
def test_age_is_told_in_one_unit(since: datetime, words: str) -> None:
    assert plain(times.age(since, MONDAY_AT_TEN)) == words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")
