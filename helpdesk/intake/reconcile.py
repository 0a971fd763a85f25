"""Comparing a mailbox with the ledger, and the ledger with the file store: whether anything was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Place, keep, kept_uids
from helpdesk.intake.mailbox import source_for
from helpdesk.intake.sameness import identity_of
from helpdesk.intake.source import Found, Opened
from helpdesk.models import IncomingMail, MailPlace
from helpdesk.parts import Parts

STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Compared:
    """What one mailbox holds. `waiting`: not taken in yet; `missing`: filed on the server, unknown to the ledger;
    `repaired`: of those, taken in now.
    """

    waiting: int
    filed: int
    missing: int
    repaired: int


@dataclass(frozen=True)
class Holes:
    """What the ledger lacks: mails without an outcome for long, and mails whose bytes are gone (their ids)."""

    stuck: list[int]
    without_bytes: list[int]


def compare(parts: Parts, spec: MailboxSpec, now: datetime, *, repair: bool) -> Compared:
    """Look at everything on the server. A filed mail counts as known by Message-ID and size or, failing that, by its
    bytes, which are fetched. Raises MailboxAway.
    """
    missing = repaired = 0
    with source_for(spec).connected() as opened:
        waiting = opened.waiting()
        known = kept_uids(spec.name, opened.uidvalidity, waiting)
        filed = opened.filed()
        for raw in _unknown(opened, filed):
            missing += 1
            if repair:
                # No number of the first folder is known any more: its bytes stand for it.
                place = Place(spec.name, 0, identity_of(raw).fingerprint)
                repaired += keep([(raw, place)], parts.files, now)
    return Compared(len([uid for uid in waiting if uid not in known]), len(filed), missing, repaired)


def holes(parts: Parts, now: datetime) -> Holes:
    """Look at the ledger alone."""
    late = (IncomingMail.outcome.is_(None), IncomingMail.kept_at < now - STUCK)
    stuck = list(db.session.scalars(select(IncomingMail.id).where(*late).order_by(IncomingMail.id)))
    rows = db.session.execute(select(IncomingMail.id, IncomingMail.sha256).where(IncomingMail.sha256 != "")).all()
    held = set(parts.files.digests())
    return Holes(stuck, [row.id for row in rows if row.sha256 not in held])


def _unknown(opened: Opened, filed: list[Found]) -> Iterator[bytes]:
    for start in range(0, len(filed), 500):
        part = filed[start : start + 500]
        named = [found.message_id for found in part if found.message_id]
        rows = db.session.execute(
            select(IncomingMail.message_id, MailPlace.size)
            .join(MailPlace, MailPlace.mail_id == IncomingMail.id)
            .where(IncomingMail.message_id.in_(named))
        )
        known = {(row.message_id, row.size) for row in rows}
        for found in part:
            if (found.message_id, found.size) not in known:
                yield from _unknown_bytes(opened, found.uid)


def _unknown_bytes(opened: Opened, uid: str) -> Iterator[bytes]:
    for _uid, raw in opened.fetch([uid], filed=True):
        same = IncomingMail.fingerprint == identity_of(raw).fingerprint
        if db.session.scalar(select(IncomingMail.id).where(same)) is None:
            yield raw
