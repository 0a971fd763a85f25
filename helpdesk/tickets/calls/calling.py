"""What came of a call that we owed. Each outcome is one transaction, tells the ticket's history, and happens once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, CallBack, Ticket
from helpdesk.outbox.ways import way_to
from helpdesk.people.phones import show_phone
from helpdesk.tickets import drafts, history
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.actions import acting, answer
from helpdesk.tickets.calls import letters
from helpdesk.tickets.calls.asking import ask_call_back
from helpdesk.tickets.calls.plan import GRACE, CallBackReason, CallBackState, Slot, next_try
from helpdesk.tickets.clocks import calendar_of, following
from helpdesk.tickets.lifecycle import Act, may, next_status
from helpdesk.vocabulary import Channel
from helpdesk.worktime import add_working_time, next_opening


def promise(agent: Agent, reference: str, slot: Slot | None, *, now: datetime, number: str = "") -> None:
    """Put the person of the ticket on the list. `number` is E.164; without it the ticket's.

    Raises NotFound for a ticket out of sight, NotAllowed where there is no number to call.
    """
    with acting(agent, reference) as (session, ticket):
        if not number and not ticket.sender_phone:
            raise NotAllowed("Cette demande n’a pas de numéro : donnez celui qu’il faut appeler.")
        if ticket.erased_at:
            raise NotAllowed("Les données de cette demande ont été effacées : il n’y a plus personne à appeler.")
        ask_call_back(
            session, ticket=ticket, slot=slot, reason=CallBackReason.AGENT, now=now, number=number, agent=agent
        )


def reached(agent: Agent, call_back_id: int, tries: int, *, now: datetime) -> bool:
    """The person was spoken to: the ticket is the agent's if nobody follows it, and a memo is begun as a draft.

    `tries` is what the page showed, here and below: False if somebody noted an outcome since, and nothing is changed.
    Raises NotFound for a call back that is not of a ticket in the agent's sight.
    """
    with _open(agent, call_back_id, tries) as (session, call_back):
        if call_back is None:
            return False
        ticket = call_back.ticket
        _end(session, call_back, agent, CallBackState.REACHED, now)
        if may(ticket.status, Act.TAKE):
            ticket.status = next_status(ticket.status, Act.TAKE)
            ticket.assignee = ticket.assignee or agent
        ticket.answered_at = ticket.answered_at or now
        if way_to(session, ticket) and may(ticket.status, Act.REPLY):
            day = f"{now.astimezone(ZoneInfo(ticket.service.timezone)):%d/%m/%Y}"
            drafts.begin(session, agent, ticket, letters.memo(ticket.language, day), now)
        return True


def no_answer(agent: Agent, call_back_id: int, tries: int, *, now: datetime) -> bool:
    """Nobody answered: to be tried again at a growing distance, within opening hours; at last given up, and the person
    is told so if words of ours arrive.
    """
    with _open(agent, call_back_id, tries) as (session, call_back):
        if call_back is None:
            return False
        ticket, again = call_back.ticket, next_try(call_back.tries + 1, now)
        call_back.tries += 1
        if again is not None:
            calendar = calendar_of(ticket.service)
            call_back.next_at = next_opening(again, calendar)
            call_back.late_at = add_working_time(call_back.next_at, GRACE, calendar)
            call_back.slot_from = call_back.slot_until = None
            call_back.agent = agent
            _tell(session, call_back, agent, "again", now)
            return True
        _end(session, call_back, agent, CallBackState.NO_ANSWER, now)
        if way_to(session, ticket) and may(ticket.status, Act.REPLY):
            answer(session, ticket, agent, letters.never_reached(ticket.language, call_back.tries), now)
        return True


def wrong_number(agent: Agent, call_back_id: int, tries: int, *, now: datetime) -> bool:
    """The number is somebody else's: the person is asked for another by mail, if there is an address."""
    with _open(agent, call_back_id, tries) as (session, call_back):
        if call_back is None:
            return False
        ticket = call_back.ticket
        _end(session, call_back, agent, CallBackState.WRONG_NUMBER, now)
        if way_to(session, ticket) is Channel.EMAIL and may(ticket.status, Act.REPLY):
            answer(session, ticket, agent, letters.number_wanted(ticket.language, show_phone(call_back.number)), now)
        return True


def drop(agent: Agent, call_back_id: int, tries: int, *, now: datetime) -> bool:
    """No call is needed any more."""
    with _open(agent, call_back_id, tries) as (session, call_back):
        if call_back is None:
            return False
        _end(session, call_back, agent, CallBackState.DROPPED, now)
        return True


@contextmanager
def _open(agent: Agent, call_back_id: int, tries: int) -> Iterator[tuple[Session, CallBack | None]]:
    """A transaction that holds the ticket's row, then the call back's; None if an outcome was noted since."""
    with transaction() as session:
        seen = select(CallBack).join(Ticket).where(CallBack.id == call_back_id, visible_to(agent))
        call_back = session.scalar(seen)
        if call_back is None:
            raise NotFound("Ce rappel n’existe pas ou n’est pas dans vos services.")
        session.refresh(call_back.ticket, with_for_update=True)
        session.refresh(call_back, with_for_update=True)
        if call_back.state is not CallBackState.OPEN or call_back.tries != tries:
            yield session, None
            return
        with following(call_back.ticket):
            yield session, call_back


def _end(session: Session, call_back: CallBack, agent: Agent, state: CallBackState, now: datetime) -> None:
    call_back.state, call_back.agent, call_back.done_at = state, agent, now
    _tell(session, call_back, agent, state, now)


def _tell(session: Session, call_back: CallBack, agent: Agent, outcome: str, now: datetime) -> None:
    told = {"of": outcome, "tries": call_back.tries}
    history.record(session, call_back.ticket, history.CALLED, agent, now, told)
