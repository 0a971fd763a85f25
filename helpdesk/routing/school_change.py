"""Another school for a ticket that is there: where routing would send it then, and the change itself."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import Changed, NotAllowed
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Agent, Event, Message, Ticket
from helpdesk.routing import corrections
from helpdesk.routing.assign import Routing, decision_for
from helpdesk.routing.decision import Decision, school_told
from helpdesk.routing.directory import school_of
from helpdesk.routing.judge import incoming_of
from helpdesk.tickets import history
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.actions import acting, hand_over
from helpdesk.vocabulary import Direction

REASON = "L’établissement a été corrigé."


def preview(agent: Agent, reference: str, school: SchoolHint, routing: Routing, now: datetime) -> Decision | None:
    """What routing would decide of the ticket's first message with that school. Nothing is written. None for a ticket
    that was never routed. Raises NotFound for one out of sight.
    """
    ticket = ticket_for(db.session(), agent, reference)
    routed = select(Event.data).where(Event.ticket_id == ticket.id, Event.kind == history.ROUTED)
    stored = db.session.scalar(routed.order_by(Event.id.desc()).limit(1))
    if stored is None or ticket.erased_at:
        return None
    first = select(Message.text).where(Message.ticket_id == ticket.id, Message.direction == Direction.IN)
    text = db.session.scalar(first.order_by(Message.id).limit(1)) or ""
    incoming = incoming_of(ticket, Decision.from_json(stored), text)
    return decision_for(replace(incoming, school=meant(ticket, school)), routing, now)


def change_school(
    agent: Agent, reference: str, school: SchoolHint, routing: Routing, now: datetime, *, send_to: str = ""
) -> bool:
    """Give the ticket that school. With `send_to`, the service that a preview named, the ticket goes there as by a
    correction, all or nothing. Returns whether it was sent; said twice, it changes nothing.

    Raises what a correction raises, and Changed if routing would now send it elsewhere than the preview said.
    """
    decision = preview(agent, reference, school, routing, now)
    with acting(agent, reference) as (session, ticket):
        if ticket.erased_at:
            raise NotAllowed("Les données de cette demande ont été effacées.")
        _write(session, ticket, meant(ticket, school), decision, agent, now)
        here = {ticket.service.slug, ticket.lent_by.slug if ticket.lent_by else ""}
        if not send_to or send_to in here:
            return False
        if decision is None or decision.service != send_to:
            raise Changed("L’orientation n’est plus celle de l’aperçu : regardez la nouvelle, puis confirmez.")
        if corrections.was_decided(session, ticket, send_to):
            hand_over(session, ticket, send_to, REASON, agent, now)
        else:
            corrections.say(session, ticket, agent, send_to, "", REASON, now)
        return True


def meant(ticket: Ticket, school: SchoolHint) -> SchoolHint:
    """What was typed, made whole: the ticket's own code does not stay beside another name or town, a code that stands
    alone brings the directory's words, and the level is the ticket's.
    """
    said = (school.name, school.commune, school.postal_code)
    if school.uai and school.uai == ticket.school_uai and said != _words_of(ticket):
        school = replace(school, uai="")
    listed = school_of(school.uai) if not any(said) else None
    if listed is not None:
        school = SchoolHint(listed.name, listed.commune, listed.postal_code, school.uai)
    return replace(school, level=ticket.school_level)


def _write(
    session: Session, ticket: Ticket, school: SchoolHint, decision: Decision | None, agent: Agent, now: datetime
) -> None:
    said = (school.name, school.commune, school.postal_code)
    if said == _words_of(ticket) and school.uai in ("", ticket.school_uai):
        return
    before = _in_words(ticket)
    ticket.school_name, ticket.school_commune, ticket.school_postal_code = said
    ticket.school_uai = school.uai or (school_told(decision.clues) if decision else "")
    told = {"before": before, "after": _in_words(ticket)}
    history.record(session, ticket, history.SCHOOL_CHANGED, agent, now, told)


def _words_of(ticket: Ticket) -> tuple[str, str, str]:
    return ticket.school_name, ticket.school_commune, ticket.school_postal_code


def _in_words(ticket: Ticket) -> str:
    """« Collège Untel, 69003 Lyon (0690001A) », as histories keep it; empty where nothing is known."""
    place = f"{ticket.school_postal_code} {ticket.school_commune}".strip()
    words = ", ".join(filter(None, (ticket.school_name, place)))
    return " ".join(filter(None, (words, f"({ticket.school_uai})" if ticket.school_uai else "")))
