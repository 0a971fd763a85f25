"""Putting a mail or a text message into the outbox, inside the transaction of what it tells of."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.models import Message, Outgoing, Ticket
from helpdesk.outbox.ways import had_enough, way_to
from helpdesk.vocabulary import Channel

ACKNOWLEDGEMENT = "acknowledgement"
ANSWER = "answer"
TRANSFER = "transfer"
ALARM = "alarm"  # to agents, of pressing tickets; posted by tickets.escalation, on the first of them


def post(
    session: Session,
    kind: str,
    ticket: Ticket,
    now: datetime,
    message: Message | None = None,
    *,
    not_before: datetime | None = None,
) -> None:
    """Add the row that will leave once the transaction has committed: a mail, to a person without mail address a text
    message, nothing where neither arrives.

    The row's key makes it leave once: an acknowledgement per ticket, an answer per message, a transfer per version
    of the ticket: two agents may move it in the same second. It leaves at once, or at `not_before`.
    """
    way = way_to(session, ticket)
    if way is None or (way is Channel.SMS and kind != ANSWER and had_enough(session, ticket.sender_phone, kind, now)):
        return
    if kind != ACKNOWLEDGEMENT or ticket.id is None:  # else many tickets are posted with one flush
        session.flush()
    unique = {
        ACKNOWLEDGEMENT: ticket.id,
        ANSWER: message.id if message else None,
        TRANSFER: f"{ticket.id}:v{ticket.version}",
    }[kind]
    session.add(
        Outgoing(
            kind=kind,
            key=f"{kind}:{unique}",
            ticket_id=ticket.id,
            message_id=message.id if message else None,
            to_address=ticket.sender_email if way is Channel.EMAIL else ticket.sender_phone,
            channel=way,
            due=not_before or now,
            created_at=now,
        )
    )
