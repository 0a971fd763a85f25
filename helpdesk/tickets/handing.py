"""Handing an agent's tickets on, many at once: to a colleague, or back to their service.

By a supervisor, who chooses, or when an absence begins, as was said when it was noted; what nobody has touched since
comes back when the absence is ended. One transaction a ticket, so that nobody waits for all of them: stopped halfway,
what is left can be handed on again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed
from helpdesk.models import Absence, Agent, Event, Membership, Service, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.access import service_for
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.placing import give, today_in
from helpdesk.tickets.sharing import member_of, waiting_in

AT_MOST = 500  # tickets that one act hands on
# What says that somebody has taken care of a ticket since it was handed on.
_TOUCHED = (history.REPLIED, history.TAKEN, history.GIVEN, history.HANDED, history.RELEASED, history.TRANSFERRED)
_FAR_EAST = timedelta(hours=14)  # the day begins there first


Still = Callable[[Session, Ticket], bool]  # whether a ticket is still as it was when it was chosen


@dataclass(frozen=True)
class _Handing:
    """From whom, to whom (None: back to the service), and by which agent (None: the software, for the absence)."""

    member: Agent
    to: Agent | None
    by: Agent | None = None
    absence_id: int | None = None


def hand_on(
    agent: Agent, slug: str, member_id: int, to_id: int | None, references: Collection[str] | None, now: datetime
) -> int:
    """Take from a member the tickets that wait for the member's answer: those of the references, or all (None).

    They go to the colleague `to_id` or, without one, back to the service, which gives them out where it gives tickets
    out. Returns how many went; what somebody took or finished meanwhile stays. Raises NotFound for a service of which
    the agent is no supervisor, or somebody who is not in it.
    """
    session = db.session()
    service = service_for(session, agent, slug)
    member = member_of(session, service, member_id)
    to = member_of(session, service, to_id) if to_id is not None else None
    if to is not None and (to.id == member.id or not to.active):
        raise NotAllowed("Choisissez un autre agent du service.")
    held = and_(waiting_in(service), Ticket.assignee_id == member.id)
    if references is not None:
        held = and_(held, Ticket.reference.in_(references))
    ids = session.scalars(select(Ticket.id).where(held).order_by(Ticket.id).limit(AT_MOST)).all()
    handing = _Handing(member, to, agent)

    def still_theirs(session: Session, ticket: Ticket) -> bool:
        return service_for(session, agent, slug).id == ticket.service_id and ticket.assignee_id == member.id

    return _hand_all(ids, handing, still_theirs, now)


def start_absences(now: datetime) -> int:
    """Hand on the tickets of everybody whose absence has begun and for whom that was said; returns how many went."""
    session = db.session()
    soon = Absence.first_day <= (now + _FAR_EAST).date()
    planned = select(Absence).where(Absence.handed_at.is_(None), Absence.gives_back | Absence.stand_in_id.is_not(None))
    absences = session.scalars(planned.where(soon).order_by(Absence.id)).all()
    return sum(_start(session, absence, now) for absence in absences if _has_begun(session, absence, now))


def start_absence(agent: Agent, slug: str, member_id: int, now: datetime) -> int:
    """The same at once for a member, when an absence has just been noted."""
    session = db.session()
    member = member_of(session, service_for(session, agent, slug), member_id)
    planned = select(Absence).where(Absence.agent_id == member.id, Absence.handed_at.is_(None))
    absences = session.scalars(planned.where(Absence.gives_back | Absence.stand_in_id.is_not(None))).all()
    return sum(_start(session, absence, now) for absence in absences if _has_begun(session, absence, now))


def end_absence(agent: Agent, slug: str, absence_id: int, now: datetime) -> int:
    """Forget an absence of a member; one that is gone already stays gone. What was handed on because of it comes back,
    as far as nobody has touched it since; returns how many came back.
    """
    session: Session = db.session()
    service = service_for(session, agent, slug)
    absence = session.get(Absence, absence_id)
    if absence is None:
        return 0
    member = member_of(session, service, absence.agent_id)
    last = aliased(Event)
    handed = select(func.max(last.id)).where(last.ticket_id == Ticket.id, last.kind.in_(_TOUCHED))
    because = Event.data["absence"].as_integer() == absence.id
    holder = Ticket.assignee_id == absence.stand_in_id if absence.stand_in_id else Ticket.assignee_id.is_(None)
    untouched = select(Ticket.id).join(Event, Event.ticket_id == Ticket.id).where(
        Ticket.status.in_(AWAITING), holder, because, Event.id == handed.scalar_subquery()
    )  # fmt: skip
    ids = session.scalars(untouched.order_by(Ticket.id).limit(AT_MOST)).all()
    stand_in_id, handing = absence.stand_in_id, _Handing(member, member, agent)
    with transaction() as session:
        if (gone := session.get(Absence, absence_id)) is not None:
            session.delete(gone)
    return sum(
        _hand(ticket_id, handing, lambda _s, ticket: ticket.assignee_id == stand_in_id, now) for ticket_id in ids
    )


def _has_begun(session: Session, absence: Absence, now: datetime) -> bool:
    """Whether it is its time in every service of the agent."""
    services = session.scalars(select(Service).join(Membership).where(Membership.agent_id == absence.agent_id)).all()
    return all(absence.first_day <= today_in(service, now) <= absence.last_day for service in services)


def _start(session: Session, absence: Absence, now: datetime) -> int:
    """A stand-in gets what is of the services in which both work; it is done again after a stop halfway."""
    held = and_(Ticket.assignee_id == absence.agent_id, Ticket.status.in_(AWAITING))
    if absence.stand_in_id:
        held = and_(held, Ticket.service_id.in_(select(Membership.service_id).filter_by(agent_id=absence.stand_in_id)))
    ids = session.scalars(select(Ticket.id).where(held).order_by(Ticket.id)).all()
    handing = _Handing(absence.agent, absence.stand_in, absence_id=absence.id)
    member_id, absence_id = absence.agent_id, absence.id
    count = _hand_all(ids, handing, lambda _session, ticket: ticket.assignee_id == member_id, now)
    with transaction() as session:
        if (done := session.get(Absence, absence_id)) is not None:
            done.handed_at = now
    return count


def _hand_all(ids: Sequence[int], handing: _Handing, still: Still, now: datetime) -> int:
    return sum(_hand(ticket_id, handing, still, now) for ticket_id in ids)


def _hand(ticket_id: int, handing: _Handing, still: Still, now: datetime) -> bool:
    """One ticket, unless somebody else has acted on it since it was chosen."""
    with transaction() as session:
        ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
        if ticket.status not in AWAITING or not still(session, ticket):
            return False
        told: dict[str, str | int | None] = {
            "from": ticket.assignee.name if ticket.assignee else None,
            "to": handing.to.name if handing.to else None,
        }
        if handing.absence_id:
            told["absence"] = handing.absence_id
        ticket.assignee = session.get_one(Agent, handing.to.id) if handing.to else None
        history.record(session, ticket, history.HANDED, handing.by, now, told)
        if handing.to is None:
            give(session, ticket, now, but=session.get_one(Agent, handing.member.id))
        return True
