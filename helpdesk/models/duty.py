"""Periodic work, done by whichever process takes its lease."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, UtcDateTime


class Duty(Base):
    """`due`: not before this moment; a claim moves it on, which is the lease."""

    __tablename__ = "duty"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
