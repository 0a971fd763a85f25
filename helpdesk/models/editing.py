"""What editors of the FAQ work with: drafts, the history of each entry, pictures, documents to be looked at."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.article import Article, Section
from helpdesk.vocabulary import DraftState, Readers


class Draft(Base):
    """The next version of an entry in one language; gone once it is published or given up.

    `revision` rises with every change, so that two people who write at once learn of each other. `based_on` is the
    number of the French version that the writer had before them. `writers` are the ids of all who wrote in it: none of
    them may be its only reviewer. Readers, section and topics count in French alone.
    """

    __tablename__ = "article_draft"
    __table_args__ = (
        UniqueConstraint("article_id", "language"),
        Index("ix_article_draft_state", "state", "publish_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    language: Mapped[str] = mapped_column(String(5), default="fr")
    state: Mapped[DraftState] = mapped_column(Choice(DraftState), default=DraftState.WRITING)
    question: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    spoken: Mapped[str] = mapped_column(String(300), default="")
    readers: Mapped[Readers] = mapped_column(Choice(Readers))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    topics: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[int] = mapped_column(default=0)
    based_on: Mapped[int] = mapped_column(default=0)
    writers: Mapped[list[int]] = mapped_column(JSON)
    author_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    article: Mapped[Article] = relationship()
    section: Mapped[Section] = relationship()
    author: Mapped[Agent] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Agent | None] = relationship(foreign_keys=[reviewer_id])


class ArticleEvent(Base):
    """One move of an entry: who, when, why. Append only. Who is None is an import or a duty."""

    __tablename__ = "article_event"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(5), default="fr")
    number: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    agent: Mapped[Agent | None] = relationship()


class Picture(Base):
    """An image of the FAQ; entries name it by `name`, a part of its hash that nobody guesses."""

    __tablename__ = "picture"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class PendingImport(Base):
    """A Q&A document that was read and waits for somebody to look at what it would change. `document` is its JSON."""

    __tablename__ = "pending_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    repairs: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    agent: Mapped[Agent] = relationship()
