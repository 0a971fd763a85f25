"""Emptying the mailboxes: each in a thread of its own, so that a slow server delays no other.

Who has emptied one settles what waits. A worker, where there is one, begins with the first mails that are kept: in a
process of its own, because threads that compute would hold up those that fetch.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from flask import Flask

from helpdesk.db import Unavailable, db, transaction, utc_now
from helpdesk.files import StorageFull
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Place, keep, kept_uids
from helpdesk.intake.mailbox import source_for
from helpdesk.intake.mailroom import settle_all
from helpdesk.intake.source import MailboxAway, MailboxRefused, MailNotGiven, Opened
from helpdesk.models import MailboxHealth
from helpdesk.parts import Parts

log = structlog.get_logger()

BATCH_BYTES, BATCH_MAILS = 8_000_000, 50  # fetched, kept and filed together; one larger mail goes alone
PAUSE = {"imap": 60.0, "maildir": 2.0}  # seconds between looks; IDLE ends it early
# After n failures in a row. A refused password is not tried often: servers lock accounts.
_AWAY, _AWAY_AT_MOST = timedelta(seconds=30), timedelta(minutes=10)
_REFUSED, _REFUSED_AT_MOST = timedelta(minutes=15), timedelta(hours=4)


def take_in(opened: Opened, spec: MailboxSpec, parts: Parts, now: datetime) -> int:
    """Keep all that waits, and file what is kept; returns how many mails were not known.

    Raises MailboxAway, Unavailable or StorageFull; what was not kept is not filed then, and comes again. A server that
    refuses to give or to file some of them (a full quota) is told of at the end: all others are taken in first.
    """
    uids, new = opened.waiting(), 0
    known = kept_uids(spec.name, opened.uidvalidity, uids)
    refused: list[str] = []
    problems = _file(opened, [uid for uid in uids if uid in known] if opened.leaves else [])
    unknown = [uid for uid in uids if uid not in known]
    for batch in _batches(unknown, opened.sizes(unknown) if unknown else {}):
        copies = list(_copies(opened, batch, spec.name, refused))
        new += keep(copies, parts.files, now)
        problems += _file(opened, [place.uid for _, place in copies])
    if refused:
        problems.append(f"le serveur ne donne pas {len(refused)} courriel(s) ; les autres sont relevés")
    if problems:
        raise MailNotGiven(problems[-1])
    return new


def _file(opened: Opened, uids: Sequence[str]) -> list[str]:
    """What the server says against it; nothing is lost then, they are filed at the next look."""
    try:
        if uids:
            opened.file(uids)
    except MailNotGiven as error:
        return [f"{error} ; les courriels sont pris en compte, mais pas rangés"]
    return []


def _batches(uids: Sequence[str], sizes: dict[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    held = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and (held + size > BATCH_BYTES or len(batch) == BATCH_MAILS):
            yield batch
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield batch


def _copies(opened: Opened, uids: Sequence[str], name: str, refused: list[str]) -> Iterator[tuple[bytes, Place]]:
    try:
        for uid, raw in opened.fetch(uids):
            yield raw, Place(name, opened.uidvalidity, uid)
    except MailNotGiven:
        if len(uids) == 1:
            refused.extend(uids)
            return
        for uid in uids:
            yield from _copies(opened, [uid], name, refused)


def poll_once(parts: Parts, spec: MailboxSpec, *, whenever: bool = False) -> str:
    """Empty one mailbox now; returns what went wrong in French, empty if nothing did.

    Nothing is tried before the back-off has passed, unless `whenever`.
    """
    if not whenever and not _may_try(spec.name, utc_now()):
        return ""
    try:
        with source_for(spec).connected() as opened:
            take_in(opened, spec, parts, utc_now())
    except (MailboxAway, Unavailable, StorageFull) as error:
        return note_failure(spec.name, error, utc_now())
    note_success(spec.name, utc_now())
    return ""


class Poller:
    """Threads that empty the mailboxes until they are stopped. Being killed is no different to them."""

    def __init__(self, app: Flask, parts: Parts) -> None:
        self._app, self._parts = app, parts
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(spec,), name=f"mailbox-{spec.name}", daemon=True)
            for spec in parts.mailboxes
        ]

    def start(self) -> None:
        """Begin, all at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the mails in hand; one that waits for a server is left to end with the process."""
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout / max(len(self._threads), 1))

    def wait(self) -> None:
        """Until somebody stops it."""
        self._ended.wait()

    def _run(self, spec: MailboxSpec) -> None:
        while not self._ended.is_set():
            try:
                with self._app.app_context():
                    if _may_try(spec.name, utc_now()):
                        self._stay(spec)
            except Exception:
                log.exception("mailbox round failed; trying again", mailbox=spec.name)
            self._ended.wait(PAUSE[spec.kind] / 4)

    def _stay(self, spec: MailboxSpec) -> None:
        """Stay connected for as long as all goes well."""
        try:
            with source_for(spec).connected() as opened:
                while not self._ended.is_set():
                    new = take_in(opened, spec, self._parts, utc_now())
                    note_success(spec.name, utc_now())
                    if new:
                        settle_all(self._parts, self._ended.is_set)
                    db.session.remove()
                    if not opened.wait(PAUSE[spec.kind]):
                        self._ended.wait(PAUSE[spec.kind])
        except (MailboxAway, Unavailable, StorageFull) as error:
            note_failure(spec.name, error, utc_now())
            settle_all(self._parts, self._ended.is_set)


def _may_try(name: str, now: datetime) -> bool:
    health = db.session.get(MailboxHealth, name, populate_existing=True)
    may = health is None or health.next_try <= now
    db.session.rollback()
    return may


def note_success(name: str, now: datetime) -> None:
    """Said at most once a minute while all is well, so that an idle mailbox hardly writes."""
    health = db.session.get(MailboxHealth, name, populate_existing=True)
    fresh = health and not health.problem and health.last_success and now - health.last_success < timedelta(minutes=1)
    db.session.rollback()
    if fresh:
        return
    with transaction() as session:
        health = session.get(MailboxHealth, name) or MailboxHealth(name=name, next_try=now)
        health.last_success, health.failing_since, health.failures = now, None, 0
        health.problem, health.next_try = "", now
        session.add(health)


def note_failure(name: str, error: Exception, now: datetime) -> str:
    """Keep what went wrong and when to try again; returns it. A database that is away itself keeps nothing."""
    problem = str(error)
    log.warning("mailbox not emptied", mailbox=name, problem=problem)
    refused = isinstance(error, MailboxRefused)
    first, at_most = (_REFUSED, _REFUSED_AT_MOST) if refused else (_AWAY, _AWAY_AT_MOST)
    db.session.rollback()
    try:
        with transaction() as session:
            health = session.get(MailboxHealth, name) or MailboxHealth(name=name, failures=0)
            health.failures = health.failures + 1
            health.problem, health.failing_since = problem, health.failing_since or now
            health.next_try = now + min(first * 2 ** min(health.failures - 1, 10), at_most)
            session.add(health)
    except Unavailable:
        log.warning("health of the mailbox not kept", mailbox=name)
    return problem


def try_now(name: str, now: datetime) -> None:
    """Forget the back-off: the password was changed, the server is back."""
    with transaction() as session:
        health = session.get(MailboxHealth, name)
        if health is not None:
            health.next_try = now
