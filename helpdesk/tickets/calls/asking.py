"""Asking for a call back: rows added to the transaction of whoever asks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models import Agent, CallBack, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.calls.plan import GRACE, CallBackReason, CallBackState, Slot
from helpdesk.tickets.clocks import calendar_of
from helpdesk.worktime import add_working_time, next_opening


def ask_call_back(
    session: Session,
    *,
    ticket: Ticket,
    slot: Slot | None,
    reason: CallBackReason,
    now: datetime,
    number: str = "",
    agent: Agent | None = None,
) -> CallBack:
    """The open call back of the ticket: a new one, or the one that is there with the newer slot and number.

    `number` is E.164; without it the ticket's. Asked again with the same words it changes nothing and leaves no event.
    A slot that is over counts as none: then the next opening of the service is meant. Flushes, never commits.
    """
    session.flush()
    slot = slot if slot and slot.end > now else None
    call_back = open_call_back(session, ticket, lock=True)
    number = number or (call_back.number if call_back else ticket.sender_phone)
    start, end = (slot.start, slot.end) if slot else (None, None)
    if call_back is None:
        call_back = CallBack(ticket=ticket, created_at=now, reason=reason, tries=0, state=CallBackState.OPEN)
        session.add(call_back)
    elif number == call_back.number and (slot is None or (start, end) == (call_back.slot_from, call_back.slot_until)):
        return call_back
    call_back.number, call_back.slot_from, call_back.slot_until = number, start, end
    calendar = calendar_of(ticket.service)
    call_back.next_at = max(start, now) if start else next_opening(now, calendar)
    call_back.late_at = end or add_working_time(call_back.next_at, GRACE, calendar)
    told = {"reason": reason, "from": start.isoformat() if start else "", "until": end.isoformat() if end else ""}
    history.record(session, ticket, history.CALL_BACK_ASKED, agent, now, told)
    session.flush()
    return call_back


def open_call_back(session: Session, ticket: Ticket, *, lock: bool = False) -> CallBack | None:
    """The call that we owe on the ticket. `lock` holds its row until the end of the transaction."""
    query = select(CallBack).where(CallBack.ticket_id == ticket.id, CallBack.state == CallBackState.OPEN)
    return session.scalar(query.with_for_update() if lock else query)
