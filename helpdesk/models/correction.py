"""What routing got wrong, as agents said."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, UtcDateTime, utc_now
from helpdesk.models.agent import Agent, Service
from helpdesk.models.ticket import Ticket


class Correction(Base):
    """One routing that was wrong: one row, however often it was said, with the last word on where it should have led.

    `rule` and `clue_kinds` are copies of the ticket's, `routed_at` is the moment of the decision, so that figures read
    this small table alone. `academy_before` is that of the decision; None is « not known ».
    """

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("ticket_id", "routed_at"),
        Index("ix_correction_routed_at", "routed_at", "academy_before"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    routed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rule: Mapped[str] = mapped_column(String(80))
    clue_kinds: Mapped[str] = mapped_column(String(300))
    academy_before: Mapped[str | None] = mapped_column(String(2))
    academy_after: Mapped[str | None] = mapped_column(String(2))
    service_before_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    service_after_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    topic_before: Mapped[str] = mapped_column(String(40))
    topic_after: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship()
    agent: Mapped[Agent] = relationship()
    service_before: Mapped[Service] = relationship(foreign_keys=[service_before_id])
    service_after: Mapped[Service] = relationship(foreign_keys=[service_after_id])
