"""What an incident is shown with: its tickets, and those that may be of it."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.models import Agent, Incident, IncidentTicket, Message, Ticket
from helpdesk.stems import stem, words
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.incidents.matching import is_about, matches
from helpdesk.tickets.incidents.sight import reaching
from helpdesk.tickets.incidents.states import IncidentState
from helpdesk.tickets.lifecycle import LIVE
from helpdesk.vocabulary import Direction, Status

AT_MOST = 200  # tickets of one list
EARLIER = timedelta(hours=24)  # who wrote before an incident was written down may have met it already


def incident_with(ticket: Ticket) -> Incident | None:
    """The incident of a ticket that the caller may see."""
    query = select(Incident).join(IncidentTicket).where(IncidentTicket.ticket_id == ticket.id)
    return db.session.scalar(query)


def tickets_in(agent: Agent, incident: Incident) -> Sequence[Ticket]:
    """Its tickets that the agent may see, those that wait for us first; at most AT_MOST."""
    done = Ticket.status.in_((Status.SOLVED, Status.CLOSED))
    query = select(Ticket).join(IncidentTicket).where(IncidentTicket.incident_id == incident.id, visible_to(agent))
    shown = query.options(joinedload(Ticket.service)).order_by(done, Ticket.id.desc()).limit(AT_MOST)
    return db.session.scalars(shown).all()


def offered_for(agent: Agent, ticket: Ticket, text: str) -> Sequence[Incident]:
    """The incidents that a live ticket in none may be of; `text` is what its person wrote."""
    if ticket.status not in LIVE:
        return []
    since = Incident.starts_at <= ticket.received_at + EARLIER
    lasting = db.session.scalars(select(Incident).where(Incident.state != IncidentState.ENDED, since)).all()
    said = f"{ticket.subject}\n{text}"
    fitting = [each.id for each in lasting if matches(ticket.topic, ticket.academy, said, reach(each))]
    if not fitting:  # as on most days
        return []
    seen = select(Incident).where(Incident.id.in_(fitting), reaching(agent)).order_by(Incident.id.desc())
    return db.session.scalars(seen.limit(AT_MOST)).all()


def offered_to(agent: Agent, incident: Incident) -> Sequence[Ticket]:
    """Live tickets in the agent's sight that may be about the incident and are in none, newest first."""
    if incident.state is IncidentState.ENDED:
        return []
    free = ~select(IncidentTicket.ticket_id).where(IncidentTicket.ticket_id == Ticket.id).exists()
    where: list[ColumnElement[bool]] = [
        free,
        visible_to(agent),
        Ticket.status.in_(LIVE),
        Ticket.received_at >= incident.starts_at - EARLIER,
    ]
    if incident.academies:
        where.append(Ticket.academy.in_(incident.academies.split()))
    if incident.topics:
        where.append(Ticket.topic.in_(incident.topics.split()))
    query = select(Ticket).where(*where).options(joinedload(Ticket.service)).order_by(Ticket.id.desc())
    found = db.session.scalars(query.limit(AT_MOST if not incident.words else 5 * AT_MOST)).all()
    if incident.words and found:
        said = first_words(found)
        wanted = stems_of(incident.words)
        found = [each for each in found if is_about(f"{each.subject}\n{said.get(each.id, '')}", wanted)]
    return found[:AT_MOST]


def reach(incident: Incident) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Its académies, topics and stems, as `matches` takes them."""
    return frozenset(incident.academies.split()), frozenset(incident.topics.split()), stems_of(incident.words)


def stems_of(text: str) -> frozenset[str]:
    """The stems of words that somebody typed, parted by spaces or commas."""
    return frozenset(stem(word.folded) for word in words(text, 40))


def first_words(tickets: Collection[Ticket]) -> dict[int, str]:
    """What the person wrote first, by the ticket's id."""
    query = select(Message.ticket_id, Message.text).where(
        Message.ticket_id.in_([each.id for each in tickets]), Message.direction == Direction.IN
    )
    return dict(db.session.execute(query.order_by(Message.id.desc())).all())
