"""Agents who do everything at once on a few tickets, each with a connection: nothing is lost, said twice or made up.

What each does is drawn from a seed that a failure prints. `make concurrency` does the same for longer.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import HelpdeskError
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, Event, Message, Ticket, Withdrawal
from helpdesk.tickets import actions, history, holds
from helpdesk.tickets.actions import Sending
from helpdesk.tickets.order.merging import merge, unmerge
from helpdesk.tickets.order.unwanted import mark_unwanted, mark_wanted
from helpdesk.tickets.queries import ticket_page
from helpdesk.tickets.queue import View, queue_page
from helpdesk.vocabulary import Direction, Status
from tests.application import Desk

SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
ACTS = int(os.environ.get("ACTS", "15"))  # of each agent
SERVICES = ("assistance-10", "assistance-08")
# Acts that leave exactly one event each time they are done, or else are refused.
TOLD = {
    "reply": history.REPLIED,
    "note": history.NOTED,
    "transfer": history.TRANSFERRED,
    "close": history.CLOSED,
    "reopen": history.REOPENED,
    "unmerge": history.UNMERGED,
}
# Acts that may find themselves done already.
TOLD_AT_MOST = {"merge": history.MERGED, "unwanted": history.UNWANTED, "wanted": history.WANTED, "take": history.TAKEN}
VERBS = (*TOLD, *TOLD_AT_MOST, "hold", "leave", "leave", "person", "reply", "reply", "take", "merge")


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On SQLite writers come one after the other by themselves."""
    return postgresql_url


@dataclass
class Acting:
    """One agent at work: what was accepted, how often, and what went wrong that should not."""

    desk: Desk
    agent_id: int
    references: list[str]
    draw: random.Random
    accepted: Counter[str] = field(default_factory=Counter)
    answers: list[tuple[str, int, int]] = field(default_factory=list)  # ticket, last message seen, own message
    written: int = 0
    escaped: list[BaseException] = field(default_factory=list)

    def work(self) -> None:
        with self.desk.app.app_context():
            for _ in range(ACTS):
                db.session.remove()
                verb = self.draw.choice(VERBS)
                try:
                    self.act(db.session.get_one(Agent, self.agent_id), verb)
                    self.accepted[verb] += 1
                except Unavailable as error:  # two waited for each other
                    self.escaped.append(error)
                except HelpdeskError:
                    pass
                except Exception as error:  # noqa: BLE001 (whatever it is, it should not have come this far)
                    self.escaped.append(error)
            db.session.remove()

    def act(self, agent: Agent, verb: str) -> None:
        one, other = self.draw.sample(self.references, 2)
        now = utc_now()
        doing: dict[str, Callable[[], object]] = {
            "take": lambda: actions.take(agent, one, now, over=self.draw.choice((None, agent.id + 1))),
            "reply": lambda: self.reply(agent, one),
            "note": lambda: actions.note(agent, one, "Vu.", now=now),
            "transfer": lambda: actions.transfer(agent, one, self.draw.choice(SERVICES), "essai", now=now),
            "close": lambda: actions.close(agent, one, "essai", now=now),
            "reopen": lambda: actions.reopen(agent, one, now=now),
            "merge": lambda: merge(agent, one, other, now),
            "unmerge": lambda: unmerge(agent, one, other, now),
            "unwanted": lambda: mark_unwanted(agent, one, now),
            "wanted": lambda: mark_wanted(agent, one, now),
            "hold": lambda: holds.keep(agent, one, now),
            "leave": lambda: holds.leave(agent, one),
            "person": lambda: self.person_writes(one),
        }
        doing[verb]()

    def reply(self, agent: Agent, reference: str) -> None:
        page = ticket_page(agent, reference)
        seen, sending = page.last_seen, Sending(told=page.last_event)
        own = actions.reply(agent, reference, "Voilà.", seen=seen, solve=False, now=utc_now(), sending=sending)
        self.answers.append((reference, seen, own))

    def person_writes(self, reference: str) -> None:
        incoming = replace(self.desk.message("Et aussi…"), external_id=f"{self.draw.getrandbits(100):032x}")
        receive_on(reference, incoming, self.desk.parts.files, reopen_within=timedelta(days=9), now=utc_now())
        self.written += 1


def test_nothing_is_lost_or_answered_twice_when_all_act_at_once(desk: Desk) -> None:
    agents = [desk.agent(*SERVICES, name=f"Agent Essai {letter}").id for letter in "ABCD"]
    references = [desk.ticket().reference for _ in range(5)]
    all_of_them = [Acting(desk, number, references, random.Random(SEED + number)) for number in agents]

    threads = [threading.Thread(target=one.work) for one in all_of_them]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    seed = f"SEED={SEED}"
    assert [each for one in all_of_them for each in one.escaped] == [], seed
    for one in all_of_them:
        every_act_has_its_event(one, seed)
        no_answer_crosses_another(one, seed)
    every_ticket_is_what_its_rows_say(seed)
    heard = db.session.scalars(select(Event.data).where(Event.kind == history.PERSON_WROTE)).all()
    written = db.session.scalars(select(Message.id).where(Message.text == "Et aussi…")).all()
    assert len(written) == sum(one.written for one in all_of_them), seed
    assert {each["message"] for each in heard} == set(written), seed
    lists_count_what_is_there(agents[0], seed)


def every_act_has_its_event(one: Acting, seed: str) -> None:
    events = db.session.scalars(select(Event).where(Event.agent_id == one.agent_id))
    told = Counter(event.kind for event in events if not event.data.get("back"))
    assert {verb: told[kind] for verb, kind in TOLD.items()} == {verb: one.accepted[verb] for verb in TOLD}, seed
    for verb, kind in TOLD_AT_MOST.items():
        assert told[kind] <= one.accepted[verb], (verb, seed)


def no_answer_crosses_another(one: Acting, seed: str) -> None:
    for reference, seen, own in one.answers:
        between = select(Message.id).join(Ticket).where(Ticket.reference == reference, Message.id > seen)
        crossed = db.session.scalars(between.where(Message.id < own, Message.direction != Direction.NOTE)).all()
        assert crossed == [], (reference, seed)


def every_ticket_is_what_its_rows_say(seed: str) -> None:
    gone = {row.ticket_id: row.into_id for row in db.session.scalars(select(Withdrawal))}
    for ticket in db.session.scalars(select(Ticket)):
        kinds = [event.kind for event in ticket.events if not event.data.get("back")]
        replied = [event.data["message"] for event in ticket.events if event.kind == history.REPLIED]
        answers = [message.id for message in ticket.messages if message.direction is Direction.OUT]
        ups = kinds.count(history.MERGED) + kinds.count(history.UNWANTED)
        downs = kinds.count(history.UNMERGED) + kinds.count(history.WANTED)
        assert replied == answers, (ticket.reference, seed)
        assert ups - downs == (ticket.id in gone), (ticket.reference, seed)
        assert ticket.id not in gone or ticket.status is Status.CLOSED, (ticket.reference, seed)
        assert gone.get(gone.get(ticket.id) or 0) is None, ("a chain", ticket.reference, seed)


def lists_count_what_is_there(agent_id: int, seed: str) -> None:
    agent = db.session.get_one(Agent, agent_id)
    counts = queue_page(agent, View.TODO, now=utc_now()).counts
    tickets = db.session.scalars(select(Ticket)).all()
    todo = [ticket for ticket in tickets if ticket.status in (Status.NEW, Status.OPEN)]
    assert counts[View.TODO] == len(todo), seed
    assert counts[View.MINE] == sum(ticket.assignee_id == agent_id for ticket in todo), seed
    assert counts[View.WAITING] == sum(ticket.status is Status.WAITING for ticket in tickets), seed
