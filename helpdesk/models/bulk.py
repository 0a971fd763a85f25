"""Acts on many tickets at once, so that they can be shown and undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.ticket import Ticket
from helpdesk.tickets.bulk.kinds import BulkKind, PartState


class BulkAct(Base):
    """One press of a button for many tickets. `token` is that of the page with the button: pressed twice, it is one
    act.

    `asked` is the number of tickets; while there are fewer parts it goes on, or was cut off. `said` is the order (see
    tickets.bulk.orders).
    """

    __tablename__ = "bulk_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    kind: Mapped[BulkKind] = mapped_column(Choice(BulkKind))
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agent: Mapped[Agent] = relationship()
    parts: Mapped[list["BulkPart"]] = relationship(back_populates="act", order_by="BulkPart.id")


class BulkPart(Base):
    """What became of one ticket, written with the act itself. `version` is the ticket's afterwards: while it is the
    same, nobody has touched it since. `before` are its columns of before. Without ticket: one that the agent may not
    see.
    """

    __tablename__ = "bulk_part"
    __table_args__ = (UniqueConstraint("act_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    state: Mapped[PartState] = mapped_column(Choice(PartState))
    why: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=0)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    act: Mapped[BulkAct] = relationship(back_populates="parts")
    ticket: Mapped[Ticket | None] = relationship()
