"""From an agent's answer to a draft of the FAQ. Any agent who may see the request proposes; editors go on with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.knowledge import moves
from helpdesk.knowledge.articles import hold_edition
from helpdesk.knowledge.drafts import Written, add_entry
from helpdesk.knowledge.ranking import Hit
from helpdesk.knowledge.search import search
from helpdesk.models import Agent, Article, Message, Section, Ticket
from helpdesk.privacy.impersonal import impersonal
from helpdesk.text import one_line
from helpdesk.tickets.access import ticket_for
from helpdesk.vocabulary import Audience, Direction, Readers

_GREETING = re.compile(r"^(?:bonjour|bonsoir)\b[\s,.!:]*", re.IGNORECASE)  # a subject made of the first words
ALIKE = 3  # published entries shown beside


@dataclass(frozen=True)
class Proposal:
    """What an answer would become, to be checked.

    `taken` says how often what was taken out; entries in `alike` may answer already.
    """

    written: Written
    taken: Mapping[str, int]
    alike: Sequence[Hit]
    sections: Sequence[Section]


def proposal(agent: Agent, reference: str, message_id: int) -> Proposal:
    """The answer without personal data. Raises NotFound for a request that the agent may not see, and for a message of
    it that is no answer.
    """
    ticket, message = _answer(db.session(), agent, reference, message_id)
    people = [ticket.sender_name, message.author_name, *(said.author_name for said in ticket.messages)]
    if ticket.assignee:
        people.append(ticket.assignee.name)
    names = {"people": people, "schools": [ticket.school_name], "towns": [ticket.school_commune]}
    answer = impersonal(message.text, **names)
    question = impersonal(_GREETING.sub("", ticket.subject), **names)
    first = next((said.text for said in ticket.messages if said.direction is Direction.IN), ticket.subject)
    found = search(first, limit=ALIKE).hits
    sections = db.session.scalars(select(Section).order_by(Section.position, Section.id)).all()
    written = Written(
        question=one_line(question.text, 500),
        answer=answer.text,
        readers=Readers.STAFF if ticket.audience is Audience.ENSEIGNANT else Readers.FAMILIES,
        section=_section(found, sections),
        topics=(ticket.topic,),
    )
    return Proposal(written, answer.taken, found, sections)


def propose(agent: Agent, reference: str, message_id: int, written: Written, now: datetime) -> int:
    """Make the draft, as it was checked; returns its id. The history of the entry names the request."""
    with transaction() as session:
        _answer(session, agent, reference, message_id)
        hold_edition(session)
        return add_entry(session, agent, written, now, kind=moves.FROM_TICKET, reason=reference)


def _answer(session: Session, agent: Agent, reference: str, message_id: int) -> tuple[Ticket, Message]:
    ticket = ticket_for(session, agent, reference)
    message = session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id or message.direction is not Direction.OUT or not message.text:
        raise NotFound("Cette réponse n’existe pas dans la demande.")
    return ticket, message


def _section(found: Sequence[Hit], sections: Sequence[Section]) -> str:
    """That of the likest entry, else the first."""
    slugs = [hit.slug for hit in found]
    query = select(Section.slug).join(Article, Article.section_id == Section.id)
    likest = db.session.scalar(query.where(Article.slug == slugs[0])) if slugs else None
    return likest or (sections[0].slug if sections else "")
