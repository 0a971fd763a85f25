"""The watch for bursts: a duty looks each five minutes, supervisors decide.

What it reads is bounded: the tickets of the last day and those of the like days of former weeks by the index of their
dates, and words of so many messages at most.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.knowledge.readers.banners import keeps
from helpdesk.models import Agent, Burst, Message, Ticket
from helpdesk.stems import stem, words
from helpdesk.tickets.incidents.bursts import (
    HOURS,
    WEEKS,
    Kind,
    Seen,
    Suspect,
    counted,
    distinct,
    grown,
    kinds_of,
    unusual,
)
from helpdesk.vocabulary import Direction

HOME = ZoneInfo("Europe/Paris")
SHOWN_FOR = timedelta(hours=24)
_WITH_WORDS = 4  # hours; words of a whole day are too many, and too usual
_MESSAGES = 3_000  # of each window are read for their words
_WORDS = 80  # of each message
_SHORTEST = 4  # letters of a word that can mean something

Window = tuple[datetime, datetime]
OfKinds = list[tuple[int, tuple[Kind, ...]]]  # tickets by id, each with what it is of


def watch(now: datetime) -> int:
    """Look for bursts and keep what is found; returns how many there are."""
    session = db.session()
    tickets: dict[Suspect, frozenset[int]] = {}
    for hours in HOURS:
        window, former = windows(now, hours)
        rows, before = _came(session, [window]), _came(session, former)
        looks = [(_by_place(rows), _by_place(before))]
        if hours <= _WITH_WORDS:
            looks.append((_by_words(session, rows), _by_words(session, before)))
        for current, usual in looks:
            suspects = unusual(hours, _counted(current), _counted(usual))
            tickets |= {each: frozenset(n for n, kinds in current if each.kind in kinds) for each in suspects}
    kept = distinct(tickets, tickets.__getitem__)
    db.session.rollback()
    if kept:
        _keep(kept, now)
    return len(kept)


def bursts_for(agent: Agent, now: datetime) -> Sequence[Burst]:
    """What supervisors have to decide about: seen lately, not dismissed, no incident yet; those of an académie for its
    own supervisors and the national ones. Empty for who supervises nothing.
    """
    owned = keeps(agent)
    if not owned:
        return []
    query = select(Burst).where(Burst.seen_at > now - SHOWN_FOR, Burst.incident_id.is_(None))
    if None not in owned:
        query = query.where(Burst.academy.in_(owned))
    found = db.session.scalars(query.order_by(Burst.seen_at.desc(), Burst.count.desc()).limit(50)).all()
    return [each for each in found if grown(each.count, each.dismissed_count)]


def burst_of(agent: Agent, burst_id: int) -> Burst:
    """One of those that the agent decides about. Raises NotFound."""
    return _own(db.session(), agent, burst_id)


def dismiss(agent: Agent, burst_id: int) -> None:
    """Say that it is none. It comes back once it has grown by half."""
    with transaction() as session:
        burst = _own(session, agent, burst_id)
        burst.dismissed_count, burst.dismissed_by_id = burst.count, agent.id


def windows(now: datetime, hours: int) -> tuple[Window, list[Window]]:
    """The last hours, and the same hours by the clock of Paris in the former weeks."""
    span, here = timedelta(hours=hours), now.astimezone(HOME)
    ends = [(here - timedelta(weeks=week)).astimezone(now.tzinfo) for week in range(1, WEEKS + 1)]
    return (now - span, now), [(end - span, end) for end in ends]


def _came(session: Session, within: Sequence[Window]) -> Sequence[Row[int, str, str | None, str]]:
    came = or_(*((Ticket.received_at > first) & (Ticket.received_at <= last) for first, last in within))
    query = select(Ticket.id, Ticket.topic, Ticket.academy, Ticket.subject).where(came)
    return session.execute(query.order_by(Ticket.id)).all()


def _by_place(rows: Sequence[Row[int, str, str | None, str]]) -> OfKinds:
    return [(row.id, tuple(kinds_of(row.topic, row.academy or ""))) for row in rows]


def _by_words(session: Session, rows: Sequence[Row[int, str, str | None, str]]) -> OfKinds:
    """By the stems in subject and first message; of evenly chosen ones where there are many."""
    rows = rows[:: max(1, -(-len(rows) // _MESSAGES))]
    said: dict[int, str] = {}
    for start in range(0, len(rows), 500):
        numbers = [row.id for row in rows[start : start + 500]]
        query = select(Message.ticket_id, Message.text).where(Message.ticket_id.in_(numbers))
        wrote = query.where(Message.direction == Direction.IN).order_by(Message.id.desc())
        said |= session.execute(wrote).all()
    texts = ((row.id, f"{row.subject}\n{said.get(row.id, '')}") for row in rows)
    return [(number, tuple(Kind(word=each) for each in _stems(text))) for number, text in texts]


def _counted(tickets: OfKinds) -> Seen:
    return counted(kinds for _, kinds in tickets)


def _stems(text: str) -> set[str]:
    return {stem(word.folded) for word in words(text, _WORDS) if len(word.folded) >= _SHORTEST}


def _keep(found: Sequence[Suspect], now: datetime) -> None:
    with transaction() as session:
        for each in found:
            kind, began = each.kind, now - timedelta(hours=each.hours)
            same = select(Burst).where(
                Burst.topic == kind.topic, Burst.academy == kind.academy, Burst.word == kind.word[:40]
            )
            burst = session.scalar(same.with_for_update())
            if burst is None:
                burst = Burst(topic=kind.topic, academy=kind.academy, word=kind.word[:40], began_at=began)
                session.add(burst)
            elif burst.seen_at < now - SHOWN_FOR:  # another one, of the same kind
                burst.began_at, burst.dismissed_count, burst.incident_id = began, 0, None
            burst.hours, burst.count, burst.usual, burst.seen_at = each.hours, each.count, each.usual, now


def _own(session: Session, agent: Agent, burst_id: int) -> Burst:
    owned = keeps(agent)
    burst = session.get(Burst, burst_id)
    if burst is None or not (None in owned or burst.academy in owned):
        raise NotFound("Cette vague n’existe pas, ou n’est pas de votre académie.")
    return burst
