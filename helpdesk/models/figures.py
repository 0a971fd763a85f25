"""Figures that add up, and what persons say of how they were helped."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.figures.measures import MEASURES
from helpdesk.vocabulary import Mark

TOGETHER = "topic = ''"

# One row for each service, topic and channel of a day (`grain` "d") and of a month ("m", under its first day), as far
# as anything happened there; and one for all topics and channels together, both empty, so that a page which asks for
# none of them reads a tenth. `figures.keeping` alone writes it, from events, and can write it anew at any time. Every
# other column is a measure; adding rows up is all that is ever done with them.
figure = Table(
    "figure",
    Base.metadata,
    Column("grain", String(1), nullable=False),
    Column("service_id", Integer, ForeignKey("service.id"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("topic", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    *(Column(name, Integer, nullable=False, server_default="0") for name in MEASURES),
    PrimaryKeyConstraint("grain", "service_id", "first_day", "topic", "channel"),
    Index(
        "ix_figure_together",
        "grain",
        "service_id",
        "first_day",
        postgresql_where=text(TOGETHER),
        sqlite_where=text(TOGETHER),
    ),
)


class FiguresMark(Base):
    """Up to which event the figures count, and the last one that was there at `seen_at`. One row, which whoever counts
    on holds meanwhile.
    """

    __tablename__ = "figures_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_to: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Opinion(Base):
    """What the person of a ticket answered when asked whether the problem is solved; one a ticket, the last word holds.

    `words` are masked like messages. `first_at` is when the answer first came, from which on it may be changed for
    some days.
    """

    __tablename__ = "opinion"

    ticket_id: Mapped[int] = mapped_column(BigKey, ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    mark: Mapped[Mark] = mapped_column(Choice(Mark))
    words: Mapped[str] = mapped_column(String(2000), default="")
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
