"""The rights of a person over what is held on them: access to all of it, and erasure. For administrators.

A person is found by a mail address or a number: whose requests were sent under it, or by the person it belongs to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, update
from sqlalchemy.orm import selectinload

from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.models import Address, AnswerDraft, Call, Event, IncomingMail, Message, Opinion, Outgoing, Person, Ticket
from helpdesk.people.emails import read_email
from helpdesk.people.phones import read_phone
from helpdesk.tickets import history
from helpdesk.tickets.calls.earlier import of_numbers
from helpdesk.tickets.clocks import following
from helpdesk.tickets.erasing import BLANK_MAIL, BLANK_TALK, erase
from helpdesk.tickets.lifecycle import Act, may, next_status

AT_ONCE = 100  # tickets of one transaction


@dataclass(frozen=True)
class _Way:
    """A mail address or a number (E.164), normalised."""

    kind: str
    value: str

    def is_it(self) -> ColumnElement[bool]:
        """Addresses that are it: one at most."""
        return (Address.kind == self.kind) & (Address.value == self.value)

    def theirs(self) -> ColumnElement[bool]:
        """Tickets sent under it, or by the person it belongs to."""
        owners = select(Address.person_id).where(self.is_it())
        sent = Ticket.sender_email == self.value if self.kind == "email" else of_numbers([self.value])
        return or_(sent, Ticket.person_id.in_(owners)) & Ticket.erased_at.is_(None)

    def mails(self) -> ColumnElement[bool]:
        """Mails that came from it."""
        return IncomingMail.sender == self.value if self.kind == "email" else false()

    def calls(self) -> ColumnElement[bool]:
        """Calls that came from it."""
        return Call.number == self.value if self.kind == "phone" else false()


def held_on(typed: str) -> Mapping[str, Any]:
    """All that is held, as JSON values: persons, requests, messages, notes, names of files, events, mails. Moments are
    ISO 8601 in UTC. `typed` is a mail address or a number. Raises NotFound if there is nothing.
    """
    way = _way(typed)
    whole = selectinload(Ticket.messages).selectinload(Message.attachments)
    query = select(Ticket).where(way.theirs()).options(whole, selectinload(Ticket.events).selectinload(Event.agent))
    tickets = db.session.scalars(query.order_by(Ticket.received_at, Ticket.id)).all()
    persons = db.session.scalars(
        select(Person).where(Person.addresses.any(way.is_it())).options(selectinload(Person.addresses))
    ).all()
    calls = db.session.scalars(select(Call).where(way.calls()).order_by(Call.id)).all()
    if not tickets and not persons and not calls:
        raise NotFound(f"Rien n’est gardé sous « {way.value} ».")
    return {
        "address": way.value,
        "persons": [
            {
                "name": person.name,
                "since": _moment(person.created_at),
                "addresses": [one.value for one in person.addresses],
            }
            for person in persons
        ],
        "requests": [_request(ticket) for ticket in tickets],
        "mails_received": [
            {"at": _moment(mail.kept_at), "subject": mail.subject, "became": mail.outcome}
            for mail in db.session.scalars(select(IncomingMail).where(way.mails()))
        ],
        "calls_received": [{"at": _moment(call.started_at), "ended": call.ending, "told": call.talk} for call in calls],
    }


def count_held(typed: str) -> int:
    """How many requests `erase_person` would erase."""
    return len(db.session.scalars(select(Ticket.id).where(_way(typed).theirs())).all())


def erase_person(typed: str, now: datetime) -> int:
    """Erase all of it; returns how many requests that were. What still waits for an answer is closed.

    In batches: ended halfway, it goes on when asked again. Raises NotFound if there is nothing.
    """
    way, done = _way(typed), 0
    while True:
        with transaction() as session:
            query = select(Ticket).where(way.theirs()).order_by(Ticket.id).limit(AT_ONCE)
            tickets = session.scalars(query.with_for_update()).all()
            for ticket in tickets:
                if may(ticket.status, Act.CLOSE):
                    with following(ticket):
                        ticket.status, ticket.closed_at = next_status(ticket.status, Act.CLOSE), now
                        history.record(session, ticket, history.CLOSED, None, now, {"reason": "effacement demandé"})
            erase(session, tickets, now)
            session.execute(update(IncomingMail).where(way.mails()).values(BLANK_MAIL))
            calls = session.scalars(select(Call.id).where(way.calls())).all()
            session.execute(update(Call).where(Call.id.in_(calls)).values(number="", talk=BLANK_TALK))
            if not tickets:
                known = session.scalar(select(Address).where(way.is_it()))
                if known is not None:
                    session.delete(known.person)  # wrote nothing that is still held
                elif not done and not calls:
                    raise NotFound(f"Rien n’est gardé sous « {way.value} ».")
                return done
        done += len(tickets)


def _way(typed: str) -> _Way:
    address, phone = read_email(typed), read_phone(typed)
    if address is not None:
        return _Way("email", address)
    if phone is not None:
        return _Way("phone", phone.e164)
    raise HelpdeskError(f"« {typed} » n’est ni une adresse de courriel ni un numéro de téléphone.")


def _request(ticket: Ticket) -> Mapping[str, Any]:
    mails = db.session.scalars(select(Outgoing).where(Outgoing.ticket_id == ticket.id).order_by(Outgoing.id)).all()
    columns = ("reference", "status", "topic", "subject", "academy", "sender_name", "sender_email", "sender_phone")
    school = ("school_name", "school_commune", "school_postal_code", "school_uai")
    return {
        **{name: getattr(ticket, name) for name in (*columns, *school)},
        "service": ticket.service.name,
        "received_at": _moment(ticket.received_at),
        "closed_at": _moment(ticket.closed_at),
        "messages": [_message(message) for message in ticket.messages],
        "history": [
            {
                "what": event.kind,
                "at": _moment(event.at),
                "by": event.agent.name if event.agent else None,
                **_told(event),
            }
            for event in ticket.events
        ],
        "opinion": [
            {"mark": opinion.mark, "text": opinion.words, "at": _moment(opinion.at)}
            for opinion in db.session.scalars(select(Opinion).where(Opinion.ticket_id == ticket.id))
        ],
        "drafts": [
            {"text": draft.text, "at": _moment(draft.changed_at)}
            for draft in db.session.scalars(select(AnswerDraft).where(AnswerDraft.ticket_id == ticket.id))
        ],
        "mails": [
            {"what": mail.kind, "to": mail.to_address, "state": mail.state, "at": _moment(mail.created_at)}
            for mail in mails
            if mail.to_address == ticket.sender_email
        ],
    }


def _message(message: Message) -> Mapping[str, Any]:
    files: Sequence[Mapping[str, Any]] = [
        {"name": file.name, "type": file.content_type, "bytes": file.size} for file in message.attachments
    ]
    return {
        "direction": message.direction,
        "channel": message.channel,
        "author": message.author_name,
        "at": _moment(message.at),
        "text": message.text,
        "quoted": message.quoted,
        "files": files,
    }


def _told(event: Event) -> Mapping[str, Any]:
    return {"details": event.data} if event.data else {}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
