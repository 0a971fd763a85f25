"""What follows when a mail of ours did not arrive, whether our server said so at once or another one days later."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.models import Outgoing, Ticket
from helpdesk.outbox.post import ALARM, ANSWER
from helpdesk.tickets import history
from helpdesk.tickets.clocks import answer_did_not_arrive, following
from helpdesk.tickets.order.withdrawing import held_for_a_message
from helpdesk.vocabulary import Status

_ANSWERED = (Status.WAITING, Status.SOLVED)


def tell_agents(session: Session, outgoing: Outgoing, error: str, now: datetime) -> None:
    """An answer that did not arrive is no answer: the ticket is open again and its history says why. Where the ticket
    was merged into another meanwhile, that one is.
    """
    if outgoing.kind == ALARM:  # to agents already, and about no single ticket
        return
    held = held_for_a_message(session, session.get_one(Ticket, outgoing.ticket_id).reference)
    if held is None:
        return
    ticket, living = held
    data = {"outgoing": outgoing.id, "kind": outgoing.kind, "error": error}
    if outgoing.kind == ANSWER:
        open_again(ticket, outgoing, now)
        if living is not ticket and living.status in _ANSWERED:
            with following(living):
                told = {**data, "on": ticket.reference, "from": living.status}
                living.status, living.solved_at = Status.OPEN, None
                history.record(session, living, history.DELIVERY_FAILED, None, now, told)
    history.record(session, ticket, history.DELIVERY_FAILED, None, now, data)


def open_again(ticket: Ticket, answer: Outgoing, now: datetime) -> None:
    """Have the ticket as if that answer had not been given, if it counts as answered."""
    if ticket.status in _ANSWERED:
        ticket.status, ticket.solved_at = Status.OPEN, None
        answer_did_not_arrive(ticket, answer.created_at, now)
