"""What follows when a mail of ours did not arrive, whether our server said so at once or another one days later."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.models import Outgoing, Ticket
from helpdesk.outbox.post import ALARM, ANSWER
from helpdesk.tickets import history
from helpdesk.tickets.clocks import answer_did_not_arrive
from helpdesk.vocabulary import Status


def tell_agents(session: Session, outgoing: Outgoing, error: str, now: datetime) -> None:
    """An answer that did not arrive is no answer: the ticket is open again and its history says why."""
    if outgoing.kind == ALARM:  # to agents already, and about no single ticket
        return
    ticket = session.get_one(Ticket, outgoing.ticket_id, with_for_update=True)
    if outgoing.kind == ANSWER and ticket.status in {Status.WAITING, Status.SOLVED}:
        ticket.status, ticket.solved_at = Status.OPEN, None
        answer_did_not_arrive(ticket, outgoing.created_at, now)
    data = {"outgoing": outgoing.id, "kind": outgoing.kind, "error": error}
    history.record(session, ticket, history.DELIVERY_FAILED, None, now, data)
