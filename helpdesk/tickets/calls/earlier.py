"""What somebody who is on the phone has asked before."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.models import Address, Agent, Ticket
from helpdesk.tickets.access import visible_to

AT_MOST = 8


def earlier_of(agent: Agent, *, number: str = "", email: str = "") -> Sequence[Ticket]:
    """Tickets in the agent's sight of whoever has the number (E.164) or the mail address, the latest first."""
    given = [value for value in (number, email) if value]
    if not given:
        return ()
    persons = select(Address.person_id).where(Address.value.in_(given))
    theirs = or_(Ticket.person_id.in_(persons), Ticket.sender_phone == number if number else False)
    query = select(Ticket).where(theirs, visible_to(agent), Ticket.erased_at.is_(None))
    return db.session.scalars(query.options(joinedload(Ticket.service)).order_by(Ticket.id.desc()).limit(AT_MOST)).all()
