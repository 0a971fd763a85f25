"""Who is away, and which service is closed. Days are those of the service's own zone, the last one included."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, utc_now
from helpdesk.models.agent import Agent, Service


class Absence(Base):
    """Days on which an agent is given nothing, in any service. Why is nobody's business.

    With `stand_in` or `gives_back`, what waits for the agent's answer goes to that colleague, or back to its service,
    once the absence begins; `handed_at` is when that was done. Else it stays where it is.
    """

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("agent_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    gives_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    stand_in: Mapped[Agent | None] = relationship(foreign_keys=[stand_in_id])


class Closing(Base):
    """Days on which a service lends what comes to it to another, the stand-in."""

    __tablename__ = "closing"
    __table_args__ = (
        Index("ix_closing_service_id", "service_id", "last_day"),
        Index("ix_closing_stand_in_id", "stand_in_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    service: Mapped[Service] = relationship(foreign_keys=[service_id])
    stand_in: Mapped[Service] = relationship(foreign_keys=[stand_in_id])
    created_by: Mapped[Agent] = relationship()
