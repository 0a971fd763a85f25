"""Words (étiquettes) by which agents find tickets again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime
from helpdesk.models.agent import Service


class Tag(Base):
    """A word (étiquette) that a service or, without one, all services put on tickets. `folded` is the name as it is
    looked for; archived, it stays on its tickets and is put on no other.
    """

    __tablename__ = "tag"
    __table_args__ = (Index("ix_tag_folded", "folded", "service_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    name: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(60))
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    service: Mapped[Service | None] = relationship()


class TicketTag(Base):
    """A tag on a ticket. The key answers « has this ticket that tag? », so that a list walks its own index."""

    __tablename__ = "ticket_tag"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, autoincrement=False, index=True)

    tag: Mapped[Tag] = relationship()
