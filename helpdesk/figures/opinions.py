"""What a person says once we think that the problem is solved: one question, without an account, behind an own link.

Nobody is asked who had no answer of ours, whose request was none, or who may be in danger.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.models import Event, Opinion, Ticket
from helpdesk.privacy.masking import mask
from helpdesk.text import clean
from helpdesk.tickets import history
from helpdesk.vocabulary import Mark, Status

ASKED_FOR = timedelta(days=30)  # after the end
CHANGEABLE = timedelta(days=7)  # after the first word
LONGEST = 2_000  # characters of words
_NEVER = "protection"  # the kind of service, and the end of the topic, of people in danger


def asks(ticket: Ticket) -> bool:
    """Whether the person of the ticket, as it stands, is asked at all."""
    over = ticket.status in (Status.SOLVED, Status.CLOSED) and ticket.solved_at is not None
    real = ticket.answered_at is not None and not ticket.archived_at and not ticket.erased_at
    danger = ticket.service.kind == _NEVER or ticket.topic.endswith(_NEVER)
    return over and real and not danger and not (ticket.status is Status.CLOSED and _was_none(ticket))


def _was_none(ticket: Ticket) -> bool:
    """Whether the ticket is no request of its own: merged into another, or unwanted."""
    kinds = (history.MERGED, history.UNMERGED, history.UNWANTED, history.WANTED)
    said = select(Event).where(Event.ticket_id == ticket.id, Event.kind.in_(kinds)).order_by(Event.id.desc())
    last = next((event.kind for event in db.session.scalars(said) if not event.data.get("back")), "")
    return last in (history.MERGED, history.UNWANTED)


def may_answer(ticket: Ticket, opinion: Opinion | None, now: datetime) -> bool:
    """Whether an answer is taken now: for some weeks after the end, and once given, changed for some days."""
    if not asks(ticket) or ticket.solved_at is None:
        return False
    return now <= (opinion.first_at + CHANGEABLE if opinion else ticket.solved_at + ASKED_FOR)


def opinion_of(ticket: Ticket) -> Opinion | None:
    """What the person has said."""
    return db.session.get(Opinion, ticket.id)


def give_opinion(reference: str, mark: Mark, words: str, now: datetime) -> None:
    """Keep the answer of somebody who has proved to hold the ticket's link; the last word holds, said twice it counts
    once. Raises IllegalMove when none is taken any more.
    """
    with transaction() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.reference == reference).with_for_update())
        if ticket is None:
            raise NotFound("Cette demande n’existe pas.")
        opinion = session.get(Opinion, ticket.id)
        if not may_answer(ticket, opinion, now):
            raise IllegalMove("Il n’est plus possible de répondre à cette question.")
        words = mask(clean(words).strip()).text[:LONGEST]
        if opinion is not None and (opinion.mark, opinion.words) == (mark, words):
            return
        told = {"from": opinion.mark.value, "to": mark.value} if opinion else {"to": mark.value}
        opinion = opinion or Opinion(ticket_id=ticket.id, first_at=now)
        opinion.mark, opinion.words, opinion.at = mark, words, now
        session.add(opinion)
        history.record(session, ticket, history.JUDGED, None, now, told)
