"""How much work lies with each service and each agent now. For supervisors, of the services they supervise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, case, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.figures.hours import Hours
from helpdesk.figures.looking import services_seen_by
from helpdesk.models import Agent, Membership, Message, Service, Ticket
from helpdesk.models.ticket import TODO
from helpdesk.tickets.clocks import calendar_of
from helpdesk.tickets.placing import closings_on, today_in
from helpdesk.tickets.sharing import away_on

# Written out, so that the indexes of answers and of statuses are seen to hold them.
_OUT, _WAITING = literal_column("'out'", String), literal_column("'waiting'", String)


@dataclass(frozen=True)
class Load:
    """`todo` waits for our answer, `late` and `soon` of it are overdue, or due until the end of the next working day;
    `unassigned` of it nobody follows. `waiting` waits for the person. `answered`: answers sent since Monday.
    """

    todo: int = 0
    late: int = 0
    soon: int = 0
    unassigned: int = 0
    waiting: int = 0
    answered: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Load)))


@dataclass(frozen=True)
class ServiceLoad:
    """The work of a service; `stand_in` is who does it today, while the service is closed."""

    service: Service
    load: Load
    stand_in: Service | None


@dataclass(frozen=True)
class AgentLoad:
    """The work of one agent in a service. `agent` is None for what nobody follows; `away`: is absent today."""

    agent: Agent | None
    load: Load
    away: bool
    member: bool


def load_of_services(agent: Agent, now: datetime) -> list[ServiceLoad]:
    """Every active service that the agent supervises, those with most that is late first. Raises NotFound for who
    supervises none.
    """
    services = [service for service in services_seen_by(agent) if service.active]
    loads = _loads(db.session(), services, now)
    closed = closings_on(db.session(), services, now) if services else {}
    found: dict[int, Load] = {}
    for (service_id, _agent_id), load in loads.items():
        found[service_id] = found.get(service_id, Load()) + load
    rows = [
        ServiceLoad(
            service, found.get(service.id, Load()), closed[service.id].stand_in if service.id in closed else None
        )
        for service in services
    ]
    return sorted(rows, key=lambda row: (-row.load.late, -row.load.soon, -row.load.todo))


def load_of_agents(agent: Agent, slug: str, now: datetime) -> tuple[Service, list[AgentLoad]]:
    """Who follows how much in a service: what nobody follows first, then its members and whoever else holds some of its
    tickets, by name. Raises NotFound for a service that the agent does not supervise.
    """
    service = next((each for each in services_seen_by(agent) if each.slug == slug and each.active), None)
    if service is None:
        raise NotFound("Ce service n’existe pas ou vous n’en êtes pas superviseur.")
    session = db.session()
    loads = {agent_id: load for (_service, agent_id), load in _loads(session, [service], now).items()}
    members = set(session.scalars(select(Membership.agent_id).where(Membership.service_id == service.id)))
    named = Agent.id.in_({*members, *(number for number in loads if number)})
    people = session.scalars(select(Agent).where(named).order_by(Agent.name, Agent.id)).all()
    away = away_on(session, [each.id for each in people], today_in(service, now))
    nobody = AgentLoad(None, loads.get(None, Load()), away=False, member=False)
    rows = [AgentLoad(each, loads.get(each.id, Load()), each.id in away, each.id in members) for each in people]
    return service, [nobody, *(row for row in rows if (row.member and row.agent and row.agent.active) or row.load.todo)]


def _loads(session: Session, services: Sequence[Service], now: datetime) -> dict[tuple[int, int | None], Load]:
    """By service and agent (None: nobody)."""
    ids = [service.id for service in services]
    late, soon = Ticket.due_at <= now, and_(Ticket.due_at > now, _due_soon(services, now))
    nobody = Ticket.assignee_id.is_(None)
    by = (Ticket.service_id, Ticket.assignee_id)
    todo = select(*by, func.count(), *(func.sum(case((each, 1), else_=0)) for each in (late, soon, nobody)))
    found: dict[tuple[int, int | None], Load] = {
        (service_id, agent_id): Load(*counts)
        for service_id, agent_id, *counts in session.execute(todo.where(text(TODO), by[0].in_(ids)).group_by(*by))
    }
    waiting = select(*by, func.count()).where(Ticket.status == _WAITING, by[0].in_(ids)).group_by(*by)
    answers = select(Message.service_id, Message.agent_id, func.count()).where(
        Message.direction == _OUT, _since_monday(services, now)
    )
    answers = answers.group_by(Message.service_id, Message.agent_id)
    more: list[tuple[Any, int | None, Load]] = [
        *((row[0], row[1], Load(waiting=row[2])) for row in session.execute(waiting)),
        *((row[0], row[1], Load(answered=row[2])) for row in session.execute(answers)),
    ]
    for service_id, agent_id, load in more:
        found[service_id, agent_id] = found.get((service_id, agent_id), Load()) + load
    return found


def _due_soon(services: Sequence[Service], now: datetime) -> ColumnElement[bool]:
    """Due until the service closes on its next working day."""
    hours: dict[tuple[str | None, str], datetime] = {}
    until: dict[datetime, list[int]] = {}
    for service in services:
        key = (service.academy, service.timezone)
        if key not in hours:
            hours[key] = Hours(calendar_of(service)).end_of_next_day(now)
        until.setdefault(hours[key], []).append(service.id)
    return or_(*(Ticket.due_at <= moment if len(until) == 1 else _both(ids, moment) for moment, ids in until.items()))


def _both(ids: Iterable[int], moment: datetime) -> ColumnElement[bool]:
    return and_(Ticket.service_id.in_(ids), Ticket.due_at <= moment)


def _since_monday(services: Sequence[Service], now: datetime) -> ColumnElement[bool]:
    """Since the week began where the service works."""
    zones: dict[str, list[int]] = {}
    for service in services:
        zones.setdefault(service.timezone, []).append(service.id)
    return or_(
        *(and_(Message.service_id.in_(ids), Message.at >= monday(timezone, now)) for timezone, ids in zones.items())
    )


def monday(timezone: str, now: datetime) -> datetime:
    """When the week began there."""
    here = now.astimezone(ZoneInfo(timezone))
    return datetime.combine(here.date() - timedelta(days=here.weekday()), time(), here.tzinfo)
