"""Services, the agents who work in them, and who may do what where."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Choice, UtcDateTime, utc_now
from helpdesk.vocabulary import Assignment, EditorRole, Role


class Service(Base):
    """A team that holds tickets. Rows follow `config/services.toml`; the slug (`assistance-08`) never changes.

    `academy` is None for national services. `timezone` is an IANA name: times are shown in it, and days are its days.
    `assignment` is set by its supervisors, not by the file.
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
    assignment: Mapped[Assignment] = mapped_column(
        Choice(Assignment), default=Assignment.PULL, server_default=Assignment.PULL
    )


class Agent(Base):
    """Somebody who answers. `title` is the capacity that signs answers, as the law asks.

    `session_stamp` is in each session: raising it signs the agent out everywhere. `editor_role` is for the FAQ.
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
    editor_role: Mapped[EditorRole | None] = mapped_column(Choice(EditorRole))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="agent", cascade="all, delete-orphan")


class Membership(Base):
    """An agent's role in a service.

    `takes_part`: is given tickets where the service shares them out. `turn` rises with each ticket given, above that of
    all colleagues, so the lowest is next; who comes back from an absence gets one at once, not all that were missed.
    """

    __tablename__ = "membership"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(Choice(Role), default=Role.AGENT)
    takes_part: Mapped[bool] = mapped_column(default=True, server_default=true())
    turn: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    agent: Mapped[Agent] = relationship(back_populates="memberships")
    service: Mapped[Service] = relationship()
