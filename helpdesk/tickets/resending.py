"""Having a mail sent again that could not be delivered, to another address if the one on the ticket was wrong."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpdesk.errors import NotFound
from helpdesk.models import Address, Agent, Message, Outgoing, Ticket
from helpdesk.outbox.post import ALARM, ANSWER
from helpdesk.tickets import history
from helpdesk.tickets.actions import acting
from helpdesk.tickets.lifecycle import AWAITING, Act, next_status
from helpdesk.tickets.order.withdrawing import end_links
from helpdesk.vocabulary import Channel, DeliveryState, Direction


def resend(agent: Agent, reference: str, outgoing_id: int, address: str, *, now: datetime) -> bool:
    """Let a failed mail of the ticket leave again for the address, which is normalised. False if it is on its way
    already, or gone: asked twice, it leaves once.

    Another address than the ticket's becomes the ticket's. Links to the follow-up page end then: those that went to
    the wrong address open nothing.
    """
    with acting(agent, reference, merged=True) as (session, ticket):
        mail = session.scalar(
            select(Outgoing).where(Outgoing.id == outgoing_id, Outgoing.ticket_id == ticket.id, Outgoing.kind != ALARM)
        )
        if mail is None:
            raise NotFound("Ce courriel n’existe pas ou n’est pas dans vos services.")
        if mail.state is not DeliveryState.FAILED:
            return False
        if address != ticket.sender_email:
            _correct_address(session, ticket, address, agent, now)
        mail.to_address, mail.state, mail.due = address, DeliveryState.PENDING, now
        mail.channel = Channel.EMAIL  # what failed as a text message too: a number that failed fails again
        mail.earlier_attempts, mail.last_error = mail.attempts, ""
        history.record(session, ticket, history.RESENT, agent, now, {"outgoing": mail.id, "kind": mail.kind})
        if mail.kind == ANSWER and ticket.status in AWAITING and not _spoken_since(session, mail):
            # What failed had opened the ticket again; now it is the person's turn once more.
            ticket.status = next_status(ticket.status, Act.REPLY)
            ticket.answered_at = ticket.answered_at or now
        return True


def _correct_address(session: Session, ticket: Ticket, address: str, agent: Agent, now: datetime) -> None:
    told = {"before": ticket.sender_email, "after": address}
    ticket.sender_email = address
    end_links(session, ticket)
    if session.scalar(select(Address.id).where(Address.kind == "email", Address.value == address)) is None:
        ticket.person.addresses.append(Address(kind="email", value=address))
    history.record(session, ticket, history.ADDRESS_CORRECTED, agent, now, told)


def _spoken_since(session: Session, mail: Outgoing) -> bool:
    """Whether the person has written after the message that did not arrive."""
    after = exists().where(
        Message.ticket_id == mail.ticket_id, Message.id > (mail.message_id or 0), Message.direction == Direction.IN
    )
    return bool(session.scalar(select(after)))
