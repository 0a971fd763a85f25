"""Figures are what the history says, whether they were counted as it happened or anew; no event counts twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError
from helpdesk.figures import keeping
from helpdesk.figures.measures import MEASURES, class_of
from helpdesk.figures.opinions import give_opinion
from helpdesk.figures.periods import ALL
from helpdesk.intake.receive import receive_on
from helpdesk.models import FiguresMark, Service, figure
from helpdesk.tickets import actions
from helpdesk.tickets.taking_back import take_back
from helpdesk.vocabulary import Channel, Mark, Role
from tests.application import MONDAY, Desk, later

SEED = 20_261_123


def rows(grain: str = "d") -> dict[tuple[str, str, str, str], dict[str, int]]:
    """What is kept, by service, day, topic and channel, without what is nought."""
    db.session.rollback()
    found = {}
    query = select(Service.slug, *figure.c).join(figure, figure.c.service_id == Service.id)
    for row in db.session.execute(query.where(figure.c.grain == grain, figure.c.topic != ALL)).mappings():
        measured = {name: row[name] for name in MEASURES if row[name]}
        if measured:
            found[row["slug"], row["first_day"].isoformat(), row["topic"], row["channel"]] = measured
    return found


def count(now: datetime) -> None:
    """What the duty does in some turns: one sees what is there, a later one counts it."""
    for turn in range(3):
        keeping.count_on(now + timedelta(minutes=turn))


def total(*names: str) -> Sequence[int]:
    every = list(rows().values())
    return [sum(row.get(name, 0) for row in every) for name in names]


def test_a_request_that_was_answered_and_solved_counts_where_and_when_it_was(desk: Desk) -> None:
    ticket, agent = desk.ticket(now=MONDAY), desk.agent()
    actions.reply(agent, ticket.reference, "Voici.", seen=2**60, solve=False, now=later(hours=1, minutes=10))
    receive_on(
        ticket.reference,
        desk.message("Merci"),
        desk.parts.files,
        reopen_within=timedelta(days=9),
        now=later(days=1),
    )
    actions.solve(agent, ticket.reference, now=later(days=1, minutes=20))

    count(later(days=2))

    assert rows() == {
        ("assistance-10", "2026-11-23", ticket.topic, "web"): {"created": 1, "answered": 1, "answer_3": 1},
        # an hour and ten minutes, and twenty minutes more: nobody waited for us in between
        ("assistance-10", "2026-11-24", ticket.topic, "web"): {"solved": 1, "solve_3": 1},
    }


def test_an_answer_that_was_taken_back_counts_no_more(desk: Desk) -> None:
    ticket, agent = desk.ticket(), desk.agent()
    sending = actions.Sending(undo=timedelta(minutes=5))
    message = actions.reply(
        agent, ticket.reference, "Voici.", seen=2**60, solve=True, now=later(hours=1), sending=sending
    )
    count(later(hours=2))
    assert total("created", "answered", "solved") == [1, 1, 1]

    take_back(agent, ticket.reference, message, later(hours=1, minutes=1))
    count(later(hours=3))

    assert total("created", "answered", "solved") == [1, 0, 0]


class Work:
    """Agents and persons who do at random what they may, and a ledger of what was done."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random, self.now = desk, Random(seed), MONDAY
        self.agent = desk.agent("assistance-10", "assistance-08", "scolarite-10", role=Role.SUPERVISOR)
        self.ledger: Counter[str] = Counter()
        self.references: list[str] = []

    def go_on(self) -> None:
        self.now += timedelta(minutes=self.random.randint(1, 900))
        act = self.random.choice((self.come, self.answer, self.answer, self.write, self.solve, self.move, self.close))
        try:
            act()
        except HelpdeskError:
            self.ledger["refused"] += 1

    def come(self) -> None:
        channel = self.random.choice((Channel.WEB, Channel.EMAIL))
        self.references.append(self.desk.receive(self.desk.message(channel=channel), self.now).reference)
        self.ledger["created"] += 1

    def answer(self) -> None:
        ticket = self.desk.read(self.random.choice(self.references))
        first, over, solve = ticket.answered_at is None, ticket.solved_at is not None, self.random.random() < 0.4
        actions.reply(self.agent, ticket.reference, "Voici.", seen=2**60, solve=solve, now=self.now)
        used = self.desk.read(ticket.reference).clock_used  # the clock of the ticket says how long it took
        if first:
            self.ledger.update(["answered", class_of("answer", used)])
        if solve and not over:
            self.ledger.update(["solved", class_of("solve", used)])

    def write(self) -> None:
        ticket = self.desk.read(self.random.choice(self.references))
        message, days = self.desk.message("Encore moi"), timedelta(days=900)
        over = ticket.solved_at is not None or ticket.closed_at is not None
        receive_on(ticket.reference, message, self.desk.parts.files, reopen_within=days, now=self.now)
        self.ledger["reopened"] += over

    def solve(self) -> None:
        reference = self.random.choice(self.references)
        actions.solve(self.agent, reference, now=self.now)
        self.ledger.update(["solved", class_of("solve", self.desk.read(reference).clock_used)])

    def move(self) -> None:
        to = self.random.choice(("assistance-10", "assistance-08", "scolarite-10"))
        actions.transfer(self.agent, self.random.choice(self.references), to, "essai", now=self.now)
        self.ledger["transferred"] += 1

    def close(self) -> None:
        ticket = self.desk.read(self.random.choice(self.references))
        actions.close(self.agent, ticket.reference, "essai", now=self.now)
        self.ledger["closed"] += ticket.solved_at is None


def test_a_random_history_counted_as_it_happens_or_anew_is_what_was_done(desk: Desk) -> None:
    work = Work(desk, SEED)
    work.come()
    for _act in range(70):
        work.go_on()
        if work.random.random() < 0.15:
            keeping.count_on(work.now, at_once=7, rounds=2)
    for minute in range(12):
        keeping.count_on(work.now + timedelta(days=1, minutes=minute), at_once=50)

    counted = rows()
    measured = {name: sum(row.get(name, 0) for row in counted.values()) for name in MEASURES}
    assert {name: count for name, count in measured.items() if count} == {
        name: count for name, count in work.ledger.items() if count and name != "refused"
    }
    assert rows("m") == months(counted)
    assert together("d") == summed(counted)
    assert together("m") == summed(months(counted))
    keeping.rebuild()
    assert rows() == counted


def together(grain: str) -> dict[tuple[str, str], dict[str, int]]:
    """The rows that hold all topics and channels, by service and day."""
    query = select(Service.slug, *figure.c).join(figure, figure.c.service_id == Service.id)
    found = db.session.execute(query.where(figure.c.grain == grain, figure.c.topic == ALL)).mappings().all()
    return {
        (row["slug"], row["first_day"].isoformat()): {name: row[name] for name in MEASURES if row[name]}
        for row in found
        if any(row[name] for name in MEASURES)
    }


def summed(rows: dict[tuple[str, str, str, str], dict[str, int]]) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for (service, day, _topic, _channel), measured in rows.items():
        found.setdefault((service, day), Counter()).update(measured)
    return {key: {name: count for name, count in counts.items() if count} for key, counts in found.items()}


def months(days: dict[tuple[str, str, str, str], dict[str, int]]) -> dict[tuple[str, str, str, str], dict[str, int]]:
    found: dict[tuple[str, str, str, str], Counter[str]] = {}
    for (service, day, topic, channel), measured in days.items():
        found.setdefault((service, f"{day[:7]}-01", topic, channel), Counter()).update(measured)
    return {key: {name: count for name, count in counts.items() if count} for key, counts in found.items()}


def test_counting_anew_repairs_what_was_spoilt(desk: Desk) -> None:
    desk.ticket()
    count(later(hours=1))
    right = rows()
    with transaction() as session:
        session.execute(figure.update().values(created=9, poor=4))
        session.execute(update(FiguresMark).values(counted_to=0))

    assert keeping.rebuild() == 1

    assert rows() == right
    count(later(hours=2))
    assert rows() == right


class TestOnOneDatabase:
    """What does not depend on which."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_days_are_those_of_the_service(self, desk: Desk) -> None:
        evening = datetime(2026, 11, 23, 21, 30, tzinfo=MONDAY.tzinfo)  # in Mayotte it is the 24th
        desk.ticket(
            "Je suis à Mayotte, je ne peux pas me connecter à EduConnect.", evening, school=desk.message().school
        )
        with transaction() as session:
            mayotte = session.scalars(select(Service).where(Service.slug == "assistance-43")).one()
        there = desk.ticket(now=evening)
        actions.transfer(
            desk.agent("assistance-10", "assistance-43"), there.reference, mayotte.slug, "école", now=evening
        )
        actions.close(
            desk.agent("assistance-43", name="Sacha Essai"),
            there.reference,
            "doublon",
            now=evening + timedelta(minutes=5),
        )

        count(later(days=3))

        days = {(slug, day) for slug, day, _topic, _channel in rows() if slug.startswith("assistance")}
        assert days == {("assistance-10", "2026-11-23"), ("assistance-43", "2026-11-24")}

    def test_a_changed_opinion_counts_once_on_the_day_of_the_last_word(self, desk: Desk) -> None:
        ticket = desk.ticket(now=MONDAY)
        actions.reply(desk.agent(), ticket.reference, "Voici.", seen=2**60, solve=True, now=later(hours=1))
        give_opinion(ticket.reference, Mark.POOR, "", later(days=1))
        count(later(days=1, hours=1))
        give_opinion(ticket.reference, Mark.GOOD, "", later(days=2))
        count(later(days=3))

        marked = {day: found for (_s, day, _t, _c), found in rows().items() if {"good", "poor"} & found.keys()}
        assert marked == {"2026-11-25": {"good": 1}}

    def test_what_is_counted_is_not_counted_again_and_the_last_minute_waits(self, desk: Desk) -> None:
        desk.ticket(now=MONDAY)
        keeping.count_on(MONDAY)
        assert rows() == {}

        for _turn in range(3):
            count(later(minutes=2))

        assert total("created") == [1]
