"""Bursts: what is unusual, told by the others; and the watch that keeps what it finds for supervisors."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import insert

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.models import Burst, Message, Ticket
from helpdesk.tickets.incidents import watching
from helpdesk.tickets.incidents.bursts import (
    AT_LEAST,
    Kind,
    Seen,
    Suspect,
    counted,
    distinct,
    expected,
    grown,
    kinds_of,
    tail,
    unusual,
)
from helpdesk.vocabulary import Audience, Channel, Direction, Role
from tests.application import MONDAY, Desk, later

SMS, LYON = Kind(topic="sms"), Kind(academy="10")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements are plain."""
    return sqlite_url


@pytest.mark.parametrize(
    ("count", "total", "count_before", "total_before", "is_burst"),
    [
        (2, 20, 12, 120, False),  # as always
        (20, 38, 12, 120, True),  # ten times its share
        (20, 200, 12, 120, False),  # everything has risen tenfold: la rentrée
        (4, 22, 12, 120, False),  # twice as many of a few
        (AT_LEAST - 1, 5, 0, 5_000, False),  # never seen, and too few to bother
        (12, 30, 0, 5_000, True),  # never seen
        (30, 30, 0, 10, False),  # nothing is known of before
        (30, 400, 120, 2_400, False),  # a wave as there are
        (0, 0, 0, 0, False),
    ],
)
def test_a_burst_is_more_than_its_share_of_what_comes(
    count: int, total: int, count_before: int, total_before: int, is_burst: bool
) -> None:
    found = unusual(1, Seen(total, {SMS: count}), Seen(total_before, {SMS: count_before}))

    assert bool(found) is is_burst


@pytest.mark.parametrize(
    ("count", "mean", "spread", "chance"),
    [
        (0, 2.0, 5.0, 1.0),
        (1, 2.0, 1.0, 2 / 3),  # spread 1 is the geometric law: each more has the chance m / (1 + m)
        (5, 2.0, 1.0, (2 / 3) ** 5),
        (1, 3.0, 1e9, 0.9502129316),  # without spread it is Poisson's: 1 - e^-3
    ],
)
def test_the_chance_of_so_many_is_that_of_the_law(count: int, mean: float, spread: float, chance: float) -> None:
    assert tail(count, mean, spread) == pytest.approx(chance, rel=1e-5)


@settings(max_examples=50)
@given(some.integers(0, 400), some.floats(0.01, 300), some.floats(0.3, 50))
def test_more_is_never_likelier(count: int, mean: float, spread: float) -> None:
    assert 0 <= tail(count + 1, mean, spread) <= tail(count, mean, spread) + 1e-12 <= 1 + 1e-9


@settings(max_examples=50)
@given(some.integers(0, 300), some.integers(0, 2_000), some.integers(0, 300), some.integers(0, 9_000))
def test_what_is_usual_follows_what_else_comes(count: int, others: int, before: int, others_before: int) -> None:
    usual, spread = expected(count, count + others, before, before + others_before)
    more, _ = expected(count, count + others + 50, before, before + others_before)

    assert 0 < usual < more
    assert spread > 0


def test_a_ticket_is_of_its_topic_of_its_academie_and_of_both() -> None:
    assert counted([kinds_of("sms", "10"), kinds_of("sms", "")]).counts == {
        SMS: 2,
        LYON: 1,
        Kind("sms", "10"): 1,
    }


def test_the_same_tickets_are_told_once_and_others_apart() -> None:
    whole, part, apart = (
        Suspect(kind, 1, count, 1.0, chance)
        for kind, count, chance in ((SMS, 20, 1e-20), (Kind("sms", "10"), 8, 1e-9), (Kind("ent"), 25, 1e-8))
    )
    tickets = {whole: frozenset(range(20)), part: frozenset(range(8)), apart: frozenset(range(15, 40))}

    assert distinct([apart, part, whole], tickets.__getitem__) == [whole, apart]


def test_where_nearly_all_come_from_one_academie_that_is_told() -> None:
    wide, narrow = Suspect(SMS, 1, 20, 1.0, 1e-9), Suspect(Kind("sms", "10"), 1, 20, 1.0, 1.2e-9)

    assert distinct([wide, narrow], lambda _: frozenset(range(20))) == [narrow]


@pytest.mark.parametrize(
    ("count", "at", "again"), [(14, 10, False), (15, 10, True), (1, 0, True), (10, 10, False), (3, 2, True)]
)
def test_what_was_dismissed_comes_back_once_it_has_grown_by_half(count: int, at: int, again: bool) -> None:
    assert grown(count, at) is again


def test_the_same_hours_of_former_weeks_keep_their_hour_when_the_clocks_change() -> None:
    monday = datetime.fromisoformat("2026-10-26T09:00+01:00")  # the night before, the clocks went back

    (_, last), former = watching.windows(monday, 4)

    assert last == monday
    assert former[0][1] == datetime.fromisoformat("2026-10-19T09:00+02:00")


def came(desk: Desk, moments: list[datetime], topic: str, text: str) -> None:
    """Tickets of Lyon, straight into the database: how they came in is none of the watch's business."""
    model = desk.ticket(now=later(days=-400))
    with transaction() as session:
        first = (session.query(Ticket.id).order_by(Ticket.id.desc()).limit(1).scalar() or 0) + 1
        row = {"audience": Audience.AUTRE, "channel": Channel.WEB, "subject": "", "academy": "10", "version": 1}
        row |= {"service_id": model.service_id, "person_id": model.person_id, "topic": topic}
        tickets = [
            {"id": first + n, "reference": f"W-{first + n}", "received_at": at, "changed_at": at, "due_at": at, **row}
            for n, at in enumerate(moments)
        ]
        session.execute(insert(Ticket), tickets)
        said = {"direction": Direction.IN, "channel": Channel.WEB, "text": text}
        session.execute(
            insert(Message), [{"ticket_id": each["id"], "at": each["received_at"], **said} for each in tickets]
        )


def usual_weeks(desk: Desk) -> None:
    moments = [later(weeks=-week, minutes=-minute) for week in range(1, 7) for minute in range(1, 60, 4)]
    came(desk, moments, "autre", "Bonjour, une question.")
    came(desk, [later(minutes=-minute) for minute in range(1, 60, 4)], "autre", "Bonjour, une question.")


def test_the_watch_finds_a_burst_and_only_its_supervisors_decide(desk: Desk) -> None:
    keeper = desk.agent(name="Claude Essai", role=Role.SUPERVISOR)
    stranger = desk.agent("assistance-08", name="Greta Essai", role=Role.SUPERVISOR)
    usual_weeks(desk)
    quiet = watching.watch(MONDAY)
    came(desk, [later(minutes=-minute) for minute in range(1, 25)], "franceconnect", "Le pigeon est tombé.")

    found = watching.watch(MONDAY)

    assert (quiet, found) == (0, 1)
    (burst,) = db.session.query(Burst).all()
    assert (burst.topic, burst.academy, burst.count, burst.usual < 2) == ("franceconnect", "10", 24, True)
    for sees in (keeper, desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)):
        assert [each.id for each in watching.bursts_for(sees, later())] == [burst.id]
    assert watching.bursts_for(stranger, later()) == []
    with pytest.raises(NotFound):
        watching.dismiss(stranger, burst.id)


def test_dismissed_it_stays_so_until_it_grows_and_is_over_after_a_day(desk: Desk) -> None:
    keeper = desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)
    usual_weeks(desk)
    came(desk, [later(minutes=-minute) for minute in range(1, 13)], "franceconnect", "Le pigeon est tombé.")
    watching.watch(MONDAY)
    (burst,) = watching.bursts_for(keeper, MONDAY)

    watching.dismiss(keeper, burst.id)
    dismissed = watching.bursts_for(keeper, MONDAY)
    watching.watch(MONDAY)
    still = watching.bursts_for(keeper, MONDAY)
    came(desk, [MONDAY - timedelta(seconds=n) for n in range(6)], "franceconnect", "Le pigeon est tombé.")
    watching.watch(MONDAY)

    assert dismissed == still == []
    assert [each.count for each in watching.bursts_for(keeper, MONDAY)] == [18]
    assert watching.bursts_for(keeper, later(hours=25)) == []
