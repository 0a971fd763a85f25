"""Who has looked at a person's page."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, UtcDateTime, utc_now
from helpdesk.models.agent import Agent
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket


class PersonLook(Base):
    """One look of an agent at all that the agent may see of a person. `ticket` is the one that led there, the reason to
    look. `person_id` is empty once the person's data was erased.
    """

    __tablename__ = "person_look"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)

    person: Mapped[Person | None] = relationship()
    agent: Mapped[Agent] = relationship()
    ticket: Mapped[Ticket] = relationship()
