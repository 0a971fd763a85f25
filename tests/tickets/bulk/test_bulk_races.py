"""Two agents and impatient fingers on the same tickets, each with a connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models import Agent, BulkAct, BulkPart, Event
from helpdesk.tickets.bulk import doing, undoing
from helpdesk.tickets.bulk.kinds import BulkKind, PartState
from helpdesk.tickets.bulk.orders import Order
from tests.application import Desk, later


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On SQLite writers come one after the other by themselves."""
    return postgresql_url


def test_two_agents_who_click_twice_close_each_ticket_once_and_undo_it_once(desk: Desk) -> None:
    versions = {ticket.id: ticket.version for ticket in (desk.ticket(), desk.ticket(), desk.ticket())}
    agents = [desk.agent().id, desk.agent(name="Basile Essai").id]
    together = Barrier(4)

    def click(turn: int) -> int:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agents[turn % 2])
            together.wait()
            done = doing.do(agent, f"{turn % 2:032}", Order(BulkKind.CLOSE, reason="doublon"), versions, later())
            db.session.remove()
            return done

    def undo(act_id: int) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agents[act_ids.index(act_id) % 2])
            together.wait()
            undoing.undo(agent, act_id, later(minutes=5))
            db.session.remove()

    with ThreadPoolExecutor(4) as fingers:
        act_ids = list(fingers.map(click, range(4)))
        parts = select(BulkPart.state, func.count()).group_by(BulkPart.state)
        db.session.rollback()
        after_clicks = dict(db.session.execute(parts).all())
        list(fingers.map(undo, act_ids))

    db.session.rollback()
    told = dict(db.session.execute(select(Event.kind, func.count()).group_by(Event.kind)).all())
    assert act_ids[:2] == act_ids[2:]
    assert db.session.scalar(select(func.count(BulkAct.id))) == 2
    assert after_clicks == {PartState.DONE: 3, PartState.REFUSED: 3}
    assert (told["closed"], told["bulk-undone"]) == (3, 3)
    assert dict(db.session.execute(parts).all()) == {PartState.UNDONE: 3, PartState.REFUSED: 3}
