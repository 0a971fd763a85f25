"""Forgetting: hashes after two days, proposals after seven, of which only sums of a day remain."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.knowledge.deflection.traces import contact_hash
from helpdesk.models import Missed, Proposal, ProposalDay, Proposed, ProposedDay, Ticket
from helpdesk.vocabulary import Channel, Outcome

HASHES_FOR = timedelta(days=2)
ROWS_FOR = timedelta(days=7)
MISSED_FOR = timedelta(days=90)
SEEN_BY = 3  # different visitors: what fewer looked for might be about one person
_OTHER_WAYS = (Channel.EMAIL, Channel.PHONE, Channel.SMS)


def find_returns(secret_keys: Iterable[str], now: datetime) -> int:
    """Note the proposals whose visitor, having typed an address in the form, wrote or called by another way on the same
    day or the next; returns how many.
    """
    keys = tuple(secret_keys)
    with transaction() as session:
        open_ones = select(Proposal).where(
            Proposal.contact.is_not(None),
            Proposal.at > now - HASHES_FOR,
            or_(Proposal.outcome.is_(None), Proposal.outcome == Outcome.SOLVED),
        )
        waiting: dict[str, list[Proposal]] = {}
        for each in session.scalars(open_ones):
            waiting.setdefault(each.contact or "", []).append(each)
        if not waiting:
            return 0
        found = 0
        came = select(Ticket.sender_email, Ticket.sender_phone, Ticket.received_at).where(
            Ticket.received_at > now - HASHES_FOR, Ticket.channel.in_(_OTHER_WAYS)
        )
        for email, phone, at in session.execute(came):
            for mark in _marks(keys, (email, phone), at):
                for proposal in waiting.get(mark, ()):
                    if proposal.at <= at and proposal.outcome is not Outcome.RETURNED:
                        proposal.outcome = Outcome.RETURNED
                        found += 1
        session.flush()
        return found


def _marks(keys: tuple[str, ...], addresses: tuple[str, ...], at: datetime) -> Iterable[str]:
    for key in keys:
        for address in addresses:
            if address:
                yield contact_hash(key, at.date(), address)
                yield contact_hash(key, at.date() - timedelta(days=1), address)


def forget(now: datetime) -> int:
    """Empty old hashes, and turn what is older than seven whole days into sums; returns how many proposals went."""
    with transaction() as session:
        old = now - HASHES_FOR
        hashed = or_(Proposal.visitor.is_not(None), Proposal.contact.is_not(None))
        session.execute(update(Proposal).where(hashed, Proposal.at < old).values(visitor=None, contact=None))
        session.execute(update(Missed).where(Missed.visitor.is_not(None), Missed.at < old).values(visitor=None))
        _forget_searches(session, now)
        return sum(_roll_up(session, day) for day in _days_before(session, (now - ROWS_FOR).date()))


def _forget_searches(session: Session, now: datetime) -> None:
    """Those that few made, after seven days; the others after ninety."""
    many = select(Missed.key).group_by(Missed.key).having(func.count() >= SEEN_BY)
    few = (Missed.at < now - ROWS_FOR) & Missed.key.not_in(many)
    session.execute(delete(Missed).where(or_(few, Missed.at < now - MISSED_FOR)))


def _days_before(session: Session, day: date) -> list[date]:
    """The days, in UTC, of which rows are left."""
    first = session.scalar(select(func.min(Proposal.at)))
    return [first.date() + timedelta(days=n) for n in range((day - first.date()).days)] if first else []


def _roll_up(session: Session, day: date) -> int:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    within = (Proposal.at >= begin, Proposal.at < begin + timedelta(days=1))
    for row in session.execute(sums_by_place().where(*within)):
        session.merge(ProposalDay(day=day, **row._asdict()))
    for row in session.execute(sums_by_entry().where(*within)):
        session.merge(ProposedDay(day=day, **row._asdict()))
    session.flush()
    ids = select(Proposal.id).where(*within)
    session.execute(delete(Proposed).where(Proposed.proposal_id.in_(ids)))
    return len(session.scalars(delete(Proposal).where(*within).returning(Proposal.id)).all())


def sums_by_place() -> Any:
    """What a `ProposalDay` holds, of the rows that are still there."""
    came = {name: func.sum(case((Proposal.outcome == each, 1), else_=0)) for name, each in _OUTCOMES}
    columns = (total.label(name) for name, total in came.items())
    query = select(Proposal.place, Proposal.control, func.count().label("shown"), *columns)
    return query.group_by(Proposal.place, Proposal.control)


def sums_by_entry() -> Any:
    """What a `ProposedDay` holds, of the rows that are still there."""
    followed = case((Proposal.outcome.in_((Outcome.SENT, Outcome.RETURNED)), 1), else_=0)
    query = select(
        Proposed.article_id,
        Proposal.control,
        func.count().label("shown"),
        func.sum(cast(Proposed.opened, Integer)).label("opened"),
        func.sum(case((Proposed.useful.is_(True), 1), else_=0)).label("useful"),
        func.sum(case((Proposed.useful.is_(False), 1), else_=0)).label("useless"),
        func.sum(followed).label("followed"),
    )
    return query.join(Proposal, Proposal.id == Proposed.proposal_id).group_by(Proposed.article_id, Proposal.control)


_OUTCOMES = (("solved", Outcome.SOLVED), ("sent", Outcome.SENT), ("returned", Outcome.RETURNED))
