"""The ledger of mails: each is kept as it came before anybody tries to understand it, and ends as exactly one thing.

    server ──keep──► bytes by hash, row, place ──commit──► filed on the server
                          │
                        claim (due += LEASE, attempts += 1) ──► conclude, in the transaction of what it became
                          └── put_off ◄── an error ──► UNREADABLE after ATTEMPTS

Whoever dies after the claim leaves a row whose lease runs out. Each claim counts, so a mail that kills its reader comes
to an end too; mails are claimed together only the first time, so it takes no other mail down with it.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError
from helpdesk.files import FileStore
from helpdesk.intake.sameness import Identity, identity_of
from helpdesk.models import IncomingMail, MailPlace
from helpdesk.vocabulary import MailOutcome

LEASE = timedelta(minutes=5)
ATTEMPTS = 5
AGAIN = timedelta(minutes=1)  # times the number of attempts so far
TOGETHER = 50
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
    size: int


Conclusion = tuple[Claim, MailOutcome, Mapping[str, Any]]  # with the facts that the row keeps


@dataclass(frozen=True)
class _Copy:
    """A mail whose bytes are on disk already, and where it lay."""

    identity: Identity
    sha256: str
    size: int
    place: Place


def keep(copies: Sequence[tuple[bytes, Place]], files: FileStore, now: datetime) -> int:
    """Keep mails for good; returns how many were not known. Once this returns, the server may forget them.

    Raises Unavailable or StorageFull; then none of these is to be filed.
    """
    with ThreadPoolExecutor(WRITERS) as writers:  # each waits for the disk, so they wait together
        digests = list(writers.map(files.keep, [raw for raw, _ in copies]))
    kept = [
        _Copy(identity_of(raw), digest, len(raw), place) for (raw, place), digest in zip(copies, digests, strict=True)
    ]
    try:
        with transaction() as session:
            return _keep(session, kept, now)
    except IntegrityError:
        # Another process keeps the same mails at this moment: one by one, each finds what the other wrote.
        return sum(_keep_alone(each, now) for each in kept)


def _keep_alone(copy: _Copy, now: datetime) -> int:
    for last in (False, False, True):
        try:
            with transaction() as session:
                return _keep(session, [copy], now)
        except IntegrityError:
            if last:
                raise
    return 0


def _keep(session: Session, copies: Sequence[_Copy], now: datetime) -> int:
    """Add what is not known, in the order in which it came; returns how many mails were new."""
    fingerprints = {copy.identity.fingerprint for copy in copies}
    named = select(IncomingMail.fingerprint, IncomingMail.id).where(IncomingMail.fingerprint.in_(fingerprints))
    ids = {row.fingerprint: row.id for row in session.execute(named)}
    new: dict[str, _Copy] = {}
    for copy in copies:
        if copy.identity.fingerprint not in ids:
            new.setdefault(copy.identity.fingerprint, copy)
    if new:
        rows = [
            {
                "fingerprint": fingerprint,
                "sha256": copy.sha256,
                "size": copy.size,
                "mailbox": copy.place.mailbox,
                "message_id": copy.identity.message_id,
                "kept_at": now,
                "due": now,
            }
            for fingerprint, copy in new.items()
        ]
        adding = insert(IncomingMail).returning(IncomingMail.fingerprint, IncomingMail.id)
        ids |= {row.fingerprint: row.id for row in session.execute(adding, rows)}
    places = {copy.place: copy for copy in copies}
    known = _known(session, list(places))
    missing = [place for place in places if place not in known]
    if missing:
        session.execute(
            insert(MailPlace),
            [
                {
                    "mailbox": place.mailbox,
                    "uidvalidity": place.uidvalidity,
                    "uid": place.uid,
                    "size": places[place].size,
                    "mail_id": ids[places[place].identity.fingerprint],
                }
                for place in missing
            ],
        )
    return len(new)


def _known(session: Session, places: Sequence[Place]) -> set[Place]:
    """Which of them are in the ledger: some five hundred at most, nearly always of one mailbox."""
    known: set[Place] = set()
    for mailbox, uidvalidity in {(place.mailbox, place.uidvalidity) for place in places}:
        uids = [place.uid for place in places if (place.mailbox, place.uidvalidity) == (mailbox, uidvalidity)]
        held = select(MailPlace.uid).where(
            MailPlace.mailbox == mailbox, MailPlace.uidvalidity == uidvalidity, MailPlace.uid.in_(uids)
        )
        known.update(Place(mailbox, uidvalidity, uid) for uid in session.scalars(held))
    return known


def kept_uids(mailbox: str, uidvalidity: int, uids: Sequence[str]) -> set[str]:
    """Which of these places are in the ledger already."""
    found: set[str] = set()
    for start in range(0, len(uids), 500):
        places = [Place(mailbox, uidvalidity, uid) for uid in uids[start : start + 500]]
        found.update(place.uid for place in _known(db.session(), places))
    db.session.rollback()
    return found


def claim(now: datetime) -> list[Claim]:
    """Mails to settle, oldest first: some that nobody has tried yet, and one that failed before."""
    waiting = (IncomingMail.outcome.is_(None), IncomingMail.due <= now)
    fresh, tried = IncomingMail.attempts == 0, IncomingMail.attempts > 0
    idle = db.session.scalar(select(IncomingMail.id).where(*waiting).limit(1)) is None
    db.session.rollback()
    if idle:  # asked every few seconds: that must not take the lock of those who write
        return []
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
                    IncomingMail.size,
                )
                .execution_options(synchronize_session=False)
            )
            claims += [Claim(*row) for row in rows]
    return sorted(claims, key=lambda each: each.mail_id)


def conclude(session: Session, conclusions: Sequence[Conclusion], now: datetime) -> None:
    """Write what mails became, with the facts that go with it, inside the transaction that makes it so.

    Raises Overtaken if one of them is not ours now; then nothing of the transaction may stay.
    """
    ours = {(claim.mail_id, claim.attempt) for claim, *_ in conclusions}
    rows = session.execute(
        select(IncomingMail.id, IncomingMail.attempts)
        .where(IncomingMail.id.in_([mail_id for mail_id, _ in ours]), IncomingMail.outcome.is_(None))
        .order_by(IncomingMail.id)  # two processes wait for each other in one order
        .with_for_update()
    )
    if {(row.id, row.attempts) for row in rows} != ours:
        raise Overtaken("Un autre processus traite déjà ce courriel.")
    session.execute(
        update(IncomingMail),
        [
            {"id": claim.mail_id, "outcome": outcome, "settled_at": now, **facts}
            for claim, outcome, facts in conclusions
        ],
    )


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
