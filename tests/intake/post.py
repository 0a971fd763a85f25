"""Mails delivered into the ledger and settled, and what became of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailroom import settle_due
from helpdesk.models import IncomingMail, Ticket
from tests.application import MONDAY, Desk

KEY, DOMAIN = "k" * 40, "educonnect.example"


class Post:
    """Delivers mails into the ledger and has them settled."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.parts = desk, desk.parts
        self._uid = 0

    def __call__(self, *mails: bytes, now: datetime = MONDAY, mailbox: str = "depot") -> IncomingMail:
        """Settle them all; gives the ledger's word on the last."""
        for raw in mails:
            self._uid += 1
            keep([(raw, Place(mailbox, 1, str(self._uid)))], self.parts.files, now)
        settle_due(self.parts, now)
        return self.rows()[-1]

    def rows(self) -> Sequence[IncomingMail]:
        db.session.rollback()
        return db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def ticket_of(row: IncomingMail) -> Ticket:
    assert row.ticket is not None
    return row.ticket


def kinds(ticket: Ticket) -> set[str]:
    return {event.kind for event in ticket.events}
