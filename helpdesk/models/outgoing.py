"""What is to leave: rows that commit with their ticket and are delivered afterwards."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, BigKey, Choice, UtcDateTime, utc_now
from helpdesk.vocabulary import Channel, DeliveryState


class Outgoing(Base):
    """One mail or text message that must leave once; `channel` says which, and what `to_address` is.

    `key` makes the effect unique (`acknowledgement:42`). `due` is the date of the next try and the lease of the worker
    that holds the row, in one: a claim moves it on. `attempts` is the fence: only the worker of the last claim may
    mark the row. `earlier_attempts` were made before an agent had it sent again.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_state_due", "state", "due"),
        # How many acknowledgements a sender was given lately.
        Index("ix_outgoing_to_address", "to_address", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(100), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    to_address: Mapped[str] = mapped_column(String(320))
    channel: Mapped[Channel] = mapped_column(Choice(Channel), default=Channel.EMAIL, server_default=Channel.EMAIL)
    state: Mapped[DeliveryState] = mapped_column(Choice(DeliveryState), default=DeliveryState.PENDING)
    due: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    earlier_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
