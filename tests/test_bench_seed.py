"""Made-up tickets in bulk: complete, the same each time, and never over real ones."""

import pytest
from sqlalchemy import func, select

from helpdesk.bench import filling
from helpdesk.bench.filling import ADDRESSES, fill
from helpdesk.db import db
from helpdesk.errors import NotAllowed
from helpdesk.models import Agent, Event, Message, Ticket
from helpdesk.tickets.references import read_reference
from helpdesk.tickets.search import find_tickets
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk


def seed(count: int = 120, number: int = 1, *, add: bool = False) -> None:
    db.session.rollback()
    fill(db.engine, count, number, MONDAY, "", lambda _words: None, add=add)


def rows() -> list[tuple[object, ...]]:
    columns = (Ticket.reference, Ticket.status, Ticket.received_at, Ticket.sender_name, Ticket.subject)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Ticket.id))]


def test_they_have_messages_and_a_history_and_are_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BULK", 100)  # indexes and keys are taken off and come back

    seed()

    assert len(rows()) == 120
    assert all(read_reference(str(row[0])) == row[0] for row in rows())
    messages, events = (db.session.scalar(select(func.count(each.id))) or 0 for each in (Message, Event))
    assert (messages > 120, events > 240) == (True, True)
    name = str(rows()[-1][3])
    national = desk.agent("triage-national", name="Nadia Essai", role=Role.SUPERVISOR)
    assert name in {ticket.sender_name for ticket in find_tickets(national, f'de:"{name}"', now=MONDAY).tickets}
    # The next ticket by the road of all tickets takes a number of its own.
    assert desk.ticket().id > 120
    assert set(ADDRESSES) <= set(db.session.scalars(select(Agent.email)))


class TestOnOneDatabase:
    """What does not depend on which."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_over_other_tickets_only_when_told_to(self, desk: Desk) -> None:
        desk.ticket()

        with pytest.raises(NotAllowed, match="--add"):
            seed()
        seed(10, add=True)

        assert len(rows()) == 11

    def test_most_are_ended(self, desk: Desk) -> None:
        seed(1_500)

        ended = db.session.scalar(select(func.count()).where(Ticket.status.in_(("solved", "closed")))) or 0
        assert 0.81 < ended / 1_500 < 0.87
