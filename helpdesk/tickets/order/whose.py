"""Who a ticket is of: correcting the name, address and number of the person on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.errors import Changed, NotAllowed
from helpdesk.models import Address, Agent, Person, PersonLook, Ticket
from helpdesk.people.phones import show_phone
from helpdesk.tickets import history
from helpdesk.tickets.actions import acting
from helpdesk.tickets.order.withdrawing import end_links


@dataclass(frozen=True)
class Who:
    """As a ticket has it: `email` normalised, `phone` in E.164; each may be empty."""

    name: str
    email: str
    phone: str


def correct_person(agent: Agent, reference: str, who: Who, now: datetime) -> bool:
    """Write down who asks and how to reach them; returns whether that was news.

    With another address or number, links to the follow-up page that were sent before open nothing any more, and what no
    other ticket of the person bears is no address of theirs any longer: a stranger may read it. What is known as
    somebody else's takes the ticket to that person. Raises NotAllowed where no answer could arrive any more,
    Changed when another correction crosses it.
    """
    with acting(agent, reference, merged=True) as (session, ticket):
        if ticket.erased_at:
            raise NotAllowed("Les données de cette demande ont été effacées.")
        before = Who(ticket.sender_name, ticket.sender_email, ticket.sender_phone)
        if who == before:
            return False
        if (before.email or before.phone) and not (who.email or who.phone):
            raise NotAllowed("Gardez une adresse ou un numéro : sans eux, aucune réponse n’arrive.")
        ticket.sender_name, ticket.sender_email, ticket.sender_phone = who.name, who.email, who.phone
        person = ticket.person
        if (who.email, who.phone) != (before.email, before.phone):
            end_links(session, ticket)
            _reach(session, ticket, before, who)
        if ticket.person is person and person.name == before.name:
            person.name = who.name
        told = {"before": _in_words(before), "after": _in_words(who), "other": ticket.person is not person}
        history.record(session, ticket, history.PERSON_CORRECTED, agent, now, told)
        return True


def _reach(session: Session, ticket: Ticket, before: Who, who: Who) -> None:
    """Bring the person's addresses in step, and the person, if a new address is known as somebody else's."""
    former = ticket.person
    news = (session.scalar(select(Address).where(_is(*pair))) for pair in _pairs(who) if pair not in _pairs(before))
    ticket.person = next((row.person for row in news if row is not None), former)
    session.flush()
    for kind, value in {*_pairs(before), *_pairs(who)}:
        row = session.scalar(select(Address).where(_is(kind, value), Address.person_id == former.id))
        unused = ticket.person is not former or (kind, value) not in _pairs(who)
        if row is not None and unused and not _borne(session, former, kind, value):
            former.addresses.remove(row)
    if ticket.person is not former and session.scalar(_tickets_of(former)) is None:
        session.execute(update(PersonLook).where(PersonLook.person_id == former.id).values(person_id=ticket.person_id))
        session.delete(former)  # nothing leads to it any more, not even an erasure
    session.flush()
    for kind, value in _pairs(who):
        if session.scalar(select(Address.id).where(_is(kind, value))) is None:
            ticket.person.addresses.append(Address(kind=kind, value=value))
    try:
        session.flush()
    except IntegrityError as error:
        raise Changed("Cette adresse vient d’être notée pour une autre demande : réessayez.") from error


def _borne(session: Session, person: Person, kind: str, value: str) -> bool:
    column = Ticket.sender_email if kind == "email" else Ticket.sender_phone
    return session.scalar(_tickets_of(person).where(column == value)) is not None


def _tickets_of(person: Person) -> Select[int]:
    return select(Ticket.id).where(Ticket.person_id == person.id).limit(1)


def _pairs(who: Who) -> list[tuple[str, str]]:
    return [(kind, value) for kind, value in (("email", who.email), ("phone", who.phone)) if value]


def _is(kind: str, value: str) -> ColumnElement[bool]:
    return (Address.kind == kind) & (Address.value == value)


def _in_words(who: Who) -> str:
    return ", ".join(filter(None, (who.name, who.email, show_phone(who.phone))))
