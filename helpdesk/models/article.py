"""The FAQ: sections, articles (fiches), every version of them, and addresses that moved."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
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
    """One question and its answer (Markdown). The slug is its permanent address."""

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

    section: Mapped[Section] = relationship(back_populates="articles")


class ArticleVersion(Base):
    """What an article said at version `number`, the present one included."""

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


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
