"""How long personal data stays, as /donnees-personnelles promises: a year with the service, then a year in archive.

    closed ──KEEP_DAYS──► archived: for supervisors, in no queue ──ARCHIVE_DAYS──► erased: figures only

All in batches of one transaction; ended halfway, the next round goes on.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from helpdesk.db import Base, db, transaction
from helpdesk.files import FileStore
from helpdesk.models import IncomingMail, PersonLook, Ticket
from helpdesk.settings import Settings
from helpdesk.tickets import history
from helpdesk.tickets.erasing import BLANK_MAIL, erase
from helpdesk.tickets.order.withdrawing import is_merged, with_merged
from helpdesk.vocabulary import Status

AT_ONCE = 100  # tickets of one transaction
UNWANTED_FOR = timedelta(days=7)  # a file may wait for its form to be sent


@dataclass(frozen=True)
class Periods:
    """From the closing of a ticket to its archiving, and from there to the end of its personal data."""

    keep: timedelta
    archive: timedelta


def periods_of(settings: Settings) -> Periods:
    """As the settings have them."""
    return Periods(timedelta(days=settings.keep_days), timedelta(days=settings.archive_days))


def purge(periods: Periods, files: FileStore, now: datetime) -> dict[str, int]:
    """Do all that is due; returns how many tickets were archived and erased, how many mails that became no ticket were
    forgotten, and how many files removed.
    """
    forget_looks(periods, now)
    return {
        "archived": archive_closed(periods, now),
        "erased": erase_archived(periods, now),
        "mails": forget_mails(periods, now),
        "files": sweep_files(files, now),
    }


def due(periods: Periods, files: FileStore, now: datetime) -> dict[str, int]:
    """What `purge` would find now. Files of tickets that are still to be erased are not among them."""

    def count(which: ColumnElement[bool]) -> int:
        return db.session.scalar(select(func.count()).select_from(Ticket).where(which)) or 0

    return {
        "archived": count(_to_archive(periods, now)),
        "erased": count(_to_erase(periods, now)),
        "mails": db.session.scalar(select(func.count()).where(_to_forget(periods, now))) or 0,
        "files": files.sweep(_wanted, now - UNWANTED_FOR, dry_run=True),
    }


def archive_closed(periods: Periods, now: datetime) -> int:
    """Hide from all but supervisors what has been closed for long enough."""

    def archive(session: Session, tickets: Collection[Ticket]) -> None:
        for ticket in with_merged(session, tickets):
            ticket.archived_at = now
            history.record(session, ticket, history.ARCHIVED, None, now)

    return _in_batches(_to_archive(periods, now), archive)


def erase_archived(periods: Periods, now: datetime) -> int:
    """Take the personal data out of what has been archived for long enough."""
    return _in_batches(_to_erase(periods, now), lambda session, tickets: erase(session, tickets, now))


def forget_mails(periods: Periods, now: datetime) -> int:
    """Blank the mails that became no ticket (refused, automatic, unreadable) once a ticket would be archived."""
    done = 0
    while True:
        with transaction() as session:
            some = select(IncomingMail.id).where(_to_forget(periods, now)).limit(AT_ONCE)
            ids = session.scalars(some.with_for_update(skip_locked=True)).all()
            session.execute(update(IncomingMail).where(IncomingMail.id.in_(ids)).values(BLANK_MAIL))
        done += len(ids)
        if len(ids) < AT_ONCE:
            return done


def forget_looks(periods: Periods, now: datetime) -> None:
    """Drop who looked at whom once a ticket of that day would be archived."""
    with transaction() as session:
        session.execute(delete(PersonLook).where(PersonLook.at <= now - periods.keep))


def sweep_files(files: FileStore, now: datetime) -> int:
    """Remove the files that no row points to."""
    return files.sweep(_wanted, now - UNWANTED_FOR)


def _to_archive(periods: Periods, now: datetime) -> ColumnElement[bool]:
    old = (Ticket.status == Status.CLOSED) & (Ticket.closed_at <= now - periods.keep)
    return old & Ticket.archived_at.is_(None) & ~is_merged()


def _to_erase(periods: Periods, now: datetime) -> ColumnElement[bool]:
    old = (Ticket.status == Status.CLOSED) & (Ticket.closed_at <= now - periods.keep - periods.archive)
    return old & Ticket.archived_at.is_not(None) & Ticket.erased_at.is_(None) & ~is_merged()


def _to_forget(periods: Periods, now: datetime) -> ColumnElement[bool]:
    old = IncomingMail.outcome.is_not(None) & (IncomingMail.kept_at <= now - periods.keep)
    return old & IncomingMail.ticket_id.is_(None) & (IncomingMail.sha256 != "")


def _in_batches(which: ColumnElement[bool], work: Callable[[Session, Collection[Ticket]], None]) -> int:
    done = 0
    while True:
        with transaction() as session:
            query = select(Ticket).where(which).order_by(Ticket.closed_at, Ticket.id).limit(AT_ONCE)
            tickets = session.scalars(query.with_for_update(skip_locked=True)).all()
            work(session, tickets)
        done += len(tickets)
        if len(tickets) < AT_ONCE:
            return done


def _wanted(digests: Collection[str]) -> set[str]:
    """Those of the hashes that some row holds, in whatever table: a column that points to a file is called sha256."""
    columns = [table.columns["sha256"] for table in Base.metadata.sorted_tables if "sha256" in table.columns]
    found = {digest for column in columns for digest in db.session.scalars(select(column).where(column.in_(digests)))}
    db.session.rollback()
    return found
