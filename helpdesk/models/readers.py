"""What readers of the FAQ say of its answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime
from helpdesk.models.article import Article
from helpdesk.vocabulary import VoteReason


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
