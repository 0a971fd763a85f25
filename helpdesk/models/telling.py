"""What agents are told beside their own tickets, and what they have put aside for some days."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.ticket import Message, Ticket


class Mention(Base):
    """A colleague whom a note names. `read_at`: when that agent opened the ticket."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_agent_id", "agent_id", "read_at"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    message: Mapped[Message] = relationship()
    ticket: Mapped[Ticket] = relationship()


class Watch(Base):
    """A ticket that an agent wants to be told about. `seen` is the last event that the agent's page showed."""

    __tablename__ = "watch"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)
    seen: Mapped[int] = mapped_column(BigInteger)

    agent: Mapped[Agent] = relationship()
    ticket: Mapped[Ticket] = relationship()


class Snooze(Base):
    """A ticket that an agent does not want in her lists for a while, or until the person writes. Its clock goes on."""

    __tablename__ = "snooze"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship()
