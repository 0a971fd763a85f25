"""How a service shares its work out: taken or given, who takes part, who is away. For its supervisors.

All take the agent and raise NotFound for a service of which the agent is no supervisor.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Absence, Agent, Membership, Service, Ticket
from helpdesk.tickets.access import service_for, supervised_by
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.placing import today_in
from helpdesk.vocabulary import Assignment

SHOWN = 25  # tickets of a preview


@dataclass(frozen=True)
class Member:
    """Somebody of the service. `absences` are those that are not over; `waiting` counts the tickets of this service
    that wait for this agent's answer.
    """

    agent: Agent
    takes_part: bool
    absences: Sequence[Absence]
    away: bool
    waiting: int


@dataclass(frozen=True)
class Waiting:
    """Tickets that wait for an answer: how many, and the most pressing of them."""

    count: int
    tickets: Sequence[Ticket]


def supervised_services(agent: Agent) -> Sequence[Service]:
    """The services of which the agent is a supervisor, by name; none for other agents."""
    return db.session.scalars(select(Service).where(supervised_by(agent), Service.active).order_by(Service.name)).all()


def supervised_service(agent: Agent, slug: str) -> Service:
    """One of them."""
    return service_for(db.session(), agent, slug)


def members(agent: Agent, slug: str, now: datetime) -> Sequence[Member]:
    """Who works in the service, by name; who has left only while tickets wait there."""
    service = supervised_service(agent, slug)
    today = today_in(service, now)
    counted = select(Ticket.assignee_id, func.count()).where(waiting_in(service)).group_by(Ticket.assignee_id)
    waiting = {row[0]: row[1] for row in db.session.execute(counted)}
    rows = db.session.scalars(
        select(Membership)
        .join(Agent)
        .where(Membership.service_id == service.id)
        .options(joinedload(Membership.agent))
        .order_by(Agent.name, Agent.id)
    ).all()
    absences = db.session.scalars(
        select(Absence)
        .where(Absence.agent_id.in_([row.agent_id for row in rows]), Absence.last_day >= today)
        .order_by(Absence.first_day)
    ).all()
    return [
        Member(
            agent=row.agent,
            takes_part=row.takes_part,
            absences=[absence for absence in absences if absence.agent_id == row.agent_id],
            away=any(absence.agent_id == row.agent_id and absence.first_day <= today for absence in absences),
            waiting=waiting.get(row.agent_id, 0),
        )
        for row in rows
        if row.agent.active or row.agent_id in waiting
    ]


def waiting_count(agent: Agent, slug: str) -> int:
    """How many tickets wait for an answer of the service."""
    service = supervised_service(agent, slug)
    return db.session.scalar(select(func.count()).select_from(Ticket).where(waiting_in(service))) or 0


def other_services(agent: Agent, slug: str) -> Sequence[Service]:
    """All services but this one."""
    service = supervised_service(agent, slug)
    return db.session.scalars(
        select(Service).where(Service.active, Service.id != service.id).order_by(Service.name)
    ).all()


def set_sharing(agent: Agent, slug: str, assignment: Assignment, taking_part: Collection[int]) -> None:
    """How the tickets of the service find their agent, and the ids of the members who take part."""
    with transaction() as session:
        service = service_for(session, agent, slug)
        service.assignment = assignment
        for row in session.scalars(select(Membership).where(Membership.service_id == service.id)):
            row.takes_part = row.agent_id in taking_part


def add_absence(
    agent: Agent,
    slug: str,
    member_id: int,
    first: date,
    last: date,
    *,
    now: datetime,
    stand_in_id: int | None = None,
    gives_back: bool = False,
) -> None:
    """Note that a member is away on those days, and what becomes of the member's tickets then (see `Absence`). Noted
    twice, it is there once, as it was noted last. NotAllowed for what is over already.
    """
    with transaction() as session:
        service = service_for(session, agent, slug)
        member = member_of(session, service, member_id)
        stand_in = member_of(session, service, stand_in_id) if stand_in_id is not None else None
        if last < today_in(service, now):
            raise NotAllowed("Cette absence est déjà passée.")
        if stand_in is not None and (stand_in.id == member.id or not stand_in.active):
            raise NotAllowed("Choisissez un autre agent du service pour la remplacer.")
        days = {"agent_id": member.id, "first_day": first, "last_day": last}
        absence = session.scalar(select(Absence).filter_by(**days)) or Absence(**days)
        absence.stand_in_id, absence.gives_back = stand_in.id if stand_in else None, gives_back
        session.add(absence)


def left_with(agent: Agent, slug: str, member_id: int) -> tuple[Agent, Waiting]:
    """The member, and the tickets of the service that wait for that member's answer."""
    service = supervised_service(agent, slug)
    member = member_of(db.session(), service, member_id)
    return member, shown(select(Ticket).where(waiting_in(service), Ticket.assignee_id == member.id))


def waiting_in(service: Service) -> ColumnElement[bool]:
    """Tickets that the service holds and that wait for its answer."""
    return and_(Ticket.service_id == service.id, Ticket.status.in_(AWAITING))


def shown(query: Select[Ticket]) -> Waiting:
    """How many tickets a query finds, and the first of them as a queue shows them."""
    count = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pressing = query.order_by(Ticket.priority, Ticket.due_at, Ticket.id).limit(SHOWN)
    rows = pressing.options(joinedload(Ticket.service), joinedload(Ticket.assignee))
    return Waiting(count, db.session.scalars(rows).all())


def away_on(session: Session, agent_ids: Collection[int], day: date) -> set[int]:
    """Ids of those of the agents who are absent that day."""
    there = Absence.agent_id.in_(agent_ids), Absence.first_day <= day, Absence.last_day >= day
    return set(session.scalars(select(Absence.agent_id).where(*there)))


def member_of(session: Session, service: Service, agent_id: int) -> Agent:
    """An agent who works in the service. Raises NotFound for others."""
    member = session.scalar(
        select(Agent).join(Membership).where(Membership.service_id == service.id, Agent.id == agent_id)
    )
    if member is None:
        raise NotFound("Cet agent n’est pas dans ce service.")
    return member
