"""What counts against a rate limit, where no Redis counts."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, BigKey, UtcDateTime


class Hit(Base):
    """One act of one visitor; it counts until `until`. `visitor` is a keyed hash: it names nobody."""

    __tablename__ = "hit"
    __table_args__ = (Index("ix_hit_visitor_until", "visitor", "until"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    visitor: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
