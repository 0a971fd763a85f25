"""Services, the agents who work in them, and who may do what where."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
from helpdesk.vocabulary import Role


class Service(Base):
    """A team that holds tickets. Rows follow `config/services.toml`; the slug (`assistance-08`) never changes.

    `academy` is None for national services. `timezone` is an IANA name: times are shown in it.
    """

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    academy: Mapped[str | None] = mapped_column(String(2), index=True)
    timezone: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(320), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Agent(Base):
    """Somebody who answers. `title` is the capacity that signs answers, as the law asks.

    `session_stamp` is in each session: raising it signs the agent out everywhere.
    """

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(300), default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_stamp: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="agent", cascade="all, delete-orphan")


class Membership(Base):
    """An agent's role in a service."""

    __tablename__ = "membership"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(Choice(Role), default=Role.AGENT)

    agent: Mapped[Agent] = relationship(back_populates="memberships")
    service: Mapped[Service] = relationship()
