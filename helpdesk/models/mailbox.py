"""The ledger of mails: what came, where it lay, and the one thing it became."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, BigKey, Choice, UtcDateTime
from helpdesk.models.ticket import Ticket
from helpdesk.vocabulary import MailOutcome


class IncomingMail(Base):
    """One mail, kept before anybody tried to understand it.

    `fingerprint` makes it one mail however often and wherever it was delivered (see intake.sameness); `sha256` is the
    hash of the bytes as they first came, in the file store. `outcome` is None until the mail has become something, then
    never changes but by an administrator. `due` is the lease of whoever works on it and the date of the next try in
    one; `attempts` is the fence, as in the outbox. `checks` is what our own server found about the sender (spf, dkim,
    dmarc, from_domain), None if it said nothing.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("ix_incoming_mail_outcome_due", "outcome", "due"),
        Index("ix_incoming_mail_outcome_id", "outcome", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    mailbox: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str] = mapped_column(String(900), default="", index=True)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[MailOutcome | None] = mapped_column(Choice(MailOutcome))
    because: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sender: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    checks: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_row_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)

    ticket: Mapped[Ticket | None] = relationship()


class MailPlace(Base):
    """A place of a server where a mail was seen. The same mail may have lain in several: two of our mailboxes, or one
    that was numbered anew. `uid` is the server's number or, in a folder of files, the hash of the bytes.
    """

    __tablename__ = "mail_place"
    __table_args__ = (UniqueConstraint("mailbox", "uidvalidity", "uid"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(60))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    mail_id: Mapped[int] = mapped_column(ForeignKey("incoming_mail.id"), index=True)


class MailboxHealth(Base):
    """How a mailbox fares. `next_try` holds the back-off: nobody connects before it. `problem` is empty while well."""

    __tablename__ = "mailbox_health"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_success: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
