"""Finding tickets: by reference, by who asks, by any word that is written on them; newest first, and never beyond what
the agent may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.models import Address, Agent, Service, Ticket
from helpdesk.people.emails import read_email
from helpdesk.people.phones import read_phone
from helpdesk.text import fold
from helpdesk.tickets.access import sight_of
from helpdesk.tickets.asked import Asked, read_asked
from helpdesk.tickets.queue import PAGE_SIZE, in_order, narrowed
from helpdesk.tickets.references import read_reference
from helpdesk.tickets.search_index import holds, still_unread

PARIS = ZoneInfo("Europe/Paris")
# How far back to look first, in tickets: what many tickets hold is found among the latest, and then nothing else is
# read. What few hold costs little anyway.
_STEPS = (4_000, 40_000, 300_000)


@dataclass(frozen=True)
class Found:
    """Some tickets, newest first. `before` is where the next page begins, None on the last one. `problems` are
    sentences on what was not understood; `partial`: older tickets are not all found by their words yet.
    """

    tickets: Sequence[Ticket]
    before: int | None = None
    problems: Sequence[str] = ()
    partial: bool = False


def find_tickets(agent: Agent, words: str, before: int | None = None, *, now: datetime) -> Found:
    """One page of what is found: the ticket of this reference; those of the person whom this mail address or phone
    number reaches, and those that name it; else those with all of these words.
    """
    session = db.session()
    seen = sight_of(session, agent).covers()
    if reference := read_reference(words):
        ids = session.scalars(select(Ticket.id).where(seen, Ticket.reference == reference)).all()
        if ids:
            return Found(in_order(session, ids))
    today = now.astimezone(PARIS).date()
    asked = read_asked(_address(words) or words, today)
    if not asked:
        return Found((), problems=asked.problems)
    conditions = [seen, *_conditions(session, asked, agent, now)]
    if before is not None:
        conditions.append(Ticket.id < before)
    ids = _ids(session, asked, conditions, _persons(words), before)
    tickets = in_order(session, ids[:PAGE_SIZE])
    last = tickets[-1].id if len(ids) > PAGE_SIZE else None
    return Found(tickets, last, asked.problems, still_unread(session))


def _address(words: str) -> str | None:
    """A phone number as it is stored, if that is all that is asked for."""
    phone = read_phone(words)
    return phone.e164 if phone else None


def _persons(words: str) -> Select[Any] | None:
    """Ids of the persons whom this one address reaches: they may have written under others too."""
    value = _address(words) or read_email(words)
    return select(Address.person_id).where(Address.value == value) if value else None


def _ids(
    session: Session,
    asked: Asked,
    conditions: Sequence[ColumnElement[bool]],
    persons: Select[Any] | None,
    before: int | None,
) -> list[int]:
    newest = select(Ticket.id).where(*conditions).limit(PAGE_SIZE + 1)
    if not asked.terms:
        return list(session.scalars(newest.order_by(Ticket.id.desc())))
    # "+ 0" keeps PostgreSQL from reading ticket by ticket down to the last one when it takes a rare word for a common
    # one: it then begins with the words, or with the services where these are small.
    newest = newest.order_by((Ticket.id + literal_column("0")).desc())
    theirs = session.scalars(newest.where(Ticket.person_id.in_(persons))).all() if persons is not None else ()
    top = before or (session.scalar(select(func.max(Ticket.id))) or 0) + 1
    found: list[int] = []
    for above in (*(top - step for step in _STEPS if step < top), 0):
        found = list(session.scalars(newest.where(holds(session, asked.terms, above), Ticket.id > above)))
        if len(found) > PAGE_SIZE:
            break
    return sorted({*found, *theirs}, reverse=True)[: PAGE_SIZE + 1]


def _conditions(session: Session, asked: Asked, agent: Agent, now: datetime) -> list[ColumnElement[bool]]:
    found = narrowed(session, asked.filters, agent, now)
    if asked.before:
        found.append(Ticket.received_at < _midnight(asked.before))
    if asked.after:
        found.append(Ticket.received_at >= _midnight(asked.after))
    if asked.service:
        found.append(Ticket.service_id.in_(_services_called(session, asked.service)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _services_called(session: Session, name: str) -> list[int]:
    """The service of that slug, else those whose name holds the words."""
    rows = session.execute(select(Service.id, Service.slug, Service.name)).all()
    exact = [number for number, slug, _name in rows if slug == name]
    return exact or [number for number, _slug, title in rows if fold(name) in fold(title)]
