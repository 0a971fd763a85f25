"""What agents say of routing: that a request was sent to the wrong place, and how often that happens.

A transfer says that work goes on elsewhere; a correction says that it should have been there from the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from helpdesk.db import db
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Correction, Event, Service, Ticket
from helpdesk.routing.accuracy import Count, Group
from helpdesk.routing.decision import Decision
from helpdesk.tickets import history
from helpdesk.tickets.access import supervised_by, supervises, supervises_nationally, visible_to
from helpdesk.tickets.actions import acting, hand_over
from helpdesk.tickets.lifecycle import Act, next_status
from helpdesk.tickets.placing import TRIAGE

LISTED = 50  # corrections on a page; a download has all


@dataclass(frozen=True)
class Accuracy:
    """Figures of a period, and the latest corrections of tickets that the agent may see. `unseen` more are counted in
    the figures but are of tickets out of the agent's sight.
    """

    groups: Sequence[Group]
    corrections: Sequence[Correction]
    unseen: int


def correct(agent: Agent, reference: str, service_slug: str, topic: str, reason: str, *, now: datetime) -> None:
    """Say where routing should have sent the ticket, and about what it is; either may be empty for « that was right ».

    The ticket moves as by a transfer, unless it is there already. Said again, the last word holds and counts no more
    than once; the word that routing was right after all takes the correction back. Raises what a transfer raises, and
    NotAllowed where there was no routing or nothing is said to be wrong.
    """
    with acting(agent, reference) as (session, ticket):
        say(session, ticket, agent, service_slug, topic, reason, now)


def say(
    session: Session, ticket: Ticket, agent: Agent, service_slug: str, topic: str, reason: str, now: datetime
) -> None:
    """The writing part of `correct`, for verbs that do more with it; the ticket's row is held."""
    next_status(ticket.status, Act.TRANSFER)  # what is over is left alone, its topic too
    routed_at, decision = _routing_of(session, ticket)
    known = session.scalar(_of_routing(ticket, routed_at))
    before = _service(session, decision.service)
    meant = _service(session, service_slug) if service_slug else known.service_after if known else before
    topic = topic or (known.topic_after if known else decision.topic)
    was_right = (meant, topic) == (before, decision.topic)
    if was_right and known is None:
        raise NotAllowed("C’est ce qui a été décidé. Dites quel service ou quel sujet aurait été le bon.")
    if known and (meant, topic) == (known.service_after, known.topic_after) and _is_at(ticket, meant, topic):
        return  # said twice
    _move(session, ticket, meant if service_slug else None, topic, reason, agent, now)
    if was_right:
        session.delete(known)
        return
    correction = known or Correction(ticket=ticket, routed_at=routed_at)
    _fill(correction, decision, before, meant, topic)
    correction.agent, correction.reason, correction.at = agent, reason, now
    session.add(correction)


def was_decided(session: Session, ticket: Ticket, service_slug: str) -> bool:
    """Whether routing chose that service and nobody has said that it was wrong."""
    routed_at, decision = _routing_of(session, ticket)
    return decision.service == service_slug and session.scalar(_of_routing(ticket, routed_at)) is None


def _of_routing(ticket: Ticket, routed_at: datetime) -> Select[Correction]:
    return select(Correction).where(Correction.ticket_id == ticket.id, Correction.routed_at == routed_at)


def _routing_of(session: Session, ticket: Ticket) -> tuple[datetime, Decision]:
    routed = session.scalar(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.kind == history.ROUTED)
        .order_by(Event.id.desc())
        .limit(1)
    )
    if routed is None:
        raise NotAllowed("Cette demande a été rangée à la main : il n’y a pas d’orientation à corriger.")
    return routed.at, Decision.from_json(routed.data)


def _service(session: Session, slug: str) -> Service:
    service = session.scalar(select(Service).where(Service.slug == slug))
    if service is None:
        raise NotFound("Ce service n’existe pas.")
    return service


def _is_at(ticket: Ticket, service: Service, topic: str) -> bool:
    """Whether the ticket is about that and there, or lent from there."""
    return ticket.topic == topic and service.id in (ticket.service_id, ticket.lent_by_id)


def _move(
    session: Session, ticket: Ticket, meant: Service | None, topic: str, reason: str, agent: Agent, now: datetime
) -> None:
    """Let the ticket follow what was said, each change with its event."""
    if topic != ticket.topic:
        told = {"from": ticket.topic, "to": topic, "reason": reason}
        ticket.topic = topic
        history.record(session, ticket, history.TOPIC_CHANGED, agent, now, told)
    if meant is None:
        return
    if _is_at(ticket, meant, topic):
        history.record(session, ticket, history.MISROUTED, agent, now, {"to": meant.slug, "reason": reason})
    else:
        hand_over(session, ticket, meant.slug, reason, agent, now, {"misrouted": True})


def _fill(correction: Correction, decision: Decision, before: Service, meant: Service, topic: str) -> None:
    correction.rule, correction.clue_kinds = correction.ticket.rule, correction.ticket.clue_kinds
    correction.service_before, correction.service_after = before, meant
    correction.topic_before, correction.topic_after = decision.topic, topic
    correction.academy_before = decision.academy
    # A national service says nothing of the académie; sent to triage, it was not to be known.
    correction.academy_after = meant.academy or (None if meant.kind == TRIAGE else decision.academy)


def accuracy(agent: Agent, days: int, now: datetime) -> Accuracy:
    """Figures of the last `days` by date of receipt, and of as many before. Supervisors of a national service see all
    of France, others what was sent to their académies. Raises NotFound for who is no supervisor.
    """
    _check_supervisor(agent)
    since, latest = now - timedelta(days=days), Correction.at.desc()
    here = _concerns(agent, Correction.academy_before), Correction.routed_at >= since
    listed = _seen_by(agent, since).order_by(latest, Correction.id.desc()).limit(LISTED)
    counted = select(func.count()).select_from(Correction).where(*here)
    seen = counted.join(Ticket, Ticket.id == Correction.ticket_id).where(visible_to(agent))
    return Accuracy(
        groups=_groups(agent, since, since - timedelta(days=days)),
        corrections=db.session.scalars(listed).all(),
        unseen=(db.session.scalar(counted) or 0) - (db.session.scalar(seen) or 0),
    )


def corrections_since(agent: Agent, days: int, now: datetime) -> Sequence[Correction]:
    """Every correction of the period whose ticket the agent may see, oldest first. Raises as `accuracy`."""
    _check_supervisor(agent)
    query = _seen_by(agent, now - timedelta(days=days)).order_by(Correction.at, Correction.id)
    return db.session.scalars(query).all()


def _check_supervisor(agent: Agent) -> None:
    if not db.session.scalar(select(supervises(agent))):
        raise NotFound("Cette page est pour les superviseurs.")


def _concerns(agent: Agent, academy: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    own = select(Service.academy).where(supervised_by(agent), Service.academy.is_not(None))
    return or_(supervises_nationally(agent), academy.in_(own))


def _seen_by(agent: Agent, since: datetime) -> Select[Correction]:
    return (
        select(Correction)
        .join(Ticket, Ticket.id == Correction.ticket_id)
        .where(visible_to(agent), Correction.routed_at >= since)
        .options(
            joinedload(Correction.ticket),
            joinedload(Correction.agent),
            joinedload(Correction.service_before),
            joinedload(Correction.service_after),
        )
    )


def _groups(agent: Agent, since: datetime, earlier: datetime) -> list[Group]:
    """One pass over an index of tickets, one over the few corrections: a million tickets are counted fast."""
    routed = db.session.execute(
        select(Ticket.rule, Ticket.clue_kinds, func.count(), func.count().filter(Ticket.received_at >= since))
        .where(Ticket.received_at >= earlier, Ticket.rule != "", _concerns(agent, Ticket.routed_academy))
        .group_by(Ticket.rule, Ticket.clue_kinds)
    ).all()
    misplaced = Correction.academy_before.is_distinct_from(Correction.academy_after)
    recent = Correction.routed_at >= since
    said = db.session.execute(
        select(
            Correction.rule,
            Correction.clue_kinds,
            func.count(),
            func.count().filter(misplaced),
            func.count().filter(recent),
            func.count().filter(recent, misplaced),
        )
        .where(Correction.routed_at >= earlier, _concerns(agent, Correction.academy_before))
        .group_by(Correction.rule, Correction.clue_kinds)
    ).all()
    wrong = {(rule, kinds): counts for rule, kinds, *counts in said}
    groups = []
    for rule, kinds, total, now in routed:
        corrected, misplaced_, corrected_now, misplaced_now = wrong.get((rule, kinds), (0, 0, 0, 0))
        period = Count(now, corrected_now, misplaced_now)
        before = Count(total - now, corrected - corrected_now, misplaced_ - misplaced_now)
        groups.append(Group(rule, tuple(filter(None, kinds.split(","))), period, before))
    return groups
