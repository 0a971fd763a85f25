"""By which way the words of ours reach a person: mail, else text message, else none.

Whether text messages can leave is known to the application, like its calendar: `create_app` puts it there.
"""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.models import Outgoing, TextStop, Ticket
from helpdesk.people.phones import read_phone
from helpdesk.vocabulary import Channel

TEXTS = "texts"  # the application's extension: whether text messages can leave
MOST_AN_HOUR = 5  # to one number, unasked: a form of ours must not make somebody's phone ring all night


def way_to(session: Session, ticket: Ticket) -> Channel | None:
    """How words of ours reach the person of the ticket now; None where only a call does."""
    if ticket.sender_email:
        return Channel.EMAIL
    return Channel.SMS if takes_texts(ticket.sender_phone) and not stopped(session, ticket.sender_phone) else None


def takes_texts(number: str) -> bool:
    """Whether text messages go there: mobile numbers of France, overseas included. Those of abroad cost much, and are
    what people who abuse forms are after.
    """
    if not current_app.extensions.get(TEXTS) or not number.startswith("+"):
        return False
    phone = read_phone(number)
    return phone is not None and phone.mobile and phone.french and phone.e164 == number


def stopped(session: Session, number: str) -> bool:
    """Whether the owner of the number wrote STOP."""
    return bool(number) and session.scalar(select(TextStop.number).where(TextStop.number == number)) is not None


def had_enough(session: Session, number: str, kind: str, now: datetime) -> bool:
    """Whether the number was sent the most of that kind within the hour."""
    lately = select(func.count()).where(
        Outgoing.to_address == number, Outgoing.created_at > now - timedelta(hours=1), Outgoing.kind == kind
    )
    return (session.scalar(lately) or 0) >= MOST_AN_HOUR
