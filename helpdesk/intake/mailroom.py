"""What a kept mail becomes: a ticket, a reply, a bounce tied to the mail that failed, or what nobody answers.

Understanding is done before any transaction; what the mail became and the ledger's word on it commit together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.db import Unavailable, db, transaction
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.files import StorageFull
from helpdesk.intake import ledger
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Claim, Overtaken, conclude
from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import BounceReport, Mail, UnreadableMail
from helpdesk.intake.message import IncomingFile, IncomingMessage, Sender
from helpdesk.intake.receive import receive, receive_on
from helpdesk.intake.threads import Thread, thread_of
from helpdesk.models import IncomingMail, Message, Outgoing, Ticket
from helpdesk.outbox.message_ids import read_message_id
from helpdesk.outbox.post import ACKNOWLEDGEMENT
from helpdesk.outbox.undelivered import tell_agents
from helpdesk.parts import Parts
from helpdesk.people.emails import read_email
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.vocabulary import Channel, DeliveryState, MailOutcome

log = structlog.get_logger()

NOTHING_WRITTEN = "(Courriel sans texte.)"
UNREADABLE_TEXT = "(Ce courriel n’a pas pu être lu. L’original est en pièce jointe.)"
SENT_AHEAD = timedelta(minutes=5)  # a date later than this is a wrong clock


def settle_due(parts: Parts, now: datetime, at_most: int = 10_000) -> int:
    """Settle mails that wait, in rounds; returns how many were looked at. Safe from any number of processes."""
    done = 0
    while done < at_most and (claims := ledger.claim(now)):
        for place, claim in enumerate(claims):
            try:
                settle(parts, claim, now)
            except (Unavailable, StorageFull) as error:
                db.session.rollback()
                log.warning("mails put off", error=str(error))
                ledger.give_back(claims[place:], now)
                return done
            done += 1
    if done:
        parts.dispatcher.wake()
    return done


def settle(parts: Parts, claim: Claim, now: datetime, *, as_ticket: bool = False) -> None:
    """Make of one mail what it is; `as_ticket`: a request, because somebody said so.

    Errors of ours put it off; only the database's and the disk's are raised.
    """
    if claim.attempt > ledger.ATTEMPTS:
        ledger.put_off(claim, "le programme s’est arrêté chaque fois qu’il l’a lu", now)
        return
    try:
        box = next((each for each in parts.mailboxes if each.name == claim.mailbox), MailboxSpec(claim.mailbox))
        raw = parts.files.read(claim.sha256)
        try:
            mail = read_mail(raw, trusted_host=box.trusted_host)
        except UnreadableMail:
            if not as_ticket:
                raise
            mail = _unread(raw)
        case = _Case(parts, claim, box, mail, now)
        case.take_in(acknowledge=False) if as_ticket else case.settle()
    except UnreadableMail as error:
        with transaction() as session:
            conclude(session, claim, MailOutcome.UNREADABLE, now, because=str(error))
    except Overtaken:
        log.info("mail taken by another process", mail=claim.mail_id)
    except (Unavailable, StorageFull):
        raise
    except Exception as error:
        log.exception("mail not settled", mail=claim.mail_id, attempt=claim.attempt)
        db.session.rollback()
        ledger.put_off(claim, f"erreur de traitement ({type(error).__name__})", now)


@dataclass(frozen=True)
class _Case:
    """One mail, read, and what decides on it."""

    parts: Parts
    claim: Claim
    box: MailboxSpec
    mail: Mail
    now: datetime

    @cached_property
    def sender(self) -> str:
        return read_email(self.mail.from_address) or ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of every mail that could be read."""
        found = self.mail.authentication
        checks = found and {
            "spf": found.spf,
            "dkim": found.dkim,
            "dmarc": found.dmarc,
            "from_domain": found.from_domain,
        }
        return {
            "sender": (self.sender or self.mail.from_address)[:320],
            "subject": one_line(self.mail.subject, 300),
            "checks": checks,
        }

    def settle(self) -> None:
        mail, keys = self.mail, self.parts.settings.secret_keys
        if read_message_id(keys, mail.header("x-helpdesk-loop")):
            self._lay_aside(MailOutcome.AUTOMATIC, "c’est un de nos propres courriels, revenu")
        elif mail.bounce:
            self._bounce(mail.bounce)
        elif self.sender and self.sender in self._our_addresses():
            self._lay_aside(MailOutcome.REFUSED, "il dit venir de notre propre adresse")
        elif mail.automatic:
            thread = thread_of(mail, self.sender, keys)
            ticket_id = thread.ticket_id if thread and thread.takes_part else None
            db.session.rollback()
            self._lay_aside(MailOutcome.AUTOMATIC, mail.automatic_because, ticket_id)
        else:
            self.take_in(acknowledge=self._may_acknowledge())

    def _our_addresses(self) -> set[str]:
        return {self.parts.settings.mail_from, *(box.address for box in self.parts.mailboxes if box.address)}

    def _lay_aside(self, outcome: MailOutcome, because: str, ticket_id: int | None = None) -> None:
        with transaction() as session:
            conclude(session, self.claim, outcome, self.now, because=because, ticket_id=ticket_id, **self.facts)

    def _bounce(self, bounce: BounceReport) -> None:
        """Tied to the mail that failed by the Message-ID which only we can have signed."""
        ours = read_message_id(self.parts.settings.secret_keys, bounce.message_id)
        with transaction() as session:
            row = _outgoing_of(session, ours.ticket_id, ours.outgoing_id) if ours else None
            because = one_line(bounce.diagnostic or bounce.status or "sans raison donnée", 300)
            told = because if row else f"{because} ; aucun courriel de ce site n’est nommé"
            facts = {**self.facts, "because": told, "ticket_id": row.ticket_id if row else None}
            conclude(session, self.claim, MailOutcome.BOUNCE, self.now, **facts)
            if row and bounce.permanent and row.state is DeliveryState.SENT:
                row.state, row.last_error = DeliveryState.FAILED, f"non remis ({bounce.status or 'échec'}) : {because}"
                tell_agents(session, row, row.last_error, self.now)

    def take_in(self, *, acknowledge: bool) -> None:
        """A person's mail: a reply in the ticket that it continues, else a ticket."""
        thread, incoming = thread_of(self.mail, self.sender, self.parts.settings.secret_keys), self._message()
        db.session.rollback()
        if thread and thread.takes_part:
            try:
                receipt = receive_on(
                    thread.reference,
                    incoming,
                    self.parts.files,
                    reopen_within=timedelta(days=self.parts.settings.reopen_days),
                    now=self.now,
                    also=partial(self._conclude, MailOutcome.REPLY, None),
                )
                self._once_more(receipt.repeated)
                return
            except IllegalMove:
                db.session.rollback()  # closed long ago: a new ticket, which names the old one
        receipt = receive(
            incoming,
            self.parts.routing,
            self.parts.files,
            self.now,
            acknowledge=acknowledge,
            also=partial(self._conclude, MailOutcome.TICKET, thread),
        )
        self._once_more(receipt.repeated)

    def _message(self) -> IncomingMessage:
        mail, now = self.mail, self.now
        text = mail.reply_text.strip() or mail.text.strip()
        sent_at = mail.date if mail.date and mail.date <= now + SENT_AHEAD else None
        return IncomingMessage(
            channel=Channel.EMAIL,
            external_id=self.claim.fingerprint,
            text=text or NOTHING_WRITTEN,
            quoted=mail.quoted if mail.reply_text.strip() else "",
            sender=Sender(one_line(mail.from_name, 200) if not read_email(mail.from_name) else "", self.sender),
            subject=mail.subject,
            sent_at=sent_at,
            files=mail.files,
            mailbox=self.box.name,
            mailbox_academy=self.box.academy,
            mailbox_service=self.box.service,
        )

    def _may_acknowledge(self) -> bool:
        """What all signs of a machine missed ends here: two machines would thank each other for ever."""
        since = self.now - timedelta(hours=1)
        lately = db.session.scalar(
            select(func.count()).where(
                Outgoing.to_address == self.sender, Outgoing.created_at > since, Outgoing.kind == ACKNOWLEDGEMENT
            )
        )
        db.session.rollback()
        return (lately or 0) < self.parts.settings.acknowledgements_per_hour

    def _conclude(
        self, outcome: MailOutcome, thread: Thread | None, session: Session, ticket: Ticket, message: Message
    ) -> None:
        if thread is not None:
            _link(session, ticket, thread, self.now)
        facts = {**self.facts, "ticket_id": ticket.id, "message_row_id": message.id, "because": ""}
        conclude(session, self.claim, outcome, self.now, **facts)

    def _once_more(self, repeated: bool) -> None:
        """The message was there already without the ledger knowing, as after a database was put back."""
        if not repeated:
            return
        with transaction() as session:
            known = (Message.channel == Channel.EMAIL, Message.external_id == self.claim.fingerprint)
            message = session.scalars(select(Message).where(*known)).one()
            self._conclude(MailOutcome.TICKET, None, session, message.ticket, message)


def _outgoing_of(session: Session, ticket_id: int | None, outgoing_id: int | None) -> Outgoing | None:
    if outgoing_id is not None:
        return session.get(Outgoing, outgoing_id)
    first = select(Outgoing).where(Outgoing.ticket_id == ticket_id, Outgoing.kind == ACKNOWLEDGEMENT)
    return session.scalar(first.limit(1))


def _link(session: Session, ticket: Ticket, thread: Thread, now: datetime) -> None:
    """Both histories name the other ticket."""
    other = session.get_one(Ticket, thread.ticket_id)
    history.record(session, ticket, history.LINKED, None, now, {"to": other.reference, "by": thread.by})
    history.record(session, other, history.LINKED, None, now, {"to": ticket.reference, "by": thread.by})


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
        claim = Claim(mail.id, 1, mail.fingerprint, mail.sha256, mail.mailbox)
    settle(parts, claim, now, as_ticket=as_ticket)
    parts.dispatcher.wake()
    return db.session.get_one(IncomingMail, mail_id, populate_existing=True)


def _unread(raw: bytes) -> Mail:
    """What cannot be read, as a mail that carries the original."""
    original = IncomingFile("courriel.eml", "message/rfc822", raw)
    return Mail(subject="Courriel illisible", from_address="", text=UNREADABLE_TEXT, files=(original,))
