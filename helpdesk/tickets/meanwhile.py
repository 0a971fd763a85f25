"""What happened on a ticket while an agent was writing, and whether it holds the answer back.

Called by verbs inside their transaction, once they hold the ticket's row.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.errors import Changed
from helpdesk.models import Agent, Event, Message, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.holds import others
from helpdesk.tickets.order.withdrawing import said_on
from helpdesk.vocabulary import Direction

# What changes the answer that somebody would write; notes, priorities and the like do not.
_INTERRUPTING = (
    history.PERSON_WROTE,
    history.REPLIED,
    history.TAKEN_BACK,
    history.TAKEN,
    history.GIVEN,
    history.HANDED,
    history.TRANSFERRED,
    history.LENT,
    history.RETURNED,
    history.SOLVED,
    history.CLOSED,
    history.REOPENED,
    history.WOKEN,
    history.DELIVERY_FAILED,
    history.MERGED,
    history.UNMERGED,
    history.PERSON_CORRECTED,
    history.SCHOOL_CHANGED,
    history.SPLIT,
)


class Held(Changed):
    """A colleague is on the ticket. `agent_id` is whom to name when asking to go on all the same."""

    def __init__(self, text: str, agent_id: int) -> None:
        super().__init__(text)
        self.agent_id = agent_id


def nothing_since(session: Session, ticket: Ticket, agent: Agent, seen: int, told: int | None) -> None:
    """Raise Changed if a message came after `seen`, or if something else that counts happened after the event `told`
    by somebody else than the agent. Without `told` only messages are looked at.
    """
    unseen = said_on(ticket.id) & (Message.id > seen) & (Message.direction != Direction.NOTE)
    last = session.scalar(select(Message).where(unseen).order_by(Message.id.desc()).limit(1))
    if last is not None and last.agent_id == agent.id:
        raise Changed("Une réponse de vous est déjà enregistrée : relisez avant d’en envoyer une autre.")
    if last is not None and last.direction is Direction.OUT:
        raise Changed(f"{last.author_name} a répondu pendant que vous écriviez : relisez avant d’envoyer.")
    if last is not None:
        raise Changed("Un message est arrivé pendant que vous écriviez : relisez avant d’envoyer.")
    if told is not None and events_since(session, ticket, agent, told):
        raise Changed("La demande a changé pendant que vous écriviez : relisez avant d’envoyer.")


def events_since(session: Session, ticket: Ticket, agent: Agent, told: int) -> Sequence[Event]:
    """What others, or the software, did to the ticket after the event `told` and an answer must know, oldest first."""
    by_others = or_(Event.agent_id.is_(None), Event.agent_id != agent.id)
    unseen = (Event.ticket_id == ticket.id) & (Event.id > told) & Event.kind.in_(_INTERRUPTING)
    return session.scalars(select(Event).where(unseen, by_others).order_by(Event.id)).all()


def nobody_else(session: Session, ticket: Ticket, agent: Agent, despite: int, now: datetime) -> None:
    """Raise Held if a colleague is on the ticket, unless it is the one whom the agent was asked about (`despite`)."""
    hold = others(session, [ticket.id], agent, now).get(ticket.id)
    if hold is not None and hold.agent_id != despite:
        does = "écrit une réponse à cette demande" if hold.writing else "a cette demande ouverte"
        raise Held(f"{hold.agent.name} {does}. Rien n’est parti : envoyer quand même ?", hold.agent_id)
