"""Finding the person who wrote by the addresses given, or making one."""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.intake.message import Sender
from helpdesk.models import Address, Person


def persons_for(session: Session, senders: Sequence[Sender]) -> list[Person]:
    """For each sender the person whom the mail address reaches, else whom the phone reaches, else a new one.

    Addresses are those of the sender as normalised at the door. An address that already belongs to somebody else is
    left where it is: two people are never joined here.
    """
    known = _known(session, senders)
    return [_person_for(session, sender, known) for sender in senders]


def _known(session: Session, senders: Sequence[Sender]) -> dict[tuple[str, str], Address]:
    values: dict[str, set[str]] = {}
    for sender in senders:
        for kind, value in _given(sender):
            values.setdefault(kind, set()).add(value)
    if not values:
        return {}
    named = or_(*(and_(Address.kind == kind, Address.value.in_(some)) for kind, some in values.items()))
    found = session.scalars(select(Address).where(named).options(joinedload(Address.person)))
    return {(address.kind, address.value): address for address in found}


def _given(sender: Sender) -> Iterator[tuple[str, str]]:
    yield from ((kind, value) for kind, value in (("email", sender.email), ("phone", sender.phone)) if value)


def _person_for(session: Session, sender: Sender, known: dict[tuple[str, str], Address]) -> Person:
    given = list(_given(sender))
    person = next((known[each].person for each in given if each in known), None)
    if person is None:
        person = Person(name=sender.name)
        session.add(person)
    person.name = person.name or sender.name
    for kind, value in given:
        if (kind, value) not in known:
            known[kind, value] = Address(kind=kind, value=value)
            person.addresses.append(known[kind, value])
    return person
