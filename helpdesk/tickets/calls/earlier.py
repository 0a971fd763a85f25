"""What somebody who is on the phone has asked before."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, literal_column, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.models import Address, Agent, Ticket
from helpdesk.tickets.access import visible_to

AT_MOST = 8
READ_AT_MOST = 200  # of one number: a school's switchboard may have many


def of_numbers(numbers: Collection[str]) -> ColumnElement[bool]:
    """Tickets sent from one of the numbers. The second half says what the index says, or it would not be used."""
    return Ticket.sender_phone.in_(numbers) & (Ticket.sender_phone != literal_column("''"))


def earlier_of(agent: Agent, *, number: str = "", email: str = "") -> Sequence[Ticket]:
    """Tickets in the agent's sight of whoever has the number (E.164) or the mail address, the latest first."""
    given = [value for value in (number, email) if value]
    if not given:
        return ()
    persons = select(Address.person_id).where(Address.kind.in_(("phone", "email")), Address.value.in_(given))
    theirs = or_(Ticket.person_id.in_(persons), of_numbers([number]))
    query = select(Ticket).where(theirs, visible_to(agent), Ticket.erased_at.is_(None)).limit(READ_AT_MOST)
    found = db.session.scalars(query.options(joinedload(Ticket.service)))
    # Sorted here: asked to sort, a database may go through all tickets from the newest instead.
    return sorted(found, key=lambda ticket: -ticket.id)[:AT_MOST]
