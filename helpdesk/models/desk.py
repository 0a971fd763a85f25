"""What the agents' queue and search keep for themselves."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, utc_now
from helpdesk.models.agent import Agent, Service


class SavedView(Base):
    """A view of the queue under a name: `query` is the address's own, "vue=a-traiter&canal=email".

    It is the agent's own or, with `service`, of all who work there.
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    agent: Mapped[Agent] = relationship()
    service: Mapped[Service | None] = relationship()


class Unread(Base):
    """Rows that were there before something began to be kept of each: those below this id are still to be read."""

    __tablename__ = "unread"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    below: Mapped[int] = mapped_column(BigInteger)
