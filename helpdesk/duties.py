"""Periodic work. Each duty has a row; whichever process moves its due date on does it, so it is done once.

A new duty is one function and one line in `DUTIES`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from helpdesk.db import db, transaction
from helpdesk.figures.keeping import count_on
from helpdesk.intake.mailroom import settle_due
from helpdesk.intake.phone.fetching import Provider
from helpdesk.intake.phone.pictures import fetch_pictures
from helpdesk.intake.phone.voice.calls import forget_calls
from helpdesk.intake.phone.voice.line import end_lost
from helpdesk.intake.phone.voice.recordings import fetch_recordings, source_for
from helpdesk.knowledge.deflection.rolling import find_returns
from helpdesk.knowledge.deflection.rolling import forget as forget_traces
from helpdesk.knowledge.publishing import publish_due
from helpdesk.knowledge.readers.votes import forget_visitors
from helpdesk.knowledge.reminders import remind_owners
from helpdesk.limits import forget_hits
from helpdesk.models import Duty
from helpdesk.outbox.deliver import deliver_due
from helpdesk.parts import Parts
from helpdesk.tickets.ageing import close_solved, close_waiting
from helpdesk.tickets.closings import return_lent
from helpdesk.tickets.escalation import post_notices, ring_due
from helpdesk.tickets.handing import start_absences
from helpdesk.tickets.incidents.answering import go_on
from helpdesk.tickets.incidents.watching import watch
from helpdesk.tickets.retention import archive_closed, erase_archived, forget_mails, periods_of, sweep_files
from helpdesk.tickets.search_index import read_old
from helpdesk.tickets.waking import wake_due

log = structlog.get_logger()


@dataclass(frozen=True)
class Periodic:
    """`work` is done at most once in `every`, by one process. It must bear being ended halfway and begun again."""

    name: str
    every: timedelta
    work: Callable[[Parts, datetime], object]


def send_due(parts: Parts, now: datetime) -> int:
    """Deliver what is due, as fast as the settings allow; returns how many mails and texts were tried."""
    limit = parts.settings.smtp_per_minute
    return deliver_due(parts.mailer, parts.letters, now, per_minute=limit, texter=parts.texter)


def fetch_due_pictures(parts: Parts, now: datetime) -> int:
    """Fetch the pictures of text messages; without an account at the provider there are none."""
    settings = parts.settings
    if not settings.twilio_account_sid:
        return 0
    provider = Provider(settings.twilio_account_sid, settings.twilio_auth_tokens[0])
    return fetch_pictures(provider, parts.files, settings.upload_mb * 1024 * 1024, now)


def fetch_due_recordings(parts: Parts, now: datetime) -> int:
    """Fetch what callers said, from the provider or from the telephone of the demo."""
    source = source_for(parts.settings)
    return fetch_recordings(source, parts.files, parts.settings.upload_mb * 1024 * 1024, now) if source else 0


DUTIES = (
    Periodic("deliver", timedelta(minutes=1), send_due),
    Periodic("mails", timedelta(minutes=1), settle_due),
    Periodic("clocks", timedelta(minutes=1), lambda parts, now: ring_due(now, mails=parts.settings.alert_mails)),
    Periodic("wake", timedelta(minutes=1), lambda _parts, now: wake_due(now)),
    Periodic("publish-faq", timedelta(minutes=1), lambda parts, now: publish_due(parts.settings.public_base_url, now)),
    Periodic("faq-reviews", timedelta(hours=1), lambda parts, now: remind_owners(parts.mailer, parts.settings, now)),
    Periodic("text-pictures", timedelta(minutes=1), fetch_due_pictures),
    Periodic("recordings", timedelta(minutes=1), fetch_due_recordings),
    Periodic("lost-calls", timedelta(minutes=5), end_lost),
    Periodic("forget-calls", timedelta(days=1), lambda _parts, now: forget_calls(now, after=timedelta(days=30))),
    Periodic("alerts", timedelta(minutes=5), lambda _parts, now: post_notices(now)),
    Periodic(
        "close-waiting",
        timedelta(hours=1),
        lambda parts, now: close_waiting(now, after=timedelta(days=parts.settings.waiting_days)),
    ),
    Periodic("archive", timedelta(hours=1), lambda parts, now: archive_closed(periods_of(parts.settings), now)),
    Periodic("erase", timedelta(hours=1), lambda parts, now: erase_archived(periods_of(parts.settings), now)),
    Periodic("forget-mails", timedelta(days=1), lambda parts, now: forget_mails(periods_of(parts.settings), now)),
    Periodic("sweep-files", timedelta(days=1), lambda parts, now: sweep_files(parts.files, now)),
    Periodic(
        "close-solved",
        timedelta(hours=1),
        lambda parts, now: close_solved(now, after=timedelta(days=parts.settings.close_days)),
    ),
    Periodic("forget-hits", timedelta(hours=1), lambda _parts, now: forget_hits(now)),
    Periodic("forget-visitors", timedelta(hours=6), lambda _parts, now: forget_visitors(now)),
    Periodic(
        "deflection-returns",
        timedelta(minutes=15),
        lambda parts, now: find_returns(parts.settings.secret_keys, now),
    ),
    Periodic("deflection-forget", timedelta(hours=6), lambda _parts, now: forget_traces(now)),
    Periodic("figures", timedelta(minutes=1), lambda _parts, now: count_on(now)),
    Periodic("index-tickets", timedelta(minutes=1), lambda _parts, _now: read_old()),
    Periodic("absences", timedelta(minutes=15), lambda _parts, now: start_absences(now)),
    Periodic("incident-answers", timedelta(minutes=1), lambda _parts, now: go_on(now)),
    Periodic("bursts", timedelta(minutes=5), lambda _parts, now: watch(now)),
    Periodic("return-lent", timedelta(minutes=15), lambda _parts, now: return_lent(now)),
)


def do_due(parts: Parts, now: datetime) -> list[str]:
    """Do every duty that is due and that no other process has taken; returns their names.

    A duty that fails is logged and comes back at its next turn; the others are done all the same.
    """
    done = []
    for duty in DUTIES:
        if _take(duty, now):
            try:
                duty.work(parts, now)
                done.append(duty.name)
            except Exception:
                db.session.rollback()
                log.exception("duty failed", duty=duty.name)
    return done


def _take(duty: Periodic, now: datetime) -> bool:
    with transaction() as session:
        if session.get(Duty, duty.name) is None:
            session.add(Duty(name=duty.name, due=now))
            session.flush()
        taken = update(Duty).where(Duty.name == duty.name, Duty.due <= now).values(due=now + duty.every)
        return session.scalar(taken.returning(Duty.name)) is not None


def overdue(now: datetime) -> list[str]:
    """Duties that nobody has done for three turns: no worker is alive."""
    late = {duty.name: now - 3 * duty.every for duty in DUTIES}
    rows = db.session.scalars(select(Duty))
    return sorted(row.name for row in rows if row.name in late and row.due < late[row.name])
