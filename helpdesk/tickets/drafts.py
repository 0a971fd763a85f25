"""Answers that are begun and not sent: kept on the server as they are typed, with their files.

A draft is its agent's alone, and goes with the ticket's data.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.errors import Changed
from helpdesk.models import Agent, AnswerDraft, AnswerDraftFile, Attachment, Message, Ticket
from helpdesk.text import clean
from helpdesk.tickets.access import ticket_for
from helpdesk.vocabulary import Direction


def save(
    agent: Agent, reference: str, text: str, *, seen: int, now: datetime, files: Sequence[AnswerDraftFile] = ()
) -> None:
    """Keep the text, and files besides those kept already. Nothing at all is no draft.

    `seen` is the last message of the page it was typed on: what comes late from a page whose answer has been sent is
    not kept but raises Changed, so that a sent answer does not lie there as a draft again.
    """
    try:
        _save(agent, reference, clean(text), seen, now, files)
    except IntegrityError:  # two pages of one agent at the same moment: the second finds the first's row
        _save(agent, reference, clean(text), seen, now, files)


def _save(agent: Agent, reference: str, text: str, seen: int, now: datetime, files: Sequence[AnswerDraftFile]) -> None:
    with transaction() as session:
        ticket = ticket_for(session, agent, reference)
        # The ticket's row first, as all acts do: an answer that is being sent is waited for, then known.
        session.execute(select(Ticket.id).where(Ticket.id == ticket.id).with_for_update(read=True, key_share=True))
        if _answered_since(session, ticket, agent, seen):
            raise Changed("Vous avez déjà répondu depuis : ce texte n’est que sur cette page.")
        draft = of(session, agent, ticket)
        if draft is None:
            if not text.strip() and not files:
                return
            draft = AnswerDraft(ticket_id=ticket.id, agent_id=agent.id)
            session.add(draft)
        draft.text, draft.changed_at = text, now
        draft.files += [copy_of(file) for file in files]
        if not text.strip() and not draft.files:
            session.delete(draft)


def remove_file(agent: Agent, reference: str, file_id: int) -> None:
    """Take a file out of the agent's draft; one that is not there is gone already."""
    with transaction() as session:
        draft = of(session, agent, ticket_for(session, agent, reference))
        for file in draft.files if draft else ():
            if file.id == file_id:
                session.delete(file)


def of(session: Session, agent: Agent, ticket: Ticket) -> AnswerDraft | None:
    """What the agent has begun on the ticket."""
    own = (AnswerDraft.ticket_id == ticket.id) & (AnswerDraft.agent_id == agent.id)
    return session.scalar(select(AnswerDraft).where(own))


def send_along(session: Session, agent: Agent, message: Message) -> None:
    """Turn the draft's files into those of the answer, and end the draft."""
    draft = of(session, agent, message.ticket)
    if draft is not None:
        message.attachments = [
            Attachment(sha256=file.sha256, name=file.name, content_type=file.content_type, size=file.size)
            for file in draft.files
        ]
        session.delete(draft)


def begin(session: Session, agent: Agent, ticket: Ticket, text: str, now: datetime) -> None:
    """Begin an answer for the agent, to be gone over; what the agent has begun already stays as it is."""
    if of(session, agent, ticket) is None:
        session.add(AnswerDraft(ticket_id=ticket.id, agent_id=agent.id, text=text, changed_at=now))


def put_back(session: Session, agent: Agent, message: Message, now: datetime) -> None:
    """Make the answer a draft again, before whatever was begun since."""
    draft = of(session, agent, message.ticket)
    if draft is None:
        draft = AnswerDraft(ticket_id=message.ticket_id, agent_id=agent.id, text="")
        session.add(draft)
    draft.text = f"{message.text}\n\n{draft.text}".rstrip()
    draft.changed_at = now
    draft.files += [copy_of(file) for file in message.attachments]


def forget(session: Session, ticket_id: int) -> None:
    """Erase all drafts of the ticket."""
    drafts = select(AnswerDraft.id).where(AnswerDraft.ticket_id == ticket_id)
    for statement in (
        delete(AnswerDraftFile).where(AnswerDraftFile.draft_id.in_(drafts)),
        delete(AnswerDraft).where(AnswerDraft.ticket_id == ticket_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def copy_of(file: AnswerDraftFile | Attachment) -> AnswerDraftFile:
    """The same file for a draft, as a row of its own."""
    return AnswerDraftFile(sha256=file.sha256, name=file.name, content_type=file.content_type, size=file.size)


def _answered_since(session: Session, ticket: Ticket, agent: Agent, seen: int) -> bool:
    answered = (Message.ticket_id == ticket.id) & (Message.agent_id == agent.id) & (Message.id > seen)
    return bool(session.scalar(select(exists().where(answered, Message.direction == Direction.OUT))))
