"""One answer of a caller: understood, thought over, kept, and what is said next.

Each is one short transaction; nothing here reaches out to the provider.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import Changed, IllegalMove
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.phone.voice import calls, sources
from helpdesk.intake.phone.voice.hearing import Heard
from helpdesk.intake.phone.voice.prompts import prompt, text_for_agents
from helpdesk.intake.phone.voice.script import Talk, World, advance
from helpdesk.intake.phone.voice.slots import next_slots
from helpdesk.intake.phone.voice.states import Ending, Step
from helpdesk.intake.receive import receive, receive_on
from helpdesk.models import Call, Message, Ticket
from helpdesk.parts import Parts
from helpdesk.people.phones import read_phone
from helpdesk.tickets.calls.asking import ask_call_back
from helpdesk.tickets.calls.plan import CallBackReason, Slot
from helpdesk.vocabulary import Channel

FAILURES = frozenset(("failed", "busy", "no-answer", "canceled"))  # of the line, as the provider calls them


def ring(parts: Parts, sid: str, number: str, now: datetime) -> str:
    """The first question of a call; told again, the last one."""
    return prompt(parts, calls.begin(sid, number, now), now)


def hear(parts: Parts, sid: str, number: str, turn: int, heard: Heard, now: datetime) -> str:
    """What is said after the answer to the question `turn`. An answer that comes again, or late, changes nothing and
    hears the last question again; only its recording is not lost. Raises Unavailable or StorageFull.
    """
    call = calls.begin(sid, number, now)
    if call.ended_at is None and call.turn == turn:
        talk = Talk.from_json(call.talk)
        _go_on(parts, call, advance(talk, heard, _world(parts, call, now)), heard, now)
    elif heard.recording:
        recorded(parts, sid, heard, now)
    return prompt(parts, _again(call), now)


def fail(parts: Parts, sid: str, number: str, code: str, now: datetime) -> str:
    """Something went wrong between the provider and us: noted, and a message is asked for."""
    call = calls.begin(sid, number, now)
    talk = Talk.from_json(call.talk)
    calls.note_error(sid, code or "?")
    if call.ended_at is None and (talk.step, talk.remark) != (Step.CONSENT, "line-failed"):
        _go_on(parts, call, replace(talk, step=Step.CONSENT, misses=0, remark="line-failed"), Heard(), now)
    return prompt(parts, _again(call), now)


def end(parts: Parts, sid: str, number: str, status: str, now: datetime) -> None:
    """The call is over. Who hung up after the menu is owed a call; told before anything else, no more is asked."""
    call = calls.begin(sid, number, now, over=True)
    if call.ended_at is not None:
        return
    talk = Talk.from_json(call.talk)
    if status in FAILURES:
        calls.note_error(sid, status)
    reachable = talk.past_menu and bool(call.number or talk.number)
    _go_on(
        parts, call, replace(talk, step=Step.END, ending=Ending.HUNG_UP if reachable else Ending.SILENT), Heard(), now
    )


def end_lost(parts: Parts, now: datetime) -> int:
    """End the calls whose end was never told; returns how many."""
    lost = calls.lost_calls(now)
    for sid in lost:
        end(parts, sid, "", "", now)
    return len(lost)


def recorded(parts: Parts, sid: str, heard: Heard, now: datetime) -> None:
    """A recording of a call, told of by itself. While the call goes on, the answer that brings it will come; once it is
    over without a ticket, the recording makes one.
    """
    call = calls.call_of(sid)
    if call is None or not heard.recording or calls.keep_recording(sid, heard.recording, heard.url, now):
        return
    if call.ended_at is not None:
        _open(parts, call, replace(Talk.from_json(call.talk), ending=Ending.MESSAGE), heard, now, late=True)


def _again(call: Call) -> Call:
    return calls.call_of(call.sid) or call


def _go_on(parts: Parts, call: Call, talk: Talk, heard: Heard, now: datetime) -> None:
    if talk.ending in (None, Ending.ANSWERED, Ending.SILENT):
        calls.go_on(call, talk, now)
    else:
        _open(parts, call, talk, heard, now)


def _open(parts: Parts, call: Call, talk: Talk, heard: Heard, now: datetime, *, late: bool = False) -> None:
    """A ticket, or a message of the one whose code was typed, together with the end of the call. Somebody else may have
    done it in the same moment: then only the recording is kept.
    """
    number = talk.number or call.number
    joins = bool(talk.code_for) and sources.takes_part(number, talk.code_for)
    also = partial(_write, call=call, talk=talk, heard=heard, now=now, late=late)
    incoming = _message(parts, call, talk, heard, now)
    db.session.rollback()
    try:
        if joins:
            reopen = timedelta(days=parts.settings.reopen_days)
            try:
                receive_on(talk.code_for, incoming, parts.files, reopen_within=reopen, now=now, also=also)
            except IllegalMove:  # closed long ago
                joins = False
        if not joins:
            receive(incoming, parts.routing, parts.files, now, also=also)
    except Changed:  # answered by another request; what it wrote stands
        pass
    if heard.recording:
        calls.keep_recording(call.sid, heard.recording, heard.url, now)
    parts.dispatcher.wake()


def _write(
    session: Session,
    ticket: Ticket,
    message: Message,
    *,
    call: Call,
    talk: Talk,
    heard: Heard,
    now: datetime,
    late: bool,
) -> None:
    """What goes with the ticket, in its transaction."""
    if late:
        calls.give_ticket(session, call, ticket, now)
    elif not calls.move(session, call, talk, now, ticket):
        raise Changed("Cet appel a déjà reçu cette réponse.")
    if heard.recording:
        calls.add_recording(session, message, heard.recording, heard.url, now)
    if talk.code_for and ticket.reference != talk.code_for:
        calls.link(session, ticket, talk.code_for, now)
    reason = _owed(call, talk)
    if reason is not None:
        ask_call_back(
            session, ticket=ticket, slot=_slot_of(talk), reason=reason, now=now, number=talk.number or call.number
        )


def _owed(call: Call, talk: Talk) -> CallBackReason | None:
    """Why we owe a call, if we do."""
    if talk.ending is Ending.MESSAGE or not (talk.number or call.number):
        return None
    if talk.refused:
        return CallBackReason.NOT_RECORDED
    if talk.ending is Ending.HUNG_UP:
        return CallBackReason.LINE_FAILED if call.error else CallBackReason.HUNG_UP
    return CallBackReason.ASKED if talk.slots or talk.ending is Ending.DANGER else CallBackReason.HUNG_UP


def _slot_of(talk: Talk) -> Slot | None:
    if not 0 <= talk.slot < len(talk.slots):
        return None
    return Slot(*map(datetime.fromisoformat, talk.slots[talk.slot]))


def _message(parts: Parts, call: Call, talk: Talk, heard: Heard, now: datetime) -> IncomingMessage:
    """The call as a message. A name of a place goes where forms have the town, figures where they have the code."""
    by_code = talk.typed.isdecimal()
    code = "2A" if talk.typed == "20" else talk.typed
    hint = SchoolHint(postal_code=code if by_code else "", commune="" if by_code else talk.typed)
    return IncomingMessage(
        channel=Channel.PHONE,
        external_id=call.sid,
        text=text_for_agents(parts, talk, heard, now),
        sender=Sender(phone=talk.number or call.number),
        subject=_subject(parts, talk),
        school=hint,
        language=talk.language,
    )


def _subject(parts: Parts, talk: Talk) -> str:
    topic = parts.script.menu.topic(talk.topic)
    if talk.ending is Ending.DANGER:
        return "Appel : quelqu’un est en danger"
    return f"Appel : {topic.says if topic else parts.script.menu.unsaid}"


def _world(parts: Parts, call: Call, now: datetime) -> World:
    geography, menu = parts.routing.geography, parts.script.menu

    def slots(talk: Talk) -> Sequence[tuple[datetime, datetime]]:
        academy = geography.academies.get(talk.academy)
        calendar = parts.calendar.calendar(talk.academy or None, academy.timezone if academy else "Europe/Paris")
        return next_slots(now, calendar, menu.slots, menu.slot_length)

    def has_answer(talk: Talk) -> bool:
        topic = menu.topic(talk.topic)
        return bool(topic and sources.spoken_answer(topic.topics, talk.language))

    def read_number(figures: str) -> str:
        phone = read_phone(figures)
        return phone.e164 if phone else ""

    return World(
        menu=menu,
        number=call.number,
        place_of=lambda figures: sources.place_of(figures, geography),
        place_named=lambda words: sources.place_named(words, geography),
        ticket_of=sources.ticket_of,
        has_answer=has_answer,
        slots=slots,
        read_number=read_number,
    )
