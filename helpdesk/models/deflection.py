"""What answers of the FAQ were proposed and what came of it, without anybody's name; and the words of search."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime
from helpdesk.models.agent import Agent
from helpdesk.models.article import Article
from helpdesk.vocabulary import Outcome, Place


class Proposal(Base):
    """Answers that one visitor was shown at one place, or, as a `control`, was not shown although they fitted.

    `token` is drawn and travels in the page. `visitor` and `contact` are keyed hashes of a day (browser; address given
    in the form), emptied after two days. The row is gone after seven: `ProposalDay` and `ProposedDay` hold its sums.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_visitor", "visitor", "at"),
        Index("ix_proposal_contact", "contact"),
        Index("ix_proposal_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    place: Mapped[Place] = mapped_column(Choice(Place))
    control: Mapped[bool] = mapped_column(default=False)
    visitor: Mapped[str | None] = mapped_column(String(64))
    contact: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[Outcome | None] = mapped_column(Choice(Outcome))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Proposed(Base):
    """One entry of a proposal, whether it was opened, and what the visitor said of it."""

    __tablename__ = "proposed"
    __table_args__ = (Index("ix_proposed_article_id", "article_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    opened: Mapped[bool] = mapped_column(default=False)
    useful: Mapped[bool | None]


class ProposalDay(Base):
    """Proposals of one day at one place: how many, and what came of them. Nothing of it is anybody's."""

    __tablename__ = "proposal_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    place: Mapped[Place] = mapped_column(Choice(Place), primary_key=True)
    control: Mapped[bool] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)


class ProposedDay(Base):
    """The same for one entry; `followed` are those after which a request came, whichever way."""

    __tablename__ = "proposed_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    control: Mapped[bool] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    useful: Mapped[int] = mapped_column(default=0)
    useless: Mapped[int] = mapped_column(default=0)
    followed: Mapped[int] = mapped_column(default=0)

    article: Mapped[Article] = relationship()


class Missed(Base):
    """A search that found nothing, once a visitor and a day. `key` are its stems; `words` lost what is personal."""

    __tablename__ = "missed_search"
    __table_args__ = (UniqueConstraint("key", "visitor"), Index("ix_missed_search_at", "at"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(300))
    visitor: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WordsVersion(Base):
    """The words of search as an editor published them, in the form of `config/synonyms.toml`. Never changed."""

    __tablename__ = "words_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    author: Mapped[Agent | None] = relationship(lazy="joined")
