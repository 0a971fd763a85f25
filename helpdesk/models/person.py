"""Who wrote, and the addresses that reach them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, UtcDateTime, utc_now


class Person(Base):
    """Somebody who asks. Two parents may share one mail address: each ticket keeps the name it was sent under."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    addresses: Mapped[list["Address"]] = relationship(back_populates="person", cascade="all, delete-orphan")


class Address(Base):
    """One way to reach a person. `kind` is "email" (lower case) or "phone" (E.164); being sent verifies nothing."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(320))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="addresses")
