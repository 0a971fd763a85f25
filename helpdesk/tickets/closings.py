"""Closing a service for some days: another stands in, and what it has not answered comes back at the end.

While the service is closed, `placing.settle` lends what is sent there. Verbs with an agent raise NotFound for a service
of which the agent is no supervisor.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Closing, Event, Message, Service, Ticket
from helpdesk.tickets import history
from helpdesk.tickets.access import service_for
from helpdesk.tickets.clocks import following
from helpdesk.tickets.lifecycle import AWAITING
from helpdesk.tickets.placing import TRIAGE, closing_on, lend, settle, today_in
from helpdesk.tickets.sharing import Waiting, shown, supervised_service, waiting_in
from helpdesk.vocabulary import Direction

AT_ONCE = 200  # tickets that one transaction moves


def closings_of(agent: Agent, slug: str, now: datetime) -> Sequence[Closing]:
    """Closings that are not over, of the service and of those it stands in for, by first day."""
    service = supervised_service(agent, slug)
    query = select(Closing).where(
        or_(Closing.service_id == service.id, Closing.stand_in_id == service.id),
        Closing.last_day >= today_in(service, now),
    )
    query = query.options(joinedload(Closing.service), joinedload(Closing.stand_in))
    return db.session.scalars(query.order_by(Closing.first_day, Closing.id)).all()


def plan(agent: Agent, slug: str, stand_in_slug: str, first: date, last: date, reason: str, *, now: datetime) -> None:
    """Close the service from the first day to the last, both included. Planned twice, it is planned once.

    Raises NotAllowed where the stand-in could not do it: no ticket is lent from service to service.
    """
    with transaction() as session:
        service = service_for(session, agent, slug)
        stand_in = session.scalar(select(Service).where(Service.slug == stand_in_slug, Service.active))
        if stand_in is None or stand_in.id == service.id:
            raise NotAllowed("Choisissez un autre service pour vous remplacer.")
        if service.kind == TRIAGE:
            raise NotAllowed("Le triage national ne ferme pas : c’est là que va ce qui n’a pas d’autre place.")
        if last < today_in(service, now):
            raise NotAllowed("Cette période est déjà passée.")
        # Two plans that touch the same service wait for each other, or each would miss the other.
        both = select(Service.id).where(Service.id.in_((service.id, stand_in.id))).order_by(Service.id)
        session.execute(both.with_for_update(key_share=True)).all()
        for other in _on_those_days(session, service, stand_in, first, last):
            if (other.service, other.stand_in, other.first_day, other.last_day) == (service, stand_in, first, last):
                return
            raise NotAllowed(_why_not(other, service, stand_in))
        told = {"first_day": first, "last_day": last, "reason": reason, "created_by": agent, "created_at": now}
        session.add(Closing(service=service, stand_in=stand_in, **told))


def end(agent: Agent, slug: str, closing_id: int, *, now: datetime) -> None:
    """Open again at once, or give up a closing that has not begun. What was lent comes back by itself."""
    with transaction() as session:
        service = service_for(session, agent, slug)
        closing = session.get(Closing, closing_id)
        today = today_in(service, now)
        if closing is None:
            return  # given up already
        if closing.service_id != service.id:
            raise NotFound("Cette fermeture n’existe pas.")
        if closing.first_day >= today:
            session.delete(closing)
        else:
            closing.last_day = min(closing.last_day, today - timedelta(days=1))


def waiting_at(agent: Agent, slug: str, closing_id: int, now: datetime) -> tuple[Closing, Waiting]:
    """The closing under which the service is, and the tickets that wait there for an answer. NotFound for another."""
    service = supervised_service(agent, slug)
    closing = closing_on(db.session(), service, now)
    if closing is None or closing.id != closing_id:
        raise NotFound("Le service n’est pas fermé pour cette période.")
    return closing, shown(select(Ticket).where(waiting_in(service)))


def lend_waiting(agent: Agent, slug: str, closing_id: int, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Lend what waits for an answer in the closed service; returns how many tickets. Ended halfway, it goes on when
    asked again.
    """
    waiting_at(agent, slug, closing_id, now)

    def lend_some(after: int) -> list[int]:
        with transaction() as session:
            closing = closing_on(session, service_for(session, agent, slug), now)
            if closing is None:
                return []
            tickets = _some(session, waiting_in(closing.service), after, at_once)
            for ticket in tickets:
                with following(ticket):
                    lend(session, ticket, closing, now)
                session.flush()  # the next one is given by what is so far
            return [ticket.id for ticket in tickets]

    return _in_batches(lend_some)


def return_lent(now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Bring home what services lent that are open again and that the stand-in has not answered; returns how many.

    What was answered stays where it is known. In batches of one transaction each: ended halfway, the next turn goes on.
    """
    lent = select(Ticket.lent_by_id).where(Ticket.lent_by_id.is_not(None), Ticket.status.in_(AWAITING)).distinct()
    homes = list(db.session.scalars(select(Service.id).where(Service.id.in_(lent), Service.active)))
    return sum(_in_batches(partial(_return_some, home, now, at_once)) for home in homes)


def _return_some(home_id: int, now: datetime, at_once: int, after: int) -> list[int]:
    with transaction() as session:
        home = session.get_one(Service, home_id)
        if closing_on(session, home, now):
            return []
        unanswered = and_(Ticket.lent_by_id == home.id, Ticket.status.in_(AWAITING), ~_answered_since_lent())
        tickets = _some(session, unanswered, after, at_once)
        for ticket in tickets:
            told = {"from": ticket.service.slug, "to": home.slug}
            history.record(session, ticket, history.RETURNED, None, now, told)
            with following(ticket):
                settle(session, ticket, home, now)
            session.flush()
        return [ticket.id for ticket in tickets]


def _answered_since_lent() -> ColumnElement[bool]:
    last_lent = select(func.max(Event.at)).where(Event.ticket_id == Ticket.id, Event.kind == history.LENT)
    return exists().where(
        Message.ticket_id == Ticket.id,
        Message.direction == Direction.OUT,
        Message.service_id == Ticket.service_id,
        Message.at >= last_lent.scalar_subquery(),
    )


def _in_batches(work: Callable[[int], list[int]]) -> int:
    """Call for what comes after an id until a batch is not full; a row held elsewhere is passed over."""
    moved, after = 0, 0
    while ids := work(after):
        moved, after = moved + len(ids), ids[-1]
    return moved


def _some(session: Session, wanted: ColumnElement[bool], after: int, at_once: int) -> Sequence[Ticket]:
    query = select(Ticket).where(wanted, Ticket.id > after).order_by(Ticket.id).limit(at_once)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _on_those_days(session: Session, service: Service, stand_in: Service, first: date, last: date) -> Sequence[Closing]:
    """Plans under which one of them is closed, or the service itself stands in."""
    concerned = or_(Closing.service_id.in_((service.id, stand_in.id)), Closing.stand_in_id == service.id)
    same_days = and_(Closing.first_day <= last, Closing.last_day >= first)
    return session.scalars(select(Closing).where(concerned, same_days).order_by(Closing.first_day)).all()


def _why_not(other: Closing, service: Service, stand_in: Service) -> str:
    days = f"du {other.first_day:%d/%m/%Y} au {other.last_day:%d/%m/%Y}"
    if other.service_id == service.id:
        return f"Votre service est déjà fermé {days}."
    if other.service_id == stand_in.id:
        return f"« {stand_in.name} » est fermé {days} : choisissez un autre service pour vous remplacer."
    return f"Votre service remplace « {other.service.name} » {days} : il ne peut pas fermer ces jours-là."
