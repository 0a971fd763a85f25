"""Who must be told of which late tickets; told together, in one mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime
from helpdesk.models.outgoing import Outgoing
from helpdesk.models.ticket import Ticket
from helpdesk.vocabulary import Lateness


class Notice(Base):
    """One ticket that one address is told of, once for each level and date due. It waits until `outgoing_id` names the
    mail it leaves with.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("ticket_id", "lateness", "due_at", "address"),
        Index("ix_notice_outgoing_id", "outgoing_id", "address"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    address: Mapped[str] = mapped_column(String(320))
    lateness: Mapped[Lateness] = mapped_column(Choice(Lateness))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))

    ticket: Mapped[Ticket] = relationship()
    outgoing: Mapped[Outgoing | None] = relationship()
