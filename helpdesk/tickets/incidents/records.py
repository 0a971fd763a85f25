"""Keeping incidents: writing them down, their banner, their end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.knowledge.readers import banners
from helpdesk.knowledge.readers.banners import Notice, keeps
from helpdesk.models import Agent, Incident, IncidentTicket, Ticket
from helpdesk.tickets.access import ticket_for, visible_to
from helpdesk.tickets.incidents.joining import join
from helpdesk.tickets.incidents.sight import kept_by, reaching, seen_by
from helpdesk.tickets.incidents.states import IncidentState
from helpdesk.tickets.incidents.watching import burst_of

LATEST = 50


@dataclass(frozen=True)
class Said:
    """What is known of an incident. Without académies it is national; without topics about all of them."""

    title: str
    known: str
    academies: tuple[str, ...]
    topics: tuple[str, ...]
    words: str
    starts_at: datetime


@dataclass(frozen=True)
class Listed:
    """An incident, and how many of its tickets the agent may see."""

    incident: Incident
    tickets: int


def incident_list(agent: Agent) -> Sequence[Listed]:
    """The incidents that reach the agent's services: first those that last, then what has ended, latest first."""
    ended = Incident.state == IncidentState.ENDED
    query = select(Incident).where(reaching(agent)).options(joinedload(Incident.owner))
    found = db.session.scalars(query.order_by(ended, Incident.id.desc()).limit(LATEST)).all()
    counts = dict(
        db.session.execute(
            select(IncidentTicket.incident_id, func.count())
            .join(Ticket)
            .where(IncidentTicket.incident_id.in_([each.id for each in found]), visible_to(agent))
            .group_by(IncidentTicket.incident_id)
        ).all()
    )
    return [Listed(each, counts.get(each.id, 0)) for each in found]


def incident_of(agent: Agent, incident_id: int) -> Incident:
    """An incident that reaches the agent. Raises NotFound."""
    return seen_by(db.session(), agent, incident_id)


def write(
    agent: Agent, token: str, said: Said, now: datetime, *, about: str | None = None, burst_id: int | None = None
) -> int:
    """Write a new incident down; returns its id, the same for the same `token` of a form sent twice.

    `about` is the reference of a ticket that is its first, `burst_id` the burst that it explains. Raises NotFound for a
    reach, a ticket or a burst that is not the agent's.
    """
    with transaction() as session:
        owned = _within_reach(agent, said)
        known = session.scalar(select(Incident.id).where(Incident.token == token))
        if known is not None:
            return known
        incident = Incident(token=token, academy=owned[0], owner_id=agent.id, created_at=now)
        _put(incident, said)
        session.add(incident)
        session.flush()
        if about:
            join(session, ticket_for(session, agent, about), incident, agent, now)
        if burst_id is not None:
            burst_of(agent, burst_id).incident_id = incident.id
        return incident.id


def change(agent: Agent, incident_id: int, said: Said, *, revision: int) -> None:
    """Change what is known. Raises Changed if a colleague was quicker than this page's `revision`."""
    with transaction() as session:
        incident = kept_by(session, agent, incident_id)
        _within_reach(agent, said)
        if incident.revision != revision:
            raise Changed("Quelqu’un vient de modifier cet incident. Votre texte est gardé : comparez-le au sien.")
        incident.revision += 1
        _put(incident, said)


def move(agent: Agent, incident_id: int, state: IncidentState, now: datetime) -> None:
    """Say where it stands. Ended, it takes no more tickets and its banner goes; a second click changes nothing."""
    with transaction() as session:
        incident = kept_by(session, agent, incident_id)
        if incident.state is state:
            return
        if incident.state is IncidentState.ENDED:
            raise IllegalMove("Cet incident est terminé. S’il recommence, déclarez-en un nouveau.")
        incident.state = state
        if state is IncidentState.ENDED:
            incident.ended_at = now
            banner = incident.banner
            if banner is not None and (banner.ends_at is None or banner.ends_at > now):
                banners.take_away(session, banner, agent, now)


def publish_banner(agent: Agent, incident_id: int, notice: Notice, now: datetime) -> None:
    """Tell readers at once, where the incident reaches: `notice` gives the words and the end alone. A banner that
    stands already is not told twice.
    """
    with transaction() as session:
        incident = kept_by(session, agent, incident_id)
        if incident.state is IncidentState.ENDED:
            raise IllegalMove("Cet incident est terminé : il n’y a plus rien à annoncer.")
        if incident.banner is not None and (incident.banner.ends_at is None or incident.banner.ends_at > now):
            raise IllegalMove("Le bandeau de cet incident est déjà publié.")
        academies, topics = tuple(incident.academies.split()), tuple(incident.topics.split())
        placed = replace(notice, academies=academies, topics=topics, starts_at=now)
        incident.banner = banners.publish(session, agent, placed, now)


def _within_reach(agent: Agent, said: Said) -> tuple[str | None, ...]:
    owned = keeps(agent)
    if not owned:
        raise NotFound("Cette page est pour les superviseurs.")
    if None not in owned and (not said.academies or not set(said.academies) <= set(owned)):
        raise NotFound("Vous ne pouvez déclarer un incident que dans votre académie.")
    return owned


def _put(incident: Incident, said: Said) -> None:
    incident.title, incident.known, incident.words = said.title, said.known, said.words
    incident.academies, incident.topics = " ".join(said.academies), " ".join(said.topics)
    incident.starts_at = said.starts_at
