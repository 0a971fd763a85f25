"""What puts tickets in order among themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.ticket import Ticket
from helpdesk.tickets.order.relations import Relation


class TicketLink(Base):
    """What an agent said `ticket` is to `other`: one row for two tickets, in one direction."""

    __tablename__ = "ticket_link"
    __table_args__ = (UniqueConstraint("ticket_id", "other_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    relation: Mapped[Relation] = mapped_column(Choice(Relation))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    other: Mapped[Ticket] = relationship(foreign_keys=[other_id])
    agent: Mapped[Agent] = relationship()


class Withdrawal(Base):
    """A ticket that is no request of its own now: merged into another or, without `into`, unwanted. It is closed for as
    long as the row is there.

    `before` is what the ticket was, and what `into` was, to put both back (see tickets.order.withdrawing).
    """

    __tablename__ = "withdrawal"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    into: Mapped[Ticket | None] = relationship(foreign_keys=[into_id])
    agent: Mapped[Agent] = relationship()
