"""Two agents on one call, and two who promise one, at the same moment, on both databases."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.intake.message import Sender
from helpdesk.models import Agent, CallBack, Event
from helpdesk.tickets.calls import calling
from tests.application import MONDAY, Desk

Act = Callable[[Agent], Any]


def at_once(app: Flask, *acts: tuple[int, Act]) -> list[Any]:
    """What the acts of the agents, given by their ids, come to at the same moment."""
    given: list[Any] = []

    def run(agent_id: int, act: Act) -> None:
        with app.app_context():
            given.append(act(db.session.get_one(Agent, agent_id)))
            db.session.remove()

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_one_call_is_promised_and_one_outcome_noted(app: Flask, desk: Desk) -> None:
    ticket = desk.ticket(sender=Sender("Lou Inventé", phone="+33639980111"))
    agents, reference = [desk.agent().id, desk.agent(name="Autre Essai").id], ticket.reference

    def promise(agent: Agent) -> None:
        calling.promise(agent, reference, None, now=MONDAY)

    at_once(app, *((agent, promise) for agent in agents))
    db.session.rollback()  # a new look
    (call_back,) = db.session.scalars(select(CallBack.id)).all()
    db.session.rollback()

    def nobody(agent: Agent) -> bool:
        return calling.no_answer(agent, call_back, 0, now=MONDAY)

    def spoken(agent: Agent) -> bool:
        return calling.reached(agent, call_back, 0, now=MONDAY)

    noted = at_once(app, (agents[0], nobody), (agents[1], nobody), (agents[0], spoken))

    assert sorted(noted) == [False, False, True]
    assert db.session.scalar(select(func.count()).where(Event.kind == "called")) == 1
