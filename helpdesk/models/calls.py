"""Calls that came in, their recordings, and what was refused at the door of the telephone."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.intake.phone.voice.states import Ending, RecordingState
from helpdesk.models.ticket import Message, Ticket

_GOING_ON = text("ended_at IS NULL")


class Call(Base):
    """One call. `sid` is the provider's name of it; `number` E.164, or empty where it is withheld.

    `turn` counts the questions asked; only the answer to the last one moves the call on, so that whatever the provider
    repeats changes nothing. `talk` is what the script remembers. `error` is the provider's code of what went wrong.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_going_on", "changed_at", postgresql_where=_GOING_ON, sqlite_where=_GOING_ON),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    turn: Mapped[int] = mapped_column(default=0)
    talk: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ending: Mapped[Ending | None] = mapped_column(Choice(Ending))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    error: Mapped[str] = mapped_column(String(20), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket | None] = relationship()


class Recording(Base):
    """What a caller said, at the provider until a worker fetches it.

    `due` is the date of the next try and the lease of the worker that holds the row, in one.
    """

    __tablename__ = "recording"
    __table_args__ = (Index("ix_recording_state_due", "state", "due"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    state: Mapped[RecordingState] = mapped_column(Choice(RecordingState), default=RecordingState.PENDING)
    due: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")

    message: Mapped[Message] = relationship()


class PhoneRefusal(Base):
    """How many requests the door of the telephone refused on a day (in UTC), and why: no word of theirs is kept."""

    __tablename__ = "phone_refusal"

    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
