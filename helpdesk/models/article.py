"""The FAQ: sections, articles (fiches), every version of them, and addresses that moved."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.vocabulary import Readers


class Section(Base):
    """A heading of the Q&A document."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    position: Mapped[int]

    articles: Mapped[list["Article"]] = relationship(back_populates="section", order_by="Article.position")


class Article(Base):
    """One question and its answer (Markdown), as readers see them. The slug is its permanent address.

    What is being written next is a `Draft`; `number` is that of the French version shown, 0 before the first one.
    `topics` are slugs parted by spaces; `spoken` is what the phone reads out. `imported` is what the Q&A document said
    of it last, None for an entry that was made here: an import knows by it what was edited here since.
    `archived_at` is set by people; what an import withdrew is not published and has none. `rank` is the place that
    editors gave it among the questions asked most, until figures tell.
    """

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    readers: Mapped[Readers] = mapped_column(Choice(Readers))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str] = mapped_column(Text)
    published: Mapped[bool] = mapped_column(default=True)
    number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    topics: Mapped[str] = mapped_column(String(500), default="", server_default="")
    spoken: Mapped[str] = mapped_column(String(300), default="", server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    review_on: Mapped[date | None]
    review_told_on: Mapped[date | None]
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    imported: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rank: Mapped[int | None]

    section: Mapped[Section] = relationship(back_populates="articles")
    owner: Mapped[Agent | None] = relationship()


class ArticleVersion(Base):
    """What an article said at version `number`, the present one included. One row of numbers for all languages.

    `origin` is the file of an import, empty for what was written here.
    """

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    language: Mapped[str] = mapped_column(String(5), default="fr", server_default="fr")
    readers: Mapped[Readers | None] = mapped_column(Choice(Readers))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    topics: Mapped[str] = mapped_column(String(500), default="", server_default="")
    spoken: Mapped[str] = mapped_column(String(300), default="", server_default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))

    section: Mapped[Section | None] = relationship()
    author: Mapped[Agent | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Agent | None] = relationship(foreign_keys=[reviewer_id])


class Translation(Base):
    """An article in another language, as readers see it. `of_number` is the French version that it says."""

    __tablename__ = "article_translation"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    question: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str] = mapped_column(Text)
    spoken: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[int]
    of_number: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Redirect(Base):
    """A former slug that still leads to its article."""

    __tablename__ = "redirect"

    slug: Mapped[str] = mapped_column(String(160), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)


class Edition(Base):
    """A counter that rises with every change of the FAQ, so that each process knows when what it holds is stale."""

    __tablename__ = "edition"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
