"""One answer for all the tickets of an incident: each person is told once, in the channel that reaches her.

Sending writes down first what is to be done, one row a ticket; then each ticket is answered in a transaction of its
own, by the page that sent it or by the duty. Ended anywhere, it goes on from there, and no row is done twice. Where an
agent should look first nothing is sent, and the row says why.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove
from helpdesk.models import Agent, Incident, IncidentAnswer, IncidentPart, IncidentTicket, Message, Ticket
from helpdesk.outbox.ways import way_to
from helpdesk.tickets import history
from helpdesk.tickets.access import visible_to
from helpdesk.tickets.actions import answer
from helpdesk.tickets.clocks import following
from helpdesk.tickets.holds import present
from helpdesk.tickets.incidents.sight import kept_by, seen_by
from helpdesk.tickets.incidents.states import PartState
from helpdesk.tickets.incidents.wording import written
from helpdesk.tickets.lifecycle import LIVE, Act, next_status
from helpdesk.vocabulary import Channel, Direction

AT_MOST = 20_000  # tickets of one answer


class Whom(StrEnum):
    """Whose tickets an answer is for: all that are live, or those that no answer of the incident has reached."""

    ALL = "all"
    NOT_YET = "not-yet"


@dataclass(frozen=True)
class Words:
    """What is to be said, with fields (see wording)."""

    text: str
    english: str = ""
    solves: bool = False


@dataclass(frozen=True)
class Preview:
    """Who would be told: persons by mail, by text message, on the follow-up page alone (`none`); and tickets, which
    are more where a person has several. `elsewhere`: tickets of the incident that the agent may not see. `seen` is the
    last message of all, for `send`; `first` one of the tickets, as an example.
    """

    tickets: int
    mail: int
    sms: int
    none: int
    elsewhere: int
    seen: int
    first: Ticket | None

    @property
    def persons(self) -> int:
        return self.mail + self.sms + self.none


def preview(agent: Agent, incident_id: int, whom: Whom) -> Preview:
    """What `send` would do now."""
    session = db.session()
    incident = seen_by(session, agent, incident_id)
    chosen = _chosen(session, agent, incident, whom)
    ways = Counter(_way(session, tickets)[1] for tickets in _by_person(chosen).values())
    live = select(func.count()).select_from(IncidentTicket).join(Ticket)
    everywhere = session.scalar(live.where(IncidentTicket.incident_id == incident.id, Ticket.status.in_(LIVE))) or 0
    own = len(chosen) if whom is Whom.ALL else len(_chosen(session, agent, incident, Whom.ALL))
    last = session.scalar(select(func.max(Message.id))) or 0
    return Preview(
        tickets=len(chosen),
        mail=ways[Channel.EMAIL],
        sms=ways[Channel.SMS],
        none=ways[None],
        elsewhere=everywhere - own,
        seen=last,
        first=chosen[0] if chosen else None,
    )


def send(agent: Agent, incident_id: int, token: str, words: Words, whom: Whom, seen: int, now: datetime) -> int:
    """Write down what is to be sent; returns the id of the answer, the same for the same `token`. `go_on` does it.

    `seen` is the preview's: a ticket on which something was said after it is left out. Raises IllegalMove where there
    is nobody to tell.
    """
    with transaction() as session:
        incident = kept_by(session, agent, incident_id)
        known = session.scalar(select(IncidentAnswer.id).where(IncidentAnswer.token == token))
        if known is not None:
            return known
        chosen = _chosen(session, agent, incident, whom)
        if not chosen:
            raise IllegalMove("Plus aucune demande de cet incident n’attend cette réponse.")
        said = IncidentAnswer(incident_id=incident.id, token=token, agent_id=agent.id, at=now)
        said.text, said.english, said.solves = words.text, words.english, words.solves
        session.add(said)
        session.flush()
        last = _last_words(session, chosen)
        for person_id, tickets in _by_person(chosen).items():
            first, _ = _way(session, tickets)
            for ticket in tickets:
                part = IncidentPart(answer_id=said.id, ticket_id=ticket.id, seen=min(seen, last.get(ticket.id, 0)))
                if ticket is first:
                    part.person_id = person_id
                else:
                    part.told_on_id = first.id
                session.add(part)
        return said.id


def go_on(now: datetime, *, at_most: int = 500) -> int:
    """Answer tickets that answers of incidents still owe, each in a transaction; returns how many were done."""
    done = 0
    while done < at_most and _next(now):
        done += 1
    return done


def answers_of(incident: Incident) -> Sequence[tuple[IncidentAnswer, dict[PartState, int]]]:
    """The answers of an incident, latest first, with how many tickets each has in which state."""
    query = select(IncidentAnswer).where(IncidentAnswer.incident_id == incident.id)
    answers = db.session.scalars(query.options(joinedload(IncidentAnswer.agent)).order_by(IncidentAnswer.id.desc()))
    found = answers.all()
    counts: dict[int, dict[PartState, int]] = {each.id: {} for each in found}
    states = select(IncidentPart.answer_id, IncidentPart.state, func.count())
    for answer_id, state, count in db.session.execute(
        states.where(IncidentPart.answer_id.in_(counts)).group_by(IncidentPart.answer_id, IncidentPart.state)
    ):
        counts[answer_id][state] = count
    return [(each, counts[each.id]) for each in found]


def left_out(agent: Agent, incident: Incident) -> Sequence[IncidentPart]:
    """The tickets that the last answer of the incident left to an agent's eyes, as far as this agent may see them."""
    last = select(func.max(IncidentAnswer.id)).where(IncidentAnswer.incident_id == incident.id).scalar_subquery()
    query = select(IncidentPart).join(Ticket, Ticket.id == IncidentPart.ticket_id)
    mine = query.where(IncidentPart.answer_id == last, IncidentPart.state == PartState.LEFT_OUT, visible_to(agent))
    return db.session.scalars(mine.options(joinedload(IncidentPart.ticket)).order_by(IncidentPart.id).limit(200)).all()


def _next(now: datetime) -> bool:
    """Do one row; False when nothing is left that can be done. A person's other tickets come after hers that is
    answered; a ticket is locked before anything is said on it, as in all acts.
    """
    first = aliased(IncidentPart)
    told_first = (
        select(first.id)
        .where(first.answer_id == IncidentPart.answer_id, first.ticket_id == IncidentPart.told_on_id)
        .where(first.state == PartState.PENDING)
        .exists()
    )
    owed = select(IncidentPart).where(IncidentPart.state == PartState.PENDING, ~told_first).order_by(IncidentPart.id)
    with transaction() as session:
        part = session.scalar(owed.limit(1).with_for_update(skip_locked=True))
        if part is None:
            return False
        ticket = part.ticket
        session.refresh(ticket, with_for_update=True)
        part.because = _because(session, part, ticket, now)
        if part.because:
            part.state = PartState.LEFT_OUT
        elif part.told_on_id is None:
            _tell(session, part, ticket, now)
            part.state = PartState.SENT
        else:
            _note(session, part, ticket, now)
            part.state = PartState.NOTED
        return True


def _because(session: Session, part: IncidentPart, ticket: Ticket, now: datetime) -> str:
    """Why an agent should look first; empty where the words can go."""
    row = session.get(IncidentTicket, ticket.id)
    if row is None or row.incident_id != part.answer.incident_id:
        return "la demande n’est plus dans l’incident"
    if ticket.status not in LIVE or ticket.archived_at:
        return "la demande est résolue ou close"
    if _last_words(session, [ticket]).get(ticket.id, 0) > part.seen:
        return "un message est arrivé depuis"
    hold = present(session, ticket, now)
    if hold is not None and hold.agent_id != part.answer.agent_id:
        return f"{hold.agent.name} est dessus"[:200]
    if part.told_on_id is not None:
        where = select(IncidentPart.state).where(IncidentPart.answer_id == part.answer_id)
        if session.scalar(where.where(IncidentPart.ticket_id == part.told_on_id)) is not PartState.SENT:
            return "la réponse à la même personne n’est pas partie"
    return ""


def _tell(session: Session, part: IncidentPart, ticket: Ticket, now: datetime) -> None:
    """The words to the person. Nobody takes the ticket by that, and its mail leaves at once."""
    said, holder = part.answer, ticket.assignee
    text = said.english if said.english and ticket.language == "en" else said.text
    with following(ticket):
        words = written(text, ticket.sender_name, ticket.reference)
        answer(session, ticket, said.agent, words, now, solve=said.solves)
        ticket.assignee = holder


def _note(session: Session, part: IncidentPart, ticket: Ticket, now: datetime) -> None:
    """Another ticket of a person who has just been told: it stands as if it had been answered."""
    said = part.answer
    told_on = session.get_one(Ticket, part.told_on_id)
    with following(ticket):
        ticket.status = next_status(ticket.status, Act.REPLY)
        ticket.answered_at = ticket.answered_at or now
        if said.solves:
            ticket.status, ticket.solved_at = next_status(ticket.status, Act.SOLVE), now
        told = {"to": told_on.reference, "solved": said.solves}
        history.record(session, ticket, history.TOLD_ELSEWHERE, said.agent, now, told)


def _chosen(session: Session, agent: Agent, incident: Incident, whom: Whom) -> Sequence[Ticket]:
    query = select(Ticket).join(IncidentTicket).where(IncidentTicket.incident_id == incident.id)
    query = query.where(Ticket.status.in_(LIVE), visible_to(agent))
    if whom is Whom.NOT_YET:
        mine = select(IncidentPart.id).join(IncidentAnswer).where(IncidentAnswer.incident_id == incident.id)
        reached = mine.where(IncidentPart.ticket_id == Ticket.id, IncidentPart.state != PartState.LEFT_OUT)
        query = query.where(~reached.exists())
    return session.scalars(query.order_by(Ticket.id).limit(AT_MOST)).all()


def _by_person(tickets: Sequence[Ticket]) -> dict[int, list[Ticket]]:
    found: dict[int, list[Ticket]] = {}
    for ticket in tickets:
        found.setdefault(ticket.person_id, []).append(ticket)
    return found


def _way(session: Session, tickets: Sequence[Ticket]) -> tuple[Ticket, Channel | None]:
    """On which of a person's tickets she is told, and how: by mail if any has an address, else by text message; the
    latest of these.
    """
    ways = [(ticket, way_to(session, ticket)) for ticket in reversed(tickets)]
    order = (Channel.EMAIL, Channel.SMS, None)
    return min(ways, key=lambda each: order.index(each[1]))


def _last_words(session: Session, tickets: Sequence[Ticket]) -> dict[int, int]:
    """The last message of each ticket that is no note, by the ticket's id."""
    last = select(Message.ticket_id, func.max(Message.id)).where(Message.direction != Direction.NOTE)
    mine = last.where(Message.ticket_id.in_([each.id for each in tickets])).group_by(Message.ticket_id)
    return dict(session.execute(mine).all())
