"""The rules of routing as they were, are, and may become."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.vocabulary import RulesState


class RulesVersion(Base):
    """All rules, as `config/routing.toml` writes them. A draft changes; what was published never does.

    `number` counts publications and is None until then. `revision` rises with every change of a draft, so that two
    people who edit it at once learn of each other. `based_on` is the version it started from, None for the file;
    `comment` says what it is for. Who is None wrote from the command line.
    """

    __tablename__ = "rules_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[RulesState] = mapped_column(Choice(RulesState), default=RulesState.DRAFT)
    text: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(String(500), default="")
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("rules_version.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)

    based_on: Mapped["RulesVersion | None"] = relationship(remote_side="RulesVersion.id")
    author: Mapped[Agent | None] = relationship(foreign_keys=[author_id])
    publisher: Mapped[Agent | None] = relationship(foreign_keys=[publisher_id])
