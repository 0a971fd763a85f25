"""Finding the person who wrote by the addresses given, or making one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.intake.message import Sender
from helpdesk.models import Address, Person


def person_for(session: Session, sender: Sender) -> Person:
    """The person whom the mail address reaches, else whom the phone reaches, else a new one.

    Addresses are those of the sender as normalised at the door. An address that already belongs to somebody else is
    left where it is: two people are never joined here.
    """
    given = [(kind, value) for kind, value in (("email", sender.email), ("phone", sender.phone)) if value]
    known = {
        address.kind: address
        for kind, value in given
        if (address := session.scalar(select(Address).where(Address.kind == kind, Address.value == value)))
    }
    if not known:
        person = Person(name=sender.name)
        session.add(person)
    else:
        person = (known.get("email") or known["phone"]).person
        person.name = person.name or sender.name
    for kind, value in given:
        if kind not in known:
            person.addresses.append(Address(kind=kind, value=value))
    return person
