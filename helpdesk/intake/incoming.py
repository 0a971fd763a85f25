"""What administrators see of the ledger. To everybody else there is no such thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.models import Agent, IncomingMail, MailboxHealth, Message
from helpdesk.vocabulary import MailOutcome

PAGE_SIZE = 50


@dataclass(frozen=True)
class MailPage:
    """Some mails, newest first; `before` is where the next page starts. `waiting` have no outcome yet."""

    mails: Sequence[IncomingMail]
    before: int | None
    counts: dict[MailOutcome, int]
    waiting: int


def mail_page(agent: Agent, outcome: MailOutcome | None, before: int | None) -> MailPage:
    """Mails of one outcome, or those that wait. Raises NotFound for all but administrators."""
    _only_for_administrators(agent)
    counted = select(IncomingMail.outcome, func.count()).group_by(IncomingMail.outcome)
    counts: dict[MailOutcome | None, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    query = select(IncomingMail).options(joinedload(IncomingMail.ticket)).where(IncomingMail.outcome == outcome)
    if before is not None:
        query = query.where(IncomingMail.id < before)
    mails = list(db.session.scalars(query.order_by(IncomingMail.id.desc()).limit(PAGE_SIZE + 1)))
    more = mails[PAGE_SIZE - 1].id if len(mails) > PAGE_SIZE else None
    waiting = counts.pop(None, 0)
    return MailPage(mails[:PAGE_SIZE], more, {each: counts.get(each, 0) for each in MailOutcome}, waiting)


def incoming_mail(agent: Agent, mail_id: int) -> IncomingMail:
    """One mail. Raises NotFound, alike for what is not there and for who may not look."""
    _only_for_administrators(agent)
    mail = db.session.get(IncomingMail, mail_id) if mail_id < 2**62 else None
    if mail is None:
        raise NotFound("Ce courriel n’existe pas.")
    return mail


def health(agent: Agent) -> dict[str, MailboxHealth]:
    """How each mailbox fares, by name."""
    _only_for_administrators(agent)
    return {row.name: row for row in db.session.scalars(select(MailboxHealth))}


def mails_of(messages: Sequence[Message]) -> dict[int, IncomingMail]:
    """By which mail messages of a ticket came, by the id of the message; the caller may see the ticket."""
    ids = [message.id for message in messages]
    rows = db.session.scalars(select(IncomingMail).where(IncomingMail.message_row_id.in_(ids)))
    return {row.message_row_id: row for row in rows if row.message_row_id is not None}


def _only_for_administrators(agent: Agent) -> None:
    if not agent.is_admin:
        raise NotFound("Cette page n’existe pas.")
