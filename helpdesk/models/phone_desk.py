"""Calls that we owe, and what text messages need beside the outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.ticket import Message, Ticket
from helpdesk.outbox.text_states import PictureState, TextState
from helpdesk.tickets.calls.plan import CallBackReason, CallBackState

_OPEN = text("state = 'open'")


class CallBack(Base):
    """A call that we owe to a person; of each ticket one at most is open.

    `number` is E.164, or as it was given where it could not be read. `slot_from` and `slot_until`: when the person can
    be reached, if that was said. `next_at`: from when on somebody should call; `late_at`: when it should be done.
    `tries` are calls without an answer. `agent` is who called last.
    """

    __tablename__ = "call_back"
    __table_args__ = (
        Index("uq_call_back_open", "ticket_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_call_back_due", "next_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    slot_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slot_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[CallBackReason] = mapped_column(Choice(CallBackReason))
    state: Mapped[CallBackState] = mapped_column(Choice(CallBackState), default=CallBackState.OPEN)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    agent: Mapped[Agent | None] = relationship()


class TextStop(Base):
    """A number whose owner wrote STOP: nothing more is sent there until START."""

    __tablename__ = "text_stop"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class TextReport(Base):
    """What the provider says of a text message of ours. `sid` is its name there, `error` its code or empty."""

    __tablename__ = "text_report"

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True)
    sid: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[TextState] = mapped_column(Choice(TextState))
    error: Mapped[str] = mapped_column(String(20), default="")
    segments: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class TextPicture(Base):
    """A picture that came with a text message and lies at the provider until a worker fetches it.

    `due` is the date of the next try and the lease of the worker that holds the row, in one.
    """

    __tablename__ = "text_picture"
    __table_args__ = (
        UniqueConstraint("message_id", "url"),
        Index("ix_text_picture_state_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    url: Mapped[str] = mapped_column(String(500))
    state: Mapped[PictureState] = mapped_column(Choice(PictureState), default=PictureState.PENDING)
    due: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    message: Mapped[Message] = relationship()
