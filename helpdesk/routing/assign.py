"""Applying a decision to a ticket: its service, its urgency, its due date, and the reason kept in its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.intake.message import IncomingMessage
from helpdesk.models import Service as ServiceRow
from helpdesk.models import Ticket
from helpdesk.routing.decide import decide
from helpdesk.routing.decision import Decision, school_told
from helpdesk.routing.geography import Geography
from helpdesk.routing.rulebook import Rulebook
from helpdesk.routing.school_search import open_directory
from helpdesk.routing.services import Service
from helpdesk.tickets import clocks, history
from helpdesk.tickets.placing import closings_on, give, place, settle
from helpdesk.vocabulary import Assignment

PARIS = ZoneInfo("Europe/Paris")
RULE_AT_MOST = 80  # characters of a rule's name that a ticket keeps


@dataclass(frozen=True)
class Routing:
    """What a decision needs: the rules and the map of France."""

    rulebook: Rulebook
    geography: Geography


def decision_for(incoming: IncomingMessage, routing: Routing, now: datetime) -> Decision:
    """As `decisions_for`, of one message."""
    return decisions_for([incoming], routing, now)[0]


def decisions_for(messages: Sequence[IncomingMessage], routing: Routing, now: datetime) -> list[Decision]:
    """Think, with the directory of schools if one was imported; nothing is written. Deadlines in the text are read
    against the day in Paris.
    """
    today = now.astimezone(PARIS).date()
    directory = open_directory(db.session())
    return [
        decide(incoming, routing.rulebook, routing.geography, today=today, now=now, directory=directory)
        for incoming in messages
    ]


def assign(session: Session, decided: Sequence[tuple[Ticket, Decision]], routing: Routing, now: datetime) -> None:
    """Put new tickets where the decisions say, or with whoever stands in there. Each whole decision goes into the
    history.
    """
    services = service_rows(session, {decision.service for _, decision in decided}, routing.rulebook)
    closings, to_give = closings_on(session, services.values(), now), []
    for ticket, decision in decided:
        _note(session, ticket, decision, now)
        service = services[decision.service]
        if place(session, ticket, service, closings.get(service.id), now):
            to_give.append(ticket)
    clocks.start([ticket for ticket, _ in decided], now)
    for ticket in to_give:
        if ticket.service.assignment is Assignment.LEAST_LOADED:
            session.flush()  # the load counts what was given a moment ago
        give(session, ticket, now)


def assign_again(session: Session, ticket: Ticket, decision: Decision, routing: Routing, now: datetime) -> None:
    """Put a ticket that nobody has touched where a later decision says, inside `clocks.following`."""
    _note(session, ticket, decision, now)
    settle(session, ticket, service_rows(session, {decision.service}, routing.rulebook)[decision.service], now)


def _note(session: Session, ticket: Ticket, decision: Decision, now: datetime) -> None:
    ticket.academy, ticket.topic = decision.academy, decision.topic
    ticket.audience, ticket.priority = decision.audience, decision.priority
    ticket.school_uai = school_told(decision.clues) or ticket.school_uai
    ticket.routed_academy, ticket.rule = decision.academy, decision.rule[:RULE_AT_MOST]
    ticket.clue_kinds = ",".join(sorted({clue.kind for clue in decision.clues}))
    history.record(session, ticket, history.ROUTED, None, now, decision.to_json())


def service_rows(session: Session, slugs: Collection[str], rulebook: Rulebook) -> dict[str, ServiceRow]:
    """The services of those slugs; a service that `config/` names and the table lacks is added, so that no ticket waits
    for an administrator. Raises KeyError for a slug that no rule can name.
    """
    rows = {row.slug: row for row in session.scalars(select(ServiceRow).where(ServiceRow.slug.in_(slugs)))}
    for slug in slugs:
        if slug not in rows:
            rows[slug] = _row_of(rulebook.service(slug))
            session.add(rows[slug])
    return rows


def sync_services(session: Session, rulebook: Rulebook) -> int:
    """Bring the table in step with `config/services.toml`; returns how many rows were added or changed.

    A service that left the file is retired, not deleted: its tickets and history stay.
    """
    changed = 0
    rows = {row.slug: row for row in session.scalars(select(ServiceRow))}
    for spec in rulebook.services:
        wanted = _row_of(spec)
        row = rows.pop(spec.slug, None)
        if row is None:
            session.add(wanted)
            changed += 1
            continue
        for column in ("kind", "name", "academy", "timezone", "email", "phone", "active"):
            if getattr(row, column) != getattr(wanted, column):
                setattr(row, column, getattr(wanted, column))
                changed += 1
    for row in rows.values():
        row.active = False
    return changed


def _row_of(spec: Service) -> ServiceRow:
    return ServiceRow(
        slug=spec.slug,
        kind=spec.kind,
        name=spec.name,
        academy=spec.academy,
        timezone=spec.timezone,
        email=spec.email,
        phone=spec.phone,
        active=True,
    )
