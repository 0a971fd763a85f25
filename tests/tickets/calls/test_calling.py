"""Calls that are owed: asked for once, made by slot, tried again at a growing distance, and ended in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.intake.message import Sender
from helpdesk.models import AnswerDraft, CallBack, Event, Outgoing, Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.calls import calling, listing
from helpdesk.tickets.calls.asking import ask_call_back
from helpdesk.tickets.calls.plan import SPACING, CallBackReason, CallBackState, Slot
from helpdesk.tickets.glance import glance
from helpdesk.vocabulary import Direction, Status
from tests.application import MONDAY, Desk

LOU = "+33639980111"
NOON = Slot(datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC))
LATER = Slot(datetime(2026, 11, 25, 11, tzinfo=UTC), datetime(2026, 11, 25, 13, tzinfo=UTC))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; test_calling_databases.py has what happens at the same moment."""
    return sqlite_url


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return desk.ticket(sender=Sender("Lou Inventé", "lou@famille.example", LOU))


def ask(ticket: Ticket, slot: Slot | None = None, now: datetime = MONDAY, number: str = "") -> int:
    with transaction() as session:
        held = session.get_one(Ticket, ticket.id)
        reason = CallBackReason.ASKED
        return ask_call_back(session, ticket=held, slot=slot, reason=reason, now=now, number=number).id


def read(call_back_id: int) -> CallBack:
    db.session.rollback()
    return db.session.get_one(CallBack, call_back_id)


def told(ticket: Ticket) -> list[str]:
    db.session.rollback()
    kinds = select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)
    return [kind for kind in db.session.scalars(kinds) if kind not in ("received", "routed")]


def test_asked_twice_is_one_call_with_the_newer_slot(ticket: Ticket) -> None:
    first = ask(ticket, NOON)
    again = ask(ticket, NOON)
    newer = ask(ticket, LATER)

    call_back = read(first)
    assert (again, newer) == (first, first)
    assert (call_back.number, call_back.next_at, call_back.late_at) == (LOU, LATER.start, LATER.end)
    assert told(ticket) == ["call-back-asked", "call-back-asked"], "the same words again are no news"


def test_without_slot_the_next_opening_is_meant(ticket: Ticket) -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=UTC)

    call_back = read(ask(ticket, None, saturday))

    assert call_back.next_at.date() == date(2026, 11, 30)
    assert call_back.late_at > call_back.next_at


def test_a_slot_that_is_over_counts_as_none(ticket: Ticket) -> None:
    call_back = read(ask(ticket, NOON, NOON.end + timedelta(hours=1)))

    assert call_back.slot_from is None


@pytest.mark.parametrize(
    ("start", "end"),
    [(NOON.end, NOON.start), (NOON.start, NOON.start), (NOON.start.replace(tzinfo=None), NOON.end)],
)
def test_a_slot_has_a_beginning_and_an_end(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="slot"):
        Slot(start, end)


def test_calls_are_listed_by_slot_with_the_persons_other_requests(desk: Desk, ticket: Ticket) -> None:
    soon = desk.ticket(sender=Sender("Max Inventé", phone="+33639980222"))
    late = desk.ticket(sender=Sender("Sam Inventé", phone="+33639980333"))
    other = desk.ticket(sender=Sender("Lou Inventé", phone=LOU))  # another person's row, the same number
    calls = [ask(ticket, LATER), ask(soon, NOON), ask(late, None, MONDAY - timedelta(days=1))]

    owed = listing.owed(desk.agent(), NOON.start + timedelta(minutes=5))

    assert [[call.id for call in some] for some in (owed.late, owed.due, owed.coming)] == [
        [calls[2]],
        [calls[1]],
        [calls[0]],
    ]
    assert [one.reference for one in owed.others[ticket.id]] == [other.reference]
    assert glance(desk.agent(name="Autre Essai"), NOON.start).calls == 2


def test_other_services_calls_and_closed_requests_are_not_listed(desk: Desk, ticket: Ticket) -> None:
    call_back = ask(ticket, NOON)
    lyon, lille = desk.agent(), desk.agent("assistance-09", name="Autre Essai")

    assert glance(lille, NOON.start).calls == 0
    for verb in (calling.reached, calling.no_answer, calling.wrong_number, calling.drop):
        with pytest.raises(NotFound):
            verb(lille, call_back, 0, now=NOON.start)
    actions.close(lyon, ticket.reference, "doublon", now=MONDAY)
    assert glance(lyon, NOON.start).calls == 0


def test_who_reaches_somebody_takes_the_request_and_begins_a_memo(desk: Desk, ticket: Ticket) -> None:
    agent, call_back = desk.agent(), ask(ticket, NOON)

    assert calling.reached(agent, call_back, 0, now=NOON.start)

    after = desk.read(ticket.reference)
    assert (after.status, after.assignee_id, after.answered_at) == (Status.OPEN, agent.id, NOON.start)
    assert read(call_back).state is CallBackState.REACHED
    draft = db.session.scalars(select(AnswerDraft)).one()
    assert "au téléphone le 24/11/2026" in draft.text
    assert "[à compléter :" in draft.text, "it does not leave as it is"


def test_a_memo_never_replaces_what_is_begun(desk: Desk, ticket: Ticket) -> None:
    from helpdesk.tickets import drafts

    agent, call_back = desk.agent(), ask(ticket, NOON)
    drafts.save(agent, ticket.reference, "Déjà écrit", seen=2**60, now=MONDAY)

    calling.reached(agent, call_back, 0, now=NOON.start)

    assert db.session.scalars(select(AnswerDraft.text)).one() == "Déjà écrit"


def test_the_same_outcome_twice_is_noted_once(desk: Desk, ticket: Ticket) -> None:
    agent, call_back = desk.agent(), ask(ticket, NOON)

    assert calling.no_answer(agent, call_back, 0, now=NOON.start)
    assert not calling.no_answer(agent, call_back, 0, now=NOON.start)
    assert not calling.reached(agent, call_back, 0, now=NOON.start)

    assert read(call_back).tries == 1
    assert told(ticket).count("called") == 1


def test_without_answer_it_is_tried_again_later_and_later_then_given_up(desk: Desk, ticket: Ticket) -> None:
    agent, call_back, now = desk.agent(), ask(ticket, NOON), NOON.start
    waits = []

    for tries in range(len(SPACING)):
        assert calling.no_answer(agent, call_back, tries, now=now)
        waits.append(read(call_back).next_at - now)
        now = read(call_back).next_at
    assert calling.no_answer(agent, call_back, len(SPACING), now=now)

    assert [wait >= least for wait, least in zip(waits, SPACING, strict=True)] == [True] * len(SPACING)
    assert read(call_back).state is CallBackState.NO_ANSWER
    after = desk.read(ticket.reference)
    assert after.status is Status.WAITING
    assert f"{len(SPACING) + 1} fois" in after.messages[-1].text
    assert db.session.scalars(select(Outgoing).where(Outgoing.kind == "answer")).one().to_address == after.sender_email


def test_a_wrong_number_is_asked_about_by_mail(desk: Desk, ticket: Ticket) -> None:
    call_back = ask(ticket, NOON)

    calling.wrong_number(desk.agent(), call_back, 0, now=NOON.start)

    after = desk.read(ticket.reference)
    assert after.status is Status.WAITING
    assert "06 39 98 01 11" in after.messages[-1].text


def test_without_mail_a_wrong_number_leaves_the_request_to_be_done(desk: Desk) -> None:
    ticket = desk.ticket(sender=Sender("Lou Inventé", phone=LOU))

    calling.wrong_number(desk.agent(), ask(ticket, NOON), 0, now=NOON.start)

    after = desk.read(ticket.reference)
    assert after.status is Status.NEW
    assert [message.direction for message in after.messages] == [Direction.IN]


def test_a_request_in_english_is_written_to_in_english(desk: Desk) -> None:
    ticket = desk.ticket(sender=Sender("Lou Inventé", "lou@famille.example", LOU), language="en")

    calling.wrong_number(desk.agent(), ask(ticket, NOON), 0, now=NOON.start)

    assert "another number" in desk.read(ticket.reference).messages[-1].text


def test_an_agent_can_promise_and_take_back(desk: Desk, ticket: Ticket) -> None:
    agent = desk.agent()
    calling.promise(agent, ticket.reference, NOON, now=MONDAY, number="+33639980444")
    (call_back,) = db.session.scalars(select(CallBack.id)).all()

    calling.drop(agent, call_back, 0, now=MONDAY)

    assert (read(call_back).number, read(call_back).state) == ("+33639980444", CallBackState.DROPPED)
    assert told(ticket) == ["call-back-asked", "called"]
    assert ask(ticket, NOON) != call_back, "the next one is a new one"


def test_nobody_is_promised_a_call_without_a_number(desk: Desk) -> None:
    ticket = desk.ticket()

    with pytest.raises(NotAllowed, match="pas de numéro"):
        calling.promise(desk.agent(), ticket.reference, None, now=MONDAY)
    with pytest.raises(NotFound):
        calling.promise(desk.agent("assistance-09", name="Autre Essai"), ticket.reference, None, now=MONDAY)


def test_erasing_a_request_erases_its_calls(desk: Desk, ticket: Ticket) -> None:
    from helpdesk.tickets.erasing import erase

    ask(ticket, NOON)
    with transaction() as session:
        erase(session, [session.get_one(Ticket, ticket.id)], MONDAY)

    assert db.session.scalars(select(CallBack)).all() == []
