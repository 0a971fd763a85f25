"""What agents do: each act leaves an event, respects the status, and never crosses another's."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import Changed, HelpdeskError, IllegalMove, NotAllowed, NotFound
from helpdesk.models import Agent, Message, Outgoing, Ticket
from helpdesk.outbox.post import ANSWER, TRANSFER
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Direction, Priority, Role, Status
from tests.application import Desk, later


def last_message(ticket: Ticket) -> int:
    return max(message.id for message in ticket.messages)


def posted(kind: str) -> int:
    db.session.rollback()  # look at what others committed meanwhile
    return db.session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.kind == kind)) or 0


def last_event(ticket: Ticket) -> tuple[str, dict[str, object]]:
    event = ticket.events[-1]
    return event.kind, event.data


def test_taking_a_ticket_opens_it_under_the_agents_name(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()

    actions.take(agent, ticket.reference, later(minutes=5))

    ticket = desk.read(ticket.reference)
    assert (ticket.status, ticket.assignee_id) == (Status.OPEN, agent.id)
    assert last_event(ticket) == (history.TAKEN, {})


def test_taking_over_from_a_colleague_is_recorded(desk: Desk) -> None:
    first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
    actions.take(first, ticket.reference, later(minutes=5))

    actions.take(second, ticket.reference, later(minutes=6), over=first.id)

    assert last_event(desk.read(ticket.reference)) == (history.TAKEN, {"from": "Agathe Essai"})


def test_of_two_agents_who_take_a_ticket_at_the_same_moment_one_has_it(desk: Desk) -> None:
    agents = [desk.agent(name="Agathe Essai").id, desk.agent(name="Basile Essai").id]
    reference = desk.ticket().reference
    start, outcomes = threading.Barrier(2), list[str]()

    def take(agent_id: int) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            try:
                actions.take(agent, reference, later(minutes=5))
                outcomes.append(agent.name)
            except Changed as refused:
                outcomes.append(str(refused))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(agent_id,)) for agent_id in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ticket = desk.read(reference)
    assert ticket.assignee is not None
    assert set(outcomes) == {ticket.assignee.name, f"{ticket.assignee.name} vient de prendre cette demande."}
    assert [event.kind for event in ticket.events].count(history.TAKEN) == 1


def test_only_the_holder_gives_a_ticket_back(desk: Desk) -> None:
    holder, other, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
    actions.take(holder, ticket.reference, later(minutes=5))

    with pytest.raises(NotAllowed):
        actions.release(other, ticket.reference, later(minutes=6))
    actions.release(holder, ticket.reference, later(minutes=7))

    assert desk.read(ticket.reference).assignee_id is None


def test_an_answer_is_kept_sent_and_waits_for_the_person(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()

    actions.reply(agent, ticket.reference, "Bonjour, …", seen=last_message(ticket), solve=False, now=later(hours=1))

    ticket = desk.read(ticket.reference)
    answer = ticket.messages[-1]
    assert (answer.direction, answer.text, answer.author_name) == (Direction.OUT, "Bonjour, …", "Agathe Essai")
    assert (ticket.status, ticket.assignee_id) == (Status.WAITING, agent.id)
    assert posted(ANSWER) == 1


def test_an_answer_can_solve_at_once(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()

    actions.reply(agent, ticket.reference, "Voilà.", seen=last_message(ticket), solve=True, now=later(hours=1))

    ticket = desk.read(ticket.reference)
    assert (ticket.status, ticket.solved_at) == (Status.SOLVED, later(hours=1))


def test_an_answer_that_missed_a_message_is_not_sent(desk: Desk) -> None:
    first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
    seen = last_message(ticket)
    actions.reply(first, ticket.reference, "Première réponse.", seen=seen, solve=False, now=later(hours=1))

    with pytest.raises(Changed):
        actions.reply(second, ticket.reference, "Seconde réponse.", seen=seen, solve=False, now=later(hours=1))

    assert [message.text for message in desk.read(ticket.reference).messages][1:] == ["Première réponse."]
    assert posted(ANSWER) == 1


def test_a_note_of_a_colleague_does_not_hold_an_answer_back(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    seen = last_message(ticket)
    actions.note(agent, ticket.reference, "Appelé le collège.", now=later(minutes=5))

    actions.reply(agent, ticket.reference, "Bonjour, …", seen=seen, solve=False, now=later(minutes=6))

    assert posted(ANSWER) == 1


def test_of_two_answers_at_the_same_moment_one_is_sent(desk: Desk) -> None:
    agents = [desk.agent(name="Agathe Essai").id, desk.agent(name="Basile Essai").id]
    ticket = desk.ticket()
    reference, seen = ticket.reference, last_message(ticket)
    start, outcomes = threading.Barrier(2), list[str]()

    def answer(agent_id: int) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            try:
                actions.reply(agent, reference, "Réponse.", seen=seen, solve=False, now=later(hours=1))
                outcomes.append("sent")
            except Changed:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=answer, args=(agent_id,)) for agent_id in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "sent"]
    assert posted(ANSWER) == 1


def test_a_note_is_for_colleagues_only(desk: Desk) -> None:
    ticket = desk.ticket()

    actions.note(desk.agent(), ticket.reference, "Numéro déjà changé ?", now=later(minutes=5))

    ticket = desk.read(ticket.reference)
    assert ticket.messages[-1].direction is Direction.NOTE
    assert ticket.status is Status.NEW
    assert posted(ANSWER) == 0


def test_a_transfer_changes_hands_keeps_the_date_and_tells_the_person(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    actions.take(agent, ticket.reference, later(minutes=5))

    actions.transfer(agent, ticket.reference, "assistance-08", "école à Vienne", now=later(minutes=9))

    ticket = desk.read(ticket.reference)
    assert (ticket.service.slug, ticket.academy, ticket.assignee_id, ticket.status) == (
        "assistance-08",
        "08",
        None,
        Status.NEW,
    )
    assert ticket.received_at == later()
    assert last_event(ticket) == (
        history.TRANSFERRED,
        {"from": "assistance-10", "to": "assistance-08", "reason": "école à Vienne"},
    )
    assert posted(TRANSFER) == 1


def test_after_a_transfer_the_former_service_no_longer_sees_the_ticket(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    actions.transfer(agent, ticket.reference, "assistance-08", "école à Vienne", now=later(minutes=9))

    with pytest.raises(NotFound):
        actions.note(agent, ticket.reference, "trop tard", now=later(minutes=10))


@pytest.mark.parametrize("service", ["assistance-99", "", "assistance-10"])
def test_a_transfer_to_nowhere_is_refused(desk: Desk, service: str) -> None:
    ticket = desk.ticket()

    with pytest.raises(HelpdeskError):
        actions.transfer(desk.agent(), ticket.reference, service, "essai", now=later(minutes=9))

    assert desk.read(ticket.reference).service.slug == "assistance-10"


def test_a_priority_changes_with_its_reason_in_the_history(desk: Desk) -> None:
    ticket = desk.ticket()

    actions.set_priority(desk.agent(), ticket.reference, Priority.URGENT, now=later(minutes=1))

    ticket = desk.read(ticket.reference)
    assert ticket.priority is Priority.URGENT
    assert last_event(ticket) == (history.PRIORITY_CHANGED, {"from": "normal", "to": "urgent"})


def test_solved_then_closed_then_reopened(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()

    actions.solve(agent, ticket.reference, now=later(minutes=1))
    actions.close(agent, ticket.reference, "classé", now=later(minutes=2))
    closed = desk.read(ticket.reference).status
    actions.reopen(agent, ticket.reference, now=later(minutes=3))

    ticket = desk.read(ticket.reference)
    assert (closed, ticket.status, ticket.closed_at) == (Status.CLOSED, Status.OPEN, None)


def test_a_closed_ticket_takes_no_answer(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    actions.close(agent, ticket.reference, "publicité", now=later(minutes=1))

    with pytest.raises(IllegalMove):
        actions.reply(agent, ticket.reference, "Bonjour", seen=2**40, solve=False, now=later(minutes=2))

    assert posted(ANSWER) == 0


ACTS: dict[str, Callable[[Agent, str], object]] = {
    "take": lambda agent, reference: actions.take(agent, reference, later(minutes=1)),
    "release": lambda agent, reference: actions.release(agent, reference, later(minutes=1)),
    "reply": lambda agent, reference: actions.reply(
        agent, reference, "x", seen=2**40, solve=False, now=later(minutes=1)
    ),
    "note": lambda agent, reference: actions.note(agent, reference, "x", now=later(minutes=1)),
    "transfer": lambda agent, reference: actions.transfer(agent, reference, "assistance-01", "x", now=later(minutes=1)),
    "priority": lambda agent, reference: actions.set_priority(agent, reference, Priority.LOW, now=later(minutes=1)),
    "solve": lambda agent, reference: actions.solve(agent, reference, now=later(minutes=1)),
    "close": lambda agent, reference: actions.close(agent, reference, "x", now=later(minutes=1)),
    "reopen": lambda agent, reference: actions.reopen(agent, reference, now=later(minutes=1)),
}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_another_services_agent_can_do_nothing(desk: Desk, act: str) -> None:
    stranger, ticket = desk.agent("assistance-08", name="Gaston Essai"), desk.ticket()
    before = len(ticket.events)

    with pytest.raises(NotFound):
        ACTS[act](stranger, ticket.reference)

    assert len(desk.read(ticket.reference).events) == before
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


def test_the_national_supervisor_sees_every_ticket_and_a_national_agent_only_triage(desk: Desk) -> None:
    supervisor = desk.agent("triage-national", name="Claude Essai", role=Role.SUPERVISOR)
    agent = desk.agent("triage-national", name="Denis Essai")
    ticket = desk.ticket()

    actions.note(supervisor, ticket.reference, "vu", now=later(minutes=1))

    with pytest.raises(NotFound):
        actions.note(agent, ticket.reference, "vu", now=later(minutes=1))
