"""Delivering what the outbox holds: claim a row, write the mail or the text, hand it over, mark the row.

    pending ──claim (due += LEASE)──► handed over ──► sent
       ▲                                 │
       ├── due = next of RETRIES ◄── DeliveryError ──► failed, after the last retry or when Refused
       └── an agent has it sent again ◄────────────────┘

A worker that dies after the claim leaves the row pending: its lease runs out and the row is due again. If it died
between handing over and marking, the mail leaves a second time under the same Message-ID: the one case that cannot
be avoided.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.models import Outgoing, Ticket
from helpdesk.outbox.letters import Letters
from helpdesk.outbox.mailer import DeliveryError, Mailer, Refused
from helpdesk.outbox.reports import handed_over
from helpdesk.outbox.segments import count
from helpdesk.outbox.texting import Texter
from helpdesk.outbox.undelivered import tell_agents
from helpdesk.outbox.ways import stopped
from helpdesk.vocabulary import Channel, DeliveryState

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
AT_ONCE, ROUND = 100, 1000  # rows looked up together, and done before other work has its turn
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)


def due_ids(now: datetime, limit: int = AT_ONCE) -> list[int]:
    """Rows that wait for a worker, oldest first."""
    waiting = select(Outgoing.id).where(Outgoing.state == DeliveryState.PENDING, Outgoing.due <= now)
    return list(db.session.scalars(waiting.order_by(Outgoing.due, Outgoing.id).limit(limit)))


def deliver(outgoing_id: int, mailer: Mailer, letters: Letters, now: datetime, texter: Texter | None = None) -> None:
    """Send one row if it is due and nobody else holds it. Safe to call any number of times, from any process."""
    attempt = _claim(outgoing_id, now)
    if attempt is None:
        return
    try:
        text = _hand_over(outgoing_id, mailer, letters, texter)
    except DeliveryError as error:
        _put_off(outgoing_id, attempt, error, now)
    except Exception:
        # Ours, not the network's: logged in full, tried again like any other, and shown to agents in the end.
        log.exception("mail could not be written", outgoing=outgoing_id)
        db.session.rollback()
        _put_off(outgoing_id, attempt, DeliveryError("le message n’a pas pu être composé"), now)
    else:
        with transaction() as session:
            marked = _mark(session, outgoing_id, attempt, state=DeliveryState.SENT, sent_at=now, last_error="")
            if marked and text is not None:
                handed_over(session, outgoing_id, text.sid, text.segments, now)
        log.info("mail sent", outgoing=outgoing_id)


def deliver_due(
    mailer: Mailer, letters: Letters, now: datetime, *, per_minute: int = 0, texter: Texter | None = None
) -> int:
    """Deliver what is due; returns how many rows were tried. With `per_minute`, no more than that were sent in the last
    minute, by whatever process; the others stay due.
    """
    done = 0
    while done < ROUND and (ids := due_ids(now, _allowed(per_minute, now))):
        db.session.rollback()
        with mailer.connected():
            for outgoing_id in ids:
                deliver(outgoing_id, mailer, letters, now, texter)
        done += len(ids)
    db.session.rollback()
    return done


@dataclass(frozen=True)
class _Text:
    """A text message that the provider has taken."""

    sid: str
    segments: int


def _hand_over(outgoing_id: int, mailer: Mailer, letters: Letters, texter: Texter | None) -> _Text | None:
    """Write it and give it away. No transaction stays open while the network is slow."""
    outgoing = db.session.get_one(Outgoing, outgoing_id)
    ticket = db.session.get_one(Ticket, outgoing.ticket_id)
    if outgoing.channel is not Channel.SMS:
        mail = letters.compose(outgoing, ticket)
        db.session.rollback()
        mailer.send(mail)
        return None
    number, text, report_to = outgoing.to_address, letters.text(outgoing, ticket), letters.report_link(outgoing)
    refused = stopped(db.session(), number)  # STOP may have come since it was posted
    db.session.rollback()
    if refused:
        raise Refused("la personne a répondu STOP")
    if texter is None:
        raise DeliveryError("l’envoi de SMS n’est pas configuré")
    sid = texter.send(number, text, name=f"text-{outgoing_id}", report_to=report_to)
    return _Text(sid, count(text).segments)


def _allowed(per_minute: int, now: datetime) -> int:
    if not per_minute:
        return AT_ONCE
    lately = select(func.count()).where(Outgoing.sent_at > now - timedelta(minutes=1))
    return max(0, min(AT_ONCE, per_minute - (db.session.scalar(lately) or 0)))


def _claim(outgoing_id: int, now: datetime) -> int | None:
    """Take the row for LEASE and return the number of this attempt, or None if it is not to be had."""
    with transaction() as session:
        return session.scalar(
            update(Outgoing)
            .where(Outgoing.id == outgoing_id, Outgoing.state == DeliveryState.PENDING, Outgoing.due <= now)
            .values(due=now + LEASE, attempts=Outgoing.attempts + 1)
            .returning(Outgoing.attempts)
        )


def _mark(session: Session, outgoing_id: int, attempt: int, **values: object) -> bool:
    """Write the result, unless another worker claimed the row since (the attempt is the fence)."""
    marked = session.scalar(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.state == DeliveryState.PENDING, Outgoing.attempts == attempt)
        .values(**values)
        .returning(Outgoing.id)
    )
    return marked is not None


def _put_off(outgoing_id: int, attempt: int, error: DeliveryError, now: datetime) -> None:
    """Set the date of the next try, or give up and tell the agents."""
    log.warning("mail not sent", outgoing=outgoing_id, attempt=attempt, error=str(error))
    with transaction() as session:
        row = session.get(Outgoing, outgoing_id)
        if row is None:  # erased meanwhile, with its ticket
            return
        tries = attempt - row.earlier_attempts
        if not isinstance(error, Refused) and tries <= len(RETRIES):
            _mark(session, outgoing_id, attempt, due=now + RETRIES[tries - 1], last_error=str(error))
        elif _mark(session, outgoing_id, attempt, state=DeliveryState.FAILED, last_error=str(error)):
            tell_agents(session, session.get_one(Outgoing, outgoing_id, populate_existing=True), str(error), now)
