"""The ledger of mails: each is kept as it came before anybody tries to understand it, and ends as exactly one thing.

    server ──keep──► bytes by hash, row, place ──commit──► filed on the server
                          │
                        claim (due += LEASE, attempts += 1) ──► conclude, in the transaction of what it became
                          └── put_off ◄── an error ──► UNREADABLE after ATTEMPTS

Whoever dies after the claim leaves a row whose lease runs out. Each claim counts, so a mail that kills its reader comes
to an end too; mails are claimed together only the first time, so it takes no other mail down with it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError
from helpdesk.files import FileStore
from helpdesk.intake.sameness import identity_of
from helpdesk.models import IncomingMail, MailPlace
from helpdesk.vocabulary import MailOutcome

LEASE = timedelta(minutes=5)
ATTEMPTS = 5
AGAIN = timedelta(minutes=1)  # times the number of attempts so far
TOGETHER = 20
WRITERS = 8


class Overtaken(HelpdeskError):
    """Somebody else has the mail by now; what was about to be written is not."""


@dataclass(frozen=True)
class Place:
    """Where a copy lies: a mailbox by its name, and the server's number for the mail (see models.MailPlace)."""

    mailbox: str
    uidvalidity: int
    uid: str


@dataclass(frozen=True)
class Claim:
    """A mail that is ours to settle until the lease runs out."""

    mail_id: int
    attempt: int
    fingerprint: str
    sha256: str
    mailbox: str


def keep(copies: Sequence[tuple[bytes, Place]], files: FileStore, now: datetime) -> int:
    """Keep mails for good; returns how many were not known. Once this returns, the server may forget them.

    Raises Unavailable or StorageFull; then none of these is to be filed.
    """
    with ThreadPoolExecutor(WRITERS) as writers:  # each waits for the disk, so they wait together
        digests = list(writers.map(files.keep, [raw for raw, _ in copies]))
    kept = [(identity_of(raw), digest, len(raw), place) for (raw, place), digest in zip(copies, digests, strict=True)]
    try:
        with transaction() as session:
            return sum(_keep(session, *each, now) for each in kept)
    except IntegrityError:
        # Another process keeps the same mails at this moment: one by one, each finds what the other wrote.
        return sum(_keep_alone(*each, now) for each in kept)


def _keep_alone(identity: Any, digest: str, size: int, place: Place, now: datetime) -> bool:
    for last in (False, False, True):
        try:
            with transaction() as session:
                return _keep(session, identity, digest, size, place, now)
        except IntegrityError:
            if last:
                raise
    return False


def _keep(session: Session, identity: Any, digest: str, size: int, place: Place, now: datetime) -> bool:
    known = select(IncomingMail.id).where(IncomingMail.fingerprint == identity.fingerprint)
    mail_id, new = session.scalar(known), False
    if mail_id is None:
        mail = IncomingMail(
            fingerprint=identity.fingerprint,
            sha256=digest,
            size=size,
            mailbox=place.mailbox,
            message_id=identity.message_id,
            kept_at=now,
            due=now,
        )
        session.add(mail)
        session.flush()
        mail_id, new = mail.id, True
    if not session.scalar(select(MailPlace.id).where(*_is(place))):
        session.add(
            MailPlace(mailbox=place.mailbox, uidvalidity=place.uidvalidity, uid=place.uid, size=size, mail_id=mail_id)
        )
        session.flush()
    return new


def _is(place: Place) -> tuple[Any, ...]:
    return (
        MailPlace.mailbox == place.mailbox,
        MailPlace.uidvalidity == place.uidvalidity,
        MailPlace.uid == place.uid,
    )


def kept_uids(mailbox: str, uidvalidity: int, uids: Sequence[str]) -> set[str]:
    """Which of these places are in the ledger already."""
    found: set[str] = set()
    for start in range(0, len(uids), 500):
        found.update(
            db.session.scalars(
                select(MailPlace.uid).where(
                    MailPlace.mailbox == mailbox,
                    MailPlace.uidvalidity == uidvalidity,
                    MailPlace.uid.in_(uids[start : start + 500]),
                )
            )
        )
    db.session.rollback()
    return found


def claim(now: datetime) -> list[Claim]:
    """Mails to settle, oldest first: some that nobody has tried yet, and one that failed before."""
    waiting = (IncomingMail.outcome.is_(None), IncomingMail.due <= now)
    fresh, tried = IncomingMail.attempts == 0, IncomingMail.attempts > 0
    with transaction() as session:
        claims: list[Claim] = []
        for which, at_most in ((fresh, TOGETHER), (tried, 1)):
            ids = select(IncomingMail.id).where(*waiting, which).order_by(IncomingMail.id).limit(at_most)
            rows = session.execute(
                update(IncomingMail)
                .where(IncomingMail.id.in_(list(session.scalars(ids))), *waiting)
                .values(due=now + LEASE, attempts=IncomingMail.attempts + 1)
                .returning(
                    IncomingMail.id,
                    IncomingMail.attempts,
                    IncomingMail.fingerprint,
                    IncomingMail.sha256,
                    IncomingMail.mailbox,
                )
                .execution_options(synchronize_session=False)
            )
            claims += [Claim(*row) for row in rows]
    return sorted(claims, key=lambda each: each.mail_id)


def conclude(session: Session, claim: Claim, outcome: MailOutcome, now: datetime, **facts: Any) -> None:
    """Write what the mail became, inside the transaction that makes it so. Raises Overtaken if it is not ours now."""
    done = session.scalar(_held(claim).values(outcome=outcome, settled_at=now, **facts).returning(IncomingMail.id))
    if done is None:
        raise Overtaken("Un autre processus traite déjà ce courriel.")


def put_off(claim: Claim, because: str, now: datetime) -> None:
    """It did not work this time: again later or, after ATTEMPTS, kept as unreadable for an administrator."""
    with transaction() as session:
        values: dict[str, Any] = {"due": now + AGAIN * claim.attempt, "because": because}
        if claim.attempt >= ATTEMPTS:
            values |= {"outcome": MailOutcome.UNREADABLE, "settled_at": now}
        session.execute(_held(claim).values(**values))


def give_back(claims: Sequence[Claim], now: datetime) -> None:
    """The database or the disk would not have it: no fault of the mails, so it does not count as an attempt."""
    with transaction() as session:
        for each in claims:
            session.execute(_held(each).values(due=now + AGAIN, attempts=each.attempt - 1))


def _held(claim: Claim) -> Any:
    return (
        update(IncomingMail)
        .where(IncomingMail.id == claim.mail_id, IncomingMail.outcome.is_(None), IncomingMail.attempts == claim.attempt)
        .execution_options(synchronize_session=False)
    )
