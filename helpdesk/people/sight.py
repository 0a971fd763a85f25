"""One person as an agent may see them: through the tickets in the agent's sight, nothing else. Each look is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.models import Address, Agent, IncomingMail, PersonLook, Ticket
from helpdesk.tickets.access import supervises_nationally, visible_to
from helpdesk.tickets.calls.earlier import of_numbers

READ_AT_MOST = 200  # tickets: a school's address may have more
SORTED_AT_MOST = 5_000  # here: asked to sort, a database may go through all tickets from the newest instead
ALIKE_AT_MOST = 5
LOOKS_AT_MOST = 50


@dataclass(frozen=True)
class Way:
    """An address or number. `verified_at`: when it was, if it ever was. `mail` is the last one that came from it and
    whose sender our own server has checked, if any.
    """

    kind: str
    value: str
    verified_at: datetime | None
    mail: IncomingMail | None


@dataclass(frozen=True)
class PersonPage:
    """All that the page of a person shows, the latest first, the name of `through` before others. `alike` are tickets
    of others with an address or number of this person, one of each. `more`: there are tickets that were not read.
    """

    person_id: int
    names: Sequence[str]
    ways: Sequence[Way]
    languages: Sequence[str]
    tickets: Sequence[Ticket]
    through: Ticket
    alike: Sequence[Ticket]
    more: bool


def look_at(agent: Agent, person_id: int, reference: str, now: datetime) -> PersonPage:
    """What the agent's services know of a person. That the agent has looked is noted, with the ticket that led there:
    the one of the reference, else the latest. Raises NotFound for a person without any ticket in sight, and
    Unavailable when the look cannot be noted: nobody looks unseen.
    """
    with transaction() as session:
        seen = select(Ticket.id, Ticket.reference).where(*_theirs(agent, person_id)).limit(SORTED_AT_MOST)
        rows = sorted(session.execute(seen).all(), reverse=True)
        if not rows:
            raise NotFound("Cette personne n’existe pas, ou n’a pas de demande dans vos services.")
        led = next((number for number, named in rows if named == reference), rows[0].id)
        session.add(PersonLook(person_id=person_id, agent_id=agent.id, ticket_id=led, at=now))
    ids = [led, *(number for number, _reference in rows[:READ_AT_MOST])]
    query = select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id.desc())
    tickets = db.session.scalars(query.options(joinedload(Ticket.service), joinedload(Ticket.assignee))).all()
    through, ways = next(ticket for ticket in tickets if ticket.id == led), _ways(tickets)
    return PersonPage(
        person_id=person_id,
        names=_once(ticket.sender_name for ticket in (through, *tickets)),
        ways=ways,
        languages=_once(ticket.language for ticket in tickets),
        tickets=tickets,
        through=through,
        alike=_alike(agent, person_id, ways),
        more=len(rows) > READ_AT_MOST,
    )


def looks(agent: Agent, *, person_id: int | None = None, before: int | None = None) -> Sequence[PersonLook]:
    """Who has looked at persons, or at one, the latest first: LOOKS_AT_MOST, older than the one of that id. Raises
    NotFound for who is no supervisor of a national service.
    """
    if not sees_looks(agent):
        raise NotFound("Cette page est pour les superviseurs d’un service national.")
    query = select(PersonLook).order_by(PersonLook.id.desc()).limit(LOOKS_AT_MOST)
    if person_id is not None:
        query = query.where(PersonLook.person_id == person_id)
    if before is not None:
        query = query.where(PersonLook.id < before)
    return db.session.scalars(query.options(joinedload(PersonLook.agent), joinedload(PersonLook.ticket))).all()


def sees_looks(agent: Agent) -> bool:
    """Whether `looks` is for the agent."""
    return bool(db.session.scalar(select(supervises_nationally(agent))))


def _theirs(agent: Agent, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return Ticket.person_id == person_id, Ticket.erased_at.is_(None), visible_to(agent)


def _ways(tickets: Sequence[Ticket]) -> list[Way]:
    """As the tickets in sight have them: what the person gave to other services alone is not shown."""
    given = [("email", value) for value in _once(ticket.sender_email for ticket in tickets)]
    given += [("phone", value) for value in _once(ticket.sender_phone for ticket in tickets)]
    values = [value for _kind, value in given]
    known = {(row.kind, row.value): row for row in db.session.scalars(select(Address).where(Address.value.in_(values)))}
    ids = [ticket.id for ticket in tickets]
    came = select(IncomingMail).where(IncomingMail.ticket_id.in_(ids), IncomingMail.sender.in_(values))
    mails = {mail.sender: mail for mail in db.session.scalars(came.order_by(IncomingMail.id)) if mail.checks}
    found = ((kind, value, known.get((kind, value))) for kind, value in given)
    return [Way(kind, value, row.verified_at if row else None, mails.get(value)) for kind, value, row in found]


def _alike(agent: Agent, person_id: int, ways: Sequence[Way]) -> list[Ticket]:
    """The latest ticket in sight of each other person who has one of the addresses or numbers."""
    values, numbers = [way.value for way in ways], [way.value for way in ways if way.kind == "phone"]
    owners = select(Address.person_id).where(Address.kind.in_(("email", "phone")), Address.value.in_(values))
    theirs = or_(Ticket.person_id.in_(owners), of_numbers(numbers))
    query = select(Ticket).where(theirs, Ticket.person_id != person_id, Ticket.erased_at.is_(None), visible_to(agent))
    found = sorted(db.session.scalars(query.limit(READ_AT_MOST)), key=lambda ticket: ticket.id)
    return list({ticket.person_id: ticket for ticket in found}.values())[-ALIKE_AT_MOST:]


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
