"""The rows of calls: begun once, moved on by one answer each, ended once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.intake.phone.voice.script import Talk
from helpdesk.intake.phone.voice.states import Ending
from helpdesk.models import Call, Message, Recording, Ticket
from helpdesk.tickets import history
from helpdesk.vocabulary import Channel

LOST = timedelta(minutes=45)  # without a word of the provider; no call lasts that long between two answers


def call_of(sid: str) -> Call | None:
    """The call as it stands now."""
    db.session.rollback()
    return db.session.scalar(select(Call).where(Call.sid == sid))


def begin(sid: str, number: str, now: datetime, *, over: bool = False) -> Call:
    """The call of that name: the one that is there, or a new one. `over`: it is told of only now that it has ended."""
    if (known := call_of(sid)) is not None:
        return known
    try:
        with transaction(lasting=over) as session:
            ended = {"ended_at": now, "ending": Ending.SILENT} if over else {}
            talk = Talk().to_json()
            session.add(Call(sid=sid, number=number, talk=talk, started_at=now, changed_at=now, **ended))
    except IntegrityError:  # told twice in the same moment
        pass
    call = call_of(sid)
    assert call is not None  # noqa: S101 (it is there by one hand or the other)
    return call


def move(session: Session, call: Call, talk: Talk, now: datetime, ticket: Ticket | None = None) -> bool:
    """Write what the answer to the question `call.turn` led to; False if that question was answered already.

    With an ending the call is over.
    """
    values = {"turn": call.turn + 1, "talk": talk.to_json(), "changed_at": now}
    if talk.ending is not None:
        values |= {"ending": talk.ending, "ended_at": now, "ticket_id": ticket.id if ticket else None}
    here = update(Call).where(Call.id == call.id, Call.turn == call.turn, Call.ended_at.is_(None))
    moved = here.values(**values).returning(Call.id).execution_options(synchronize_session=False)
    return session.scalar(moved) is not None


def go_on(call: Call, talk: Talk, now: datetime) -> bool:
    """As `move`, by itself."""
    with transaction(lasting=talk.ending is not None) as session:  # a power cut ends the call as well
        return move(session, call, talk, now)


def give_ticket(session: Session, call: Call, ticket: Ticket, now: datetime) -> None:
    """The ticket of a call that had ended without one."""
    session.execute(
        update(Call)
        .where(Call.id == call.id, Call.ticket_id.is_(None))
        .values(ticket_id=ticket.id, ending=Ending.MESSAGE, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def note_error(sid: str, code: str) -> None:
    """What the provider says went wrong; the first word stays."""
    with transaction() as session:
        session.execute(update(Call).where(Call.sid == sid, Call.error == "").values(error=code))


def keep_recording(sid: str, recording: str, url: str, now: datetime) -> bool:
    """Have the recording of a call fetched that has its ticket; True if that is so now, whoever did it."""
    try:
        with transaction() as session:
            if session.scalar(select(Recording.id).where(Recording.sid == recording)) is not None:
                return True
            message = session.scalar(
                select(Message).where(Message.channel == Channel.PHONE, Message.external_id == sid)
            )
            if message is None:
                return False
            add_recording(session, message, recording, url, now)
    except IntegrityError:  # told twice in the same moment
        pass
    return True


def add_recording(session: Session, message: Message, recording: str, url: str, now: datetime) -> None:
    """The row by which a worker fetches it."""
    session.add(Recording(sid=recording, message=message, url=url, due=now))


def link(session: Session, ticket: Ticket, reference: str, now: datetime) -> None:
    """Both histories name the other ticket: whose call code was typed, by somebody else's number."""
    other = session.scalar(select(Ticket).where(Ticket.reference == reference))
    if other is None or other.id == ticket.id:
        return
    by = "le code d’appel tapé au téléphone"
    history.record(session, ticket, history.LINKED, None, now, {"to": other.reference, "by": by})
    history.record(session, other, history.LINKED, None, now, {"to": ticket.reference, "by": by})


def lost_calls(now: datetime) -> list[str]:
    """Names of calls of which nothing was heard for so long that their end was never told."""
    going_on = select(Call.sid).where(Call.ended_at.is_(None), Call.changed_at < now - LOST).order_by(Call.id)
    lost = list(db.session.scalars(going_on.limit(100)))
    db.session.rollback()
    return lost


def forget_calls(now: datetime, *, after: timedelta) -> int:
    """Delete calls without a ticket, numbers and all; returns how many. Those with one go with it."""
    with transaction() as session:
        over = delete(Call).where(Call.ticket_id.is_(None), Call.ended_at < now - after).returning(Call.id)
        return len(session.scalars(over).all())
