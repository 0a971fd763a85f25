"""What readers of the FAQ say of its answers, and the notices that they are shown while something is wrong."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime
from helpdesk.models.agent import Agent
from helpdesk.models.article import Article
from helpdesk.vocabulary import BannerMove, VoteReason


class Vote(Base):
    """Whether an answer helped one visitor of one day. Who that was is a keyed hash, forgotten after some days.

    `number` and `language` tell which version was read. `words` are masked before they come here.
    """

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("article_id", "visitor"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    visitor: Mapped[str | None] = mapped_column(String(64))
    useful: Mapped[bool]
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(5))
    reason: Mapped[VoteReason | None] = mapped_column(Choice(VoteReason))
    words: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    article: Mapped[Article] = relationship()


class Banner(Base):
    """A notice about an incident, for readers. `academies` and `topics` are parted by spaces; empty means all of them.

    `academy` is whose supervisors keep it, None for the national service's. Without `ends_at` it stays until ended.
    `revision` rises with every change.
    """

    __tablename__ = "banner"
    __table_args__ = (Index("ix_banner_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy: Mapped[str | None] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(300))
    english: Mapped[str] = mapped_column(String(300), default="")
    academies: Mapped[str] = mapped_column(String(200), default="")
    topics: Mapped[str] = mapped_column(String(500), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)

    events: Mapped[list["BannerEvent"]] = relationship(
        back_populates="banner", order_by="BannerEvent.id", lazy="selectin"
    )


class BannerEvent(Base):
    """One move of a banner: who, when, and what it said from then on. Append only."""

    __tablename__ = "banner_event"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    banner_id: Mapped[int] = mapped_column(ForeignKey("banner.id"), index=True)
    kind: Mapped[BannerMove] = mapped_column(Choice(BannerMove))
    text: Mapped[str] = mapped_column(String(300))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    banner: Mapped[Banner] = relationship(back_populates="events")
    agent: Mapped[Agent] = relationship(lazy="joined")
