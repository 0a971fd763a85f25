"""Where every door leads: one message from outside becomes a ticket, or joins one, exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import N_, IllegalMove, NotFound
from helpdesk.files import FileStore
from helpdesk.intake.message import IncomingMessage
from helpdesk.intake.opening import Request, add_message, open_tickets, understand
from helpdesk.models import Message, Ticket
from helpdesk.routing.assign import Routing, decision_for
from helpdesk.routing.in_force import present
from helpdesk.tickets import history
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.order.withdrawing import held_for_a_message, restore, withdrawal_of
from helpdesk.vocabulary import Status


@dataclass(frozen=True)
class Receipt:
    """What became of a message. `new`: it opened this ticket. `repeated`: the very same message was here already.

    Neither: the message joined the ticket, or came under a known id with other words and was not stored (the caller
    may hand those words in again under another id).
    """

    ticket_id: int
    reference: str
    new: bool = False
    repeated: bool = False


Also = Callable[[Session, Ticket, Message], None]  # what a door writes in the same transaction


def receive(
    incoming: IncomingMessage,
    routing: Routing,
    files: FileStore,
    now: datetime,
    *,
    acknowledge: bool = True,
    also: Also | None = None,
) -> Receipt:
    """Open a ticket, route it and post its acknowledgement. Safe to call again with the same message.

    Raises Unavailable or StorageFull when it cannot be kept; nothing is half done then.
    """
    understood = understand(incoming, files)
    db.session.rollback()  # the rules of now, not those of a moment at which the caller read something
    routing = present(routing)
    request = Request(understood, decision_for(understood.incoming, routing, now), acknowledge)

    def open_ticket(session: Session) -> Receipt:
        (message,) = open_tickets(session, [request], routing, now)
        if also:
            also(session, message.ticket, message)
        return Receipt(message.ticket.id, message.ticket.reference, new=True)

    return _once(understood.incoming, open_ticket)


def receive_on(
    reference: str,
    incoming: IncomingMessage,
    files: FileStore,
    *,
    reopen_within: timedelta,
    now: datetime,
    also: Also | None = None,
) -> Receipt:
    """Add the message to a ticket that its sender has proved to hold. Safe to call again with the same message.

    Raises IllegalMove for a ticket closed longer ago than `reopen_within`.
    """
    understood = understand(incoming, files)

    def join_ticket(session: Session) -> Receipt:
        found = held_for_a_message(session, reference)
        if found is None:
            raise NotFound(N_("Cette demande n’existe pas."))
        said_to, ticket = found  # a merged ticket keeps its messages; what follows from them is of the one that goes on
        unwanted = withdrawal_of(session, ticket)
        if unwanted is not None:
            restore(session, unwanted)
            history.record(session, ticket, history.WANTED, None, now)
        long_ago = ticket.closed_at is not None and now - ticket.closed_at > reopen_within
        if ticket.archived_at or (ticket.status is Status.CLOSED and long_ago):
            raise IllegalMove(N_("Cette demande est close depuis longtemps. Faites une nouvelle demande."))
        with following(ticket):
            ticket.status = next_status(ticket.status, Act.PERSON_WRITES)
            ticket.solved_at = ticket.closed_at = None
            message = add_message(session, said_to, understood, now)
            session.flush()
            history.record(session, ticket, history.PERSON_WROTE, None, now, {"message": message.id})
            if also:
                also(session, said_to, message)
        return Receipt(said_to.id, said_to.reference)

    return _once(understood.incoming, join_ticket)


def _once(incoming: IncomingMessage, work: Callable[[Session], Receipt]) -> Receipt:
    """Do the work unless the message is known. Two at the same moment may add the same row, the message itself or the
    address of somebody new: the second is then done again and finds what the first has left.
    """

    def attempt() -> Receipt:
        with transaction() as session:
            return _known(session, incoming) or work(session)

    try:
        return attempt()
    except IntegrityError:
        return attempt()


def _known(session: Session, incoming: IncomingMessage) -> Receipt | None:
    row = session.execute(
        select(Ticket.id, Ticket.reference, Message.text)
        .join(Message)
        .where(Message.channel == incoming.channel, Message.external_id == incoming.external_id)
    ).first()
    return Receipt(row.id, row.reference, repeated=row.text == incoming.text) if row else None
