"""What a kept mail becomes: a ticket, a reply, a bounce tied to the mail that failed, or what nobody answers.

Understanding is done before any transaction; what the mail became and the ledger's word on it commit together. Mails
that have nothing to do with each other are settled in one transaction, which is several times faster than one for each.
When anything in it fails, nothing of it stays, and each of them is settled alone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from helpdesk.db import Unavailable, db, transaction, utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.files import StorageFull
from helpdesk.intake import ledger
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.cases import Case, may_be_acknowledged
from helpdesk.intake.ledger import Claim, Conclusion, Overtaken, conclude
from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import Mail, UnreadableMail
from helpdesk.intake.message import IncomingFile
from helpdesk.intake.opening import Request, Understood, open_tickets, understand
from helpdesk.models import IncomingMail
from helpdesk.parts import Parts
from helpdesk.routing.assign import decisions_for
from helpdesk.routing.in_force import present
from helpdesk.vocabulary import MailOutcome

log = structlog.get_logger()

UNREADABLE_TEXT = "(Ce courriel n’a pas pu être lu. L’original est en pièce jointe.)"
ROUND = 200  # mails after which the clock is read again, and others are told to deliver
BYTES_TOGETHER = 8_000_000  # of raw mails read at once; a larger one is settled alone


def settle_due(parts: Parts, now: datetime, at_most: int = 10_000) -> int:
    """Settle mails that wait, in rounds; returns how many were looked at. Safe from any number of processes."""
    done = 0
    while done < at_most and (claims := ledger.claim(now)):
        try:
            for some in _portions(claims):
                alone = some if len(some) == 1 else _settle_together(parts, some, now)
                for claim in alone:
                    settle(parts, claim, now)
                done += len(some)
        except (Unavailable, StorageFull) as error:
            db.session.rollback()
            log.warning("mails put off", error=str(error))
            ledger.give_back(claims, now)  # those that are settled stay so
            return done
    if done:
        parts.dispatcher.wake()
    return done


def settle_all(parts: Parts, ended: Callable[[], bool] = lambda: False) -> int:
    """Settle until nothing waits, or somebody wants an end; returns how many were looked at."""
    done = 0
    while not ended() and (some := settle_due(parts, utc_now(), at_most=ROUND)):
        done += some
    return done


def _portions(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """What may be settled together: first attempts, some megabytes at a time; the others one by one."""
    some: list[Claim] = []
    for claim in (claim for claim in claims if claim.attempt == 1):
        if some and sum(each.size for each in some) + claim.size > BYTES_TOGETHER:
            yield some
            some = []
        some.append(claim)
    if some:
        yield some
    yield from ([claim] for claim in claims if claim.attempt > 1)


@dataclass
class _Together:
    """What one transaction will write: requests without a past, and mails that nobody answers."""

    requests: list[tuple[Case, Understood]] = field(default_factory=list)
    asides: list[Conclusion] = field(default_factory=list)
    named: set[str] = field(default_factory=set)  # senders and Message-IDs

    def add(self, case: Case, parts: Parts) -> bool:
        """Whether the mail fits in. It does not if another one may be its past: the same sender, an answer to it."""
        mail, aside = case.mail, case.aside()
        its_past = {*mail.references, case.sender, case.answers_to} & self.named
        if its_past or (aside is None and (mail.bounce or case.thread)):
            return False
        if aside is None:
            self.requests.append((case, understand(case.message(), parts.files)))
        else:
            self.asides.append(aside)
        self.named |= {mail.message_id, case.sender, case.answers_to} - {""}
        return True

    def write(self, parts: Parts, now: datetime) -> None:
        """All or nothing. Raises whatever goes wrong."""
        if not self.requests and not self.asides:
            return
        routing = present(parts.routing)
        decisions = decisions_for([understood.incoming for _, understood in self.requests], routing, now)
        greeted = may_be_acknowledged(parts, {case.answers_to for case, _ in self.requests}, now)
        requests = [
            Request(understood, decision, case.answers_to in greeted)
            for (case, understood), decision in zip(self.requests, decisions, strict=True)
        ]
        with transaction() as session:
            messages = open_tickets(session, requests, routing, now) if requests else []
            opened = [
                case.conclusion(MailOutcome.TICKET, ticket_id=message.ticket_id, message_row_id=message.id)
                for (case, _), message in zip(self.requests, messages, strict=True)
            ]
            conclude(session, [*self.asides, *opened], now)


def _settle_together(parts: Parts, claims: Sequence[Claim], now: datetime) -> list[Claim]:
    """Settle those that can be; gives the others, to be settled alone."""
    together, alone = _Together(), list[Claim]()
    for claim in claims:
        fits = False
        with suppress(Exception):  # whatever it is, it comes again, and is told, when the mail is alone
            fits = together.add(_read(parts, claim, now), parts)
        if not fits:
            alone.append(claim)
    db.session.rollback()  # the rules of now, not those of a moment at which a ticket was looked for
    try:
        together.write(parts, now)
    except Exception as error:
        # One of them is the cause, or the database; which is found, and told, when each is alone.
        log.warning("mails not settled together", mails=len(claims), error=type(error).__name__, exc_info=True)
        return list(claims)
    return alone


def _read(parts: Parts, claim: Claim, now: datetime, *, as_ticket: bool = False) -> Case:
    """Raises UnreadableMail, but for what somebody wants to be a ticket whatever it is."""
    box = next((each for each in parts.mailboxes if each.name == claim.mailbox), MailboxSpec(claim.mailbox))
    raw = parts.files.read(claim.sha256)
    try:
        mail = read_mail(raw, trusted_host=box.trusted_host)
    except UnreadableMail:
        if not as_ticket:
            raise
        mail = _unread(raw)
    return Case(parts, claim, box, mail, now)


def settle(parts: Parts, claim: Claim, now: datetime, *, as_ticket: bool = False) -> None:
    """Make of one mail what it is; `as_ticket`: a request, because somebody said so.

    Errors of ours put it off; only the database's and the disk's are raised.
    """
    if claim.attempt > ledger.ATTEMPTS:
        ledger.put_off(claim, "le programme s’est arrêté chaque fois qu’il l’a lu", now)
        return
    try:
        case = _read(parts, claim, now, as_ticket=as_ticket)
        case.take_in(acknowledge=False) if as_ticket else case.settle()
    except UnreadableMail as error:
        with transaction() as session:
            conclude(session, [(claim, MailOutcome.UNREADABLE, {"because": str(error)})], now)
    except Overtaken:
        log.info("mail taken by another process", mail=claim.mail_id)
    except (Unavailable, StorageFull):
        raise
    except Exception as error:
        log.exception("mail not settled", mail=claim.mail_id, attempt=claim.attempt)
        db.session.rollback()
        ledger.put_off(claim, f"erreur de traitement ({type(error).__name__})", now)


AGAIN = frozenset((MailOutcome.UNREADABLE, MailOutcome.REFUSED, MailOutcome.AUTOMATIC, MailOutcome.BOUNCE))


def settle_again(parts: Parts, mail_id: int, now: datetime, *, as_ticket: bool = False) -> IncomingMail:
    """Try a mail once more that nobody answers; `as_ticket` takes it for a request whatever it is, unacknowledged.

    Raises NotFound for a mail that is not there, IllegalMove for one that is a ticket or is being worked on.
    """
    with transaction() as session:
        mail = session.get(IncomingMail, mail_id, with_for_update=True)
        if mail is None:
            raise NotFound("Ce courriel n’existe pas.")
        if mail.outcome not in AGAIN:
            raise IllegalMove("Ce courriel est déjà une demande, ou va être traité.")
        mail.outcome, mail.attempts, mail.due = None, 1, now + ledger.LEASE
        claim = Claim(mail.id, 1, mail.fingerprint, mail.sha256, mail.mailbox, mail.size)
    settle(parts, claim, now, as_ticket=as_ticket)
    parts.dispatcher.wake()
    return db.session.get_one(IncomingMail, mail_id, populate_existing=True)


def _unread(raw: bytes) -> Mail:
    """What cannot be read, as a mail that carries the original."""
    original = IncomingFile("courriel.eml", "message/rfc822", raw)
    return Mail(subject="Courriel illisible", from_address="", text=UNREADABLE_TEXT, files=(original,))
