"""Incidents with their tickets and answers, and the bursts of like tickets that may be one."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.readers import Banner
from helpdesk.models.ticket import Ticket
from helpdesk.tickets.incidents.states import IncidentState, PartState


class Incident(Base):
    """A trouble that many people write about. `academies` and `topics` are parted by spaces, empty means all of them;
    `words` are words of which a message about it has one, as somebody typed them.

    `academy` is whose supervisors keep it, None for the national service's. `token` is of the form that made it.
    `revision` rises with every change of its words.
    """

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    academy: Mapped[str | None] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(120))
    known: Mapped[str] = mapped_column(Text, default="")
    academies: Mapped[str] = mapped_column(String(200), default="")
    topics: Mapped[str] = mapped_column(String(500), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[IncidentState] = mapped_column(Choice(IncidentState), default=IncidentState.OPEN, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owner_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    banner_id: Mapped[int | None] = mapped_column(ForeignKey("banner.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    owner: Mapped[Agent] = relationship()
    banner: Mapped[Banner | None] = relationship()


class IncidentTicket(Base):
    """A ticket of an incident: of one at a time, the last that somebody said."""

    __tablename__ = "incident_ticket"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    incident: Mapped[Incident] = relationship()
    ticket: Mapped[Ticket] = relationship()
    agent: Mapped[Agent] = relationship()


class IncidentAnswer(Base):
    """Words written once for all the tickets of an incident; what became of each is in its parts. `token` is of the
    form, so that a second click sends nothing. `english` is for who uses the site in English; empty, they read French.
    """

    __tablename__ = "incident_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    text: Mapped[str] = mapped_column(Text)
    english: Mapped[str] = mapped_column(Text, default="")
    solves: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    agent: Mapped[Agent] = relationship()
    incident: Mapped[Incident] = relationship()


class IncidentPart(Base):
    """One ticket of an answer. `seen` is the last message that counted when the answer was sent off: what came after
    it leaves the ticket out.

    `person_id` is set where the words are meant to go, once for each person of an answer; on other tickets of the same
    person `told_on_id` is the ticket where they go. `because`: why it was left out.
    """

    __tablename__ = "incident_part"
    __table_args__ = (
        UniqueConstraint("answer_id", "ticket_id"),
        UniqueConstraint("answer_id", "person_id"),
        Index(
            "ix_incident_part_pending",
            "id",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("incident_answer.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    told_on_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    seen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[PartState] = mapped_column(Choice(PartState), default=PartState.PENDING)
    because: Mapped[str] = mapped_column(String(200), default="")

    answer: Mapped[IncidentAnswer] = relationship()
    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    told_on: Mapped[Ticket | None] = relationship(foreign_keys=[told_on_id])


class Burst(Base):
    """More like tickets than is usual, as it was last seen: one row for each topic, académie and word (empty: any).

    `count` tickets came in the `hours` before `seen_at`, where `usual` are. Dismissed at a count, it is shown again
    once it has grown by half.
    """

    __tablename__ = "burst"
    __table_args__ = (UniqueConstraint("topic", "academy", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), default="")
    academy: Mapped[str] = mapped_column(String(2), default="")
    word: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[int]
    count: Mapped[int]
    usual: Mapped[float] = mapped_column(Float)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dismissed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
