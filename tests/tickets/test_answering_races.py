"""Two who do something to one ticket at the same moment: one wins, on both databases."""

import threading
from datetime import timedelta

from helpdesk.db import db
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent
from helpdesk.outbox.deliver import deliver_due
from helpdesk.tickets import actions, holds
from helpdesk.tickets.actions import Sending
from helpdesk.tickets.taking_back import take_back
from tests.application import Desk, MemoryMailer, later


def test_of_two_who_open_a_ticket_at_the_same_moment_one_holds_it(desk: Desk) -> None:
    ids = [desk.agent(name="Agathe Essai").id, desk.agent(name="Basile Essai").id]
    reference, start, found = desk.ticket().reference, threading.Barrier(2), list[bool]()

    def open_it(agent_id: int) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            found.append(holds.keep(agent, reference, later(minutes=1)) is None)
            db.session.remove()

    threads = [threading.Thread(target=open_it, args=(agent_id,)) for agent_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [False, True]


def test_of_the_agent_who_takes_back_and_the_worker_one_wins(desk: Desk, mailer: MemoryMailer) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    deliver_due(mailer, desk.parts.letters, later())  # the acknowledgement
    agent_id, reference = agent.id, ticket.reference
    sent = actions.reply(
        agent,
        ticket.reference,
        "Bonjour",
        seen=2**40,
        solve=False,
        now=later(minutes=10),
        sending=Sending(undo=timedelta(seconds=10)),
    )
    start, undone = threading.Barrier(2), list[bool]()

    def undo() -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            try:
                take_back(agent, reference, sent, later(minutes=10, seconds=10))
                undone.append(True)
            except IllegalMove:
                undone.append(False)
            db.session.remove()

    def work() -> None:
        with desk.app.app_context():
            start.wait()
            deliver_due(mailer, desk.parts.letters, later(minutes=10, seconds=10))
            db.session.remove()

    threads = [threading.Thread(target=each) for each in (undo, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    mails = [mail for mail in mailer.sent if str(mail["Subject"]).startswith("Re:")]
    assert len(mails) == (0 if undone == [True] else 1)
    assert len(desk.read(reference).messages) == 1 + len(mails)
