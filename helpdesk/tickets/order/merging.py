"""Two tickets about one thing become one: one goes on, the other closes and shows where. Undone, both are as before.

Nothing is moved: each message stays on the ticket to which it was written, and what comes in later for the merged one
as well; pages put the threads together. Merges go one step deep: what goes on is not merged itself, and what is merged
has nothing merged into it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import IllegalMove, NotAllowed
from helpdesk.models import Agent, CallBack, Event, Message, Outgoing, Ticket, Withdrawal
from helpdesk.outbox.post import ANSWER
from helpdesk.outbox.undelivered import open_again
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.calls.plan import CallBackState
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import AWAITING, LIVE, Act, next_status
from helpdesk.tickets.order import withdrawing
from helpdesk.tickets.order.links import both
from helpdesk.vocabulary import DeliveryState, Direction, Status


def merge(agent: Agent, reference: str, into: str, now: datetime, *, same_family: bool = False) -> None:
    """Close the ticket and go on with `into`; both must be in the agent's sight. Done twice it changes nothing.

    `same_family`: the agent says that the two persons may know of each other, since answers go to the person of `into`.
    Raises NotAllowed or IllegalMove with the reason, in words.
    """
    if reference == into:
        raise NotAllowed("Une demande ne se fusionne pas avec elle-même.")
    with transaction() as session:
        ticket, survivor = both(session, agent, reference, into)
        known = withdrawing.withdrawal_of(session, ticket)
        if known is not None and known.into_id == survivor.id:
            return
        _check(session, ticket, survivor, same_family=same_family)
        waits_for_us = ticket.status in AWAITING
        withdrawing.withdraw(session, ticket, agent, now, survivor)
        with following(survivor):
            told: dict[str, Any] = {"to": ticket.reference, "back": 1}
            if survivor.status is Status.WAITING and waits_for_us:
                survivor.status, told["opened"] = next_status(survivor.status, Act.WAKE), 1
            history.record(session, survivor, history.MERGED, agent, now, told)
        history.record(session, ticket, history.MERGED, agent, now, {"to": survivor.reference})


def unmerge(agent: Agent, reference: str, other_reference: str, now: datetime) -> None:
    """Undo the merge of the two, said from either side; whoever sees the one that goes on may.

    The merged one comes back as it was, and to be answered if something came in for it meanwhile. The other one is what
    it was before, unless something happened to it since.

    Raises IllegalMove if they are not merged, or if the merged one was erased.
    """
    with transaction() as session:
        asked = ticket_for(session, agent, reference)
        other = session.scalar(select(Ticket).where(Ticket.reference == other_reference))
        found = _merge_of(session, asked, other)
        if found is None or found.into is None or other is None:
            raise IllegalMove("Ces deux demandes ne sont pas fusionnées, ou ne le sont plus.")
        survivor = ticket_for(session, agent, found.into.reference)
        for each in sorted((asked, other), key=lambda one: one.id):
            session.refresh(each, with_for_update=True)
        found = _merge_of(session, asked, other)
        if found is None or found.ticket.erased_at:
            raise IllegalMove("Ces deux demandes ne sont pas fusionnées, ou ne le sont plus.")
        ticket, heard = found.ticket, int(found.before["heard"])
        if _last_event(session, survivor) == (history.MERGED, ticket.reference):
            withdrawing.restore_into(found)
        since = found.at
        withdrawing.restore(session, found)
        _miss(session, ticket, since, now)
        history.record(session, survivor, history.UNMERGED, agent, now, {"to": ticket.reference, "back": 1})
        history.record(session, ticket, history.UNMERGED, agent, now, {"to": survivor.reference})
        session.flush()
        _hear(session, ticket, heard, now)


def _check(session: Session, ticket: Ticket, survivor: Ticket, *, same_family: bool) -> None:
    for each in (ticket, survivor):
        withdrawing.standing(session, each)
        if each.erased_at or each.archived_at:
            raise IllegalMove(f"{each.reference} est archivée : elle ne se fusionne plus.")
        if each.status not in LIVE:
            raise IllegalMove(
                f"{each.reference} est terminée : rouvrez-la d’abord, ou laissez les deux comme elles sont."
            )
    if withdrawing.merged_into(session, ticket):
        raise IllegalMove(f"D’autres demandes sont déjà fusionnées dans {ticket.reference} : gardez plutôt celle-ci.")
    called = exists().where(CallBack.ticket_id == ticket.id, CallBack.state == CallBackState.OPEN)
    if session.scalar(select(called)):
        raise IllegalMove(f"Un rappel est promis sur {ticket.reference} : faites-le d’abord, ou gardez cette demande.")
    if ticket.person_id != survivor.person_id and not same_family:
        raise NotAllowed("Ces demandes ne sont pas de la même personne : confirmez qu’elles sont de la même famille.")


def _merge_of(session: Session, one: Ticket, other: Ticket | None) -> Withdrawal | None:
    if other is None or one is other:
        return None
    ends = {one.id, other.id}
    pair = select(Withdrawal).where(Withdrawal.ticket_id.in_(ends), Withdrawal.into_id.in_(ends))
    return session.scalar(pair)


def _last_event(session: Session, ticket: Ticket) -> tuple[str, str]:
    last = session.scalars(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.id.desc()).limit(1)).one()
    return last.kind, str(last.data.get("to", ""))


def _miss(session: Session, ticket: Ticket, since: datetime, now: datetime) -> None:
    """An answer that came back while the ticket was merged was none there either, unless it has left again."""
    failed = (Event.ticket_id == ticket.id) & (Event.kind == history.DELIVERY_FAILED) & (Event.at >= since)
    for event in session.scalars(select(Event).where(failed)):
        mail = session.get(Outgoing, int(event.data["outgoing"]))
        if mail is not None and mail.kind == ANSWER and mail.state is DeliveryState.FAILED:
            open_again(ticket, mail, now)


def _hear(session: Session, ticket: Ticket, last: int, now: datetime) -> None:
    """What the person wrote to the ticket while it was merged waits for an answer there."""
    mine = (Message.ticket_id == ticket.id) & (Message.direction == Direction.IN) & (Message.id > last)
    message = session.scalar(select(Message.id).where(mine).order_by(Message.id.desc()).limit(1))
    if message is not None:
        with following(ticket):
            ticket.status = next_status(ticket.status, Act.PERSON_WRITES)
            ticket.solved_at = None
            history.record(session, ticket, history.PERSON_WROTE, None, now, {"message": message})
