"""What stands beside a ticket while it is answered: who is on it, what they have begun, what they write with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, UtcDateTime, utc_now
from helpdesk.models.agent import Agent, Service


class Hold(Base):
    """Who is on a ticket now: one row a ticket, worth nothing after `until`. `writing`: an answer is begun."""

    __tablename__ = "hold"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    writing: Mapped[bool] = mapped_column(default=False, server_default=false())

    agent: Mapped[Agent] = relationship()


class AnswerDraft(Base):
    """An answer that an agent has begun and not sent, with its files: one for each agent and ticket."""

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("ticket_id", "agent_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    files: Mapped[list["AnswerDraftFile"]] = relationship(order_by="AnswerDraftFile.id", cascade="all, delete-orphan")


class AnswerDraftFile(Base):
    """A file that will go with a begun answer; its bytes lie in the file store under their hash."""

    __tablename__ = "answer_draft_file"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("answer_draft.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]


class CannedAnswer(Base):
    """A model answer (modèle) of a service or, without one, of all. `text` has fields in braces (tickets.canned_text).

    `key` is short and found first. `revision` rises with each change, so that of two editors none overwrites the other
    unseen.
    """

    __tablename__ = "canned_answer"
    __table_args__ = (Index("ix_canned_answer_service_id", "service_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    service: Mapped[Service | None] = relationship()
    changed_by: Mapped[Agent] = relationship()


class ArticleUse(Base):
    """An article of the FAQ that an agent sent to somebody: one row for each answer that links to it."""

    __tablename__ = "article_use"
    __table_args__ = (Index("ix_article_use_article_id", "article_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
