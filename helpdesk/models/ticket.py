"""A ticket, its messages and files, and the history of all that was done to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, PriorityRank, UtcDateTime, utc_now
from helpdesk.models.agent import Agent, Service
from helpdesk.models.person import Person
from helpdesk.vocabulary import Audience, Channel, Direction, Lateness, Level, Priority, Status

TODO, WAITING = "status IN ('new', 'open')", "status = 'waiting'"
DONE = "status IN ('solved', 'closed') AND archived_at IS NULL"


def _list(name: str, *columns: str, where: str) -> Index:
    """An index of some tickets only: of a list that pages show in this order."""
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


class Ticket(Base):
    """One request (demande) of one person.

    `reference` is what people read aloud (see tickets.references). `received_at` is the first date of receipt and
    outlives transfers. `version` is the optimistic lock: a stale write raises. `link_version` is part of the follow-up
    link's signature: raising it ends links already sent. `archived_at` hides it from all but supervisors; from
    `erased_at` on it holds figures only.

    The clock (see tickets.clocks, which alone writes it): `due_at` is what is due next, `answer_due_at` or, once
    `answered_at` is there, `solve_due_at`. `clock_used` is working time in seconds, counted until `clock_since`, or
    until `paused_at` while it stands still. `lateness` is what was told; at `alarm_at` more must be told.

    `rule`, `clue_kinds` (in order, with commas between) and `routed_academy` are of the decision and stay what they
    were when the ticket moves. `lent_by` is the service that is closed and lent the ticket to `service`; `academy`
    stays that of the home service then. `wake_at`: while the ticket waits, when it is ours again whatever happens.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        # The queue of a service, most pressing first; `id` makes the order total, so that pages can go by key.
        Index("ix_ticket_queue", "service_id", "status", "priority", "due_at", "id"),
        Index("ix_ticket_assignee", "assignee_id", "status", "priority", "due_at", "id"),
        # The lists of the queue in their order, in one service and everywhere. `tickets.queue` says the same conditions
        # in the same words: only then the databases use them. What is checked of each row is in the index as well.
        _list("ix_ticket_todo", "service_id", "priority", "due_at", "id", "assignee_id", where=TODO),
        _list("ix_ticket_todo_everywhere", "priority", "due_at", "id", "service_id", "assignee_id", where=TODO),
        _list("ix_ticket_waiting_everywhere", "priority", "due_at", "id", "service_id", where=WAITING),
        _list("ix_ticket_done", "service_id", "changed_at", "id", where=DONE),
        _list("ix_ticket_done_everywhere", "changed_at", "id", "service_id", where=DONE),
        Index("ix_ticket_newest", "service_id", "id"),
        _list("ix_ticket_school", "school_uai", "id", where="school_uai <> ''"),
        _list("ix_ticket_phone", "sender_phone", "id", where="sender_phone <> ''"),
        # What has been over for so long that it leaves the queues, or that its personal data goes.
        Index("ix_ticket_ended", "status", "closed_at"),
        # How often each rule and clue was followed in a period, from the index alone.
        Index("ix_ticket_routing", "received_at", "routed_academy", "rule", "clue_kinds"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[Status] = mapped_column(Choice(Status), default=Status.NEW)
    priority: Mapped[Priority] = mapped_column(PriorityRank, default=Priority.NORMAL)
    topic: Mapped[str] = mapped_column(String(40))
    audience: Mapped[Audience] = mapped_column(Choice(Audience))
    channel: Mapped[Channel] = mapped_column(Choice(Channel))
    language: Mapped[str] = mapped_column(String(10), default="fr")
    subject: Mapped[str] = mapped_column(String(300))
    academy: Mapped[str | None] = mapped_column(String(2))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_email: Mapped[str] = mapped_column(String(320), default="")
    sender_phone: Mapped[str] = mapped_column(String(40), default="")
    profile: Mapped[Audience | None] = mapped_column(Choice(Audience))
    school_name: Mapped[str] = mapped_column(String(200), default="")
    school_commune: Mapped[str] = mapped_column(String(120), default="")
    school_postal_code: Mapped[str] = mapped_column(String(20), default="")
    school_uai: Mapped[str] = mapped_column(String(20), default="")
    school_level: Mapped[Level | None] = mapped_column(Choice(Level))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solve_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_used: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lateness: Mapped[Lateness] = mapped_column(
        Choice(Lateness), default=Lateness.ON_TIME, server_default=Lateness.ON_TIME
    )
    alarm_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rule: Mapped[str] = mapped_column(String(80), default="", server_default="")
    clue_kinds: Mapped[str] = mapped_column(String(300), default="", server_default="")
    routed_academy: Mapped[str | None] = mapped_column(String(2))
    lent_by_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    link_version: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    service: Mapped[Service] = relationship(foreign_keys=[service_id])
    lent_by: Mapped[Service | None] = relationship(foreign_keys=[lent_by_id])
    assignee: Mapped[Agent | None] = relationship()
    person: Mapped[Person] = relationship()
    messages: Mapped[list["Message"]] = relationship(back_populates="ticket", order_by="Message.id")
    events: Mapped[list["Event"]] = relationship(back_populates="ticket", order_by="Event.id")


class Message(Base):
    """What was said on a ticket: by the person, to the person, or among agents.

    `external_id` with the channel makes an incoming message unique (the form's token, a Message-ID). For an answer it
    is our own Message-ID. `quoted` is history that came along and is folded away. `service_id` is the service that
    spoke, which a later transfer does not change.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        # How many answers each agent of a service gave since a moment.
        _list("ix_message_answers", "service_id", "at", "agent_id", where="direction = 'out'"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    direction: Mapped[Direction] = mapped_column(Choice(Direction))
    channel: Mapped[Channel] = mapped_column(Choice(Channel))
    external_id: Mapped[str | None] = mapped_column(String(300))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    author_name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    quoted: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship(back_populates="messages")
    agent: Mapped[Agent | None] = relationship()
    service: Mapped[Service | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id")


class Attachment(Base):
    """A file that came with a message; its bytes lie in the file store under their hash."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]


class Event(Base):
    """Who did what to a ticket, and when. Append only: nothing changes on a ticket without one.

    `agent_id` is None for what the software did by itself. `data` depends on `kind` (see tickets.history): for
    "routed" it is the whole decision, so that it explains itself after the rules have changed.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship(back_populates="events")
    agent: Mapped[Agent | None] = relationship()
