"""Telling people that a ticket is pressing: who holds it before it is late, supervisors afterwards, national triage
when a first answer never comes.

Each level leaves an event. Mails are gathered: an address gets one an hour at most, with all that has become pressing
since, so that a Monday morning is one mail and not two hundred. Everything here may be ended halfway and begun again.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.db import db, transaction
from helpdesk.models import Agent, Membership, Notice, Outgoing, Service, Ticket
from helpdesk.outbox.post import ALARM
from helpdesk.tickets import clocks, history
from helpdesk.tickets.clock import graver
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.placing import TRIAGE
from helpdesk.vocabulary import Lateness, Role

PAUSE = timedelta(hours=1)  # between two mails to one address
_EVENTS = {
    Lateness.SOON: history.WARNED,
    Lateness.LATE: history.LATE,
    Lateness.FORGOTTEN: history.ESCALATED,
}


def ring_due(now: datetime, *, mails: bool = True, at_once: int = 50) -> int:
    """Note every ticket that has become more pressing, and who must be told (nobody without `mails`). Returns how many
    tickets that were.
    """
    told = 0
    while True:
        with transaction() as session:
            due = select(Ticket).where(Ticket.alarm_at <= now).order_by(Ticket.alarm_at, Ticket.id).limit(at_once)
            with_people = due.options(selectinload(Ticket.service), selectinload(Ticket.assignee))
            tickets = session.scalars(with_people.with_for_update(skip_locked=True)).all()
            rung = [(ticket, level) for ticket in tickets if (level := clocks.ring(ticket, now))]
            whom = _Recipients(session) if mails else None
            for ticket, level in rung:
                _note(session, ticket, level, whom.of(ticket, level) if whom else (), now)
            told += len(rung)
        if len(tickets) < at_once:
            return told


def post_notices(now: datetime) -> int:
    """Post a mail to each address that has something to be told and got none within the last hour; returns how many."""
    waiting = select(Notice.address).where(Notice.outgoing_id.is_(None)).distinct().order_by(Notice.address)
    addresses = db.session.scalars(waiting).all()
    db.session.rollback()
    return sum(_post(address, now) for address in addresses)


def notices_of(outgoing_id: int) -> Sequence[Notice]:
    """What a mail tells of: the gravest first, then what was due first."""
    query = select(Notice).where(Notice.outgoing_id == outgoing_id)
    query = query.options(joinedload(Notice.ticket).joinedload(Ticket.service))
    levels = list(Lateness)
    return sorted(db.session.scalars(query), key=lambda one: (-levels.index(one.lateness), one.due_at, one.ticket_id))


class _Recipients:
    """Whom to tell, asked once for each service of a batch. A service without anybody has its mailbox, if at all."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._supervisors: dict[int | None, Sequence[str]] = {}

    def of(self, ticket: Ticket, level: Lateness) -> Sequence[str]:
        """The addresses."""
        mailbox = [ticket.service.email] if ticket.service.email else []
        if level is Lateness.SOON:
            return [ticket.assignee.email] if ticket.assignee and ticket.assignee.active else mailbox
        if level is Lateness.FORGOTTEN:
            return self._of(None, (Service.kind == TRIAGE) & Service.academy.is_(None))
        return self._of(ticket.service_id, Service.id == ticket.service_id) or mailbox

    def _of(self, key: int | None, which: ColumnElement[bool]) -> Sequence[str]:
        if key not in self._supervisors:
            query = select(Agent.email).join(Membership).join(Service, Service.id == Membership.service_id)
            query = query.where(which, Membership.role == Role.SUPERVISOR, Agent.active)
            self._supervisors[key] = self._session.scalars(query.distinct().order_by(Agent.email)).all()
        return self._supervisors[key]


def _note(session: Session, ticket: Ticket, level: Lateness, addresses: Sequence[str], now: datetime) -> None:
    told = {"ticket_id": ticket.id, "lateness": level, "due_at": ticket.due_at}
    known = session.scalars(select(Notice.address).filter_by(**told)).all() if addresses else ()
    session.add_all(Notice(**told, address=address) for address in addresses if address not in known)
    data = {"of": "solution" if ticket.answered_at else "answer", "told": len(addresses)}
    history.record(session, ticket, _EVENTS[level], None, now, data)


def _post(address: str, now: datetime) -> bool:
    with transaction() as session:
        keys = [_key(address, now), _key(address, now - PAUSE)]
        if session.scalar(select(Outgoing.id).where(Outgoing.key.in_(keys), Outgoing.created_at > now - PAUSE)):
            return False
        query = select(Notice).where(Notice.address == address, Notice.outgoing_id.is_(None))
        notices = session.scalars(query.options(joinedload(Notice.ticket)).order_by(Notice.due_at, Notice.id)).all()
        true = [notice for notice in notices if _still_true(notice)]
        for notice in set(notices) - set(true):
            session.delete(notice)
        if not true:
            return False
        mail = Outgoing(
            kind=ALARM, key=keys[0], ticket_id=true[0].ticket_id, to_address=address, due=now, created_at=now
        )
        session.add(mail)
        session.flush()
        for notice in true:
            notice.outgoing_id = mail.id
        return True


def _still_true(notice: Notice) -> bool:
    """Whether nobody has dealt with it since; what has become graver is told by its own notice."""
    ticket = notice.ticket
    return ticket.status in AWAITING and ticket.due_at == notice.due_at and not graver(notice.lateness, ticket.lateness)


def _key(address: str, moment: datetime) -> str:
    """Of the mail to that address in that hour: two processes cannot both post one."""
    return f"{ALARM}:{hashlib.sha256(address.encode()).hexdigest()[:24]}:{moment:%Y%m%d%H}"
