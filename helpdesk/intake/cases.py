"""One mail, read: what becomes of it, and how that is written when the mail is settled alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Claim, Conclusion, conclude
from helpdesk.intake.mail.value import BounceReport, Mail
from helpdesk.intake.message import IncomingMessage, Sender
from helpdesk.intake.receive import receive, receive_on
from helpdesk.intake.threads import Thread, thread_of
from helpdesk.models import Message, Outgoing, Ticket
from helpdesk.outbox.message_ids import read_message_id
from helpdesk.outbox.post import ACKNOWLEDGEMENT
from helpdesk.outbox.undelivered import tell_agents
from helpdesk.parts import Parts
from helpdesk.people.emails import read_email, takes_no_answers
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.vocabulary import Channel, DeliveryState, MailOutcome

NOTHING_WRITTEN = "(Courriel sans texte.)"
SENT_AHEAD = timedelta(minutes=5)  # a date later than this is a wrong clock


@dataclass(frozen=True)
class Case:
    """One mail, read, and what decides on it."""

    parts: Parts
    claim: Claim
    box: MailboxSpec
    mail: Mail
    now: datetime

    @cached_property
    def sender(self) -> str:
        """The normalised address, empty if there is none."""
        return read_email(self.mail.from_address) or ""

    @property
    def answers_to(self) -> str:
        """Where the person is reached: Reply-To only where From takes no answers. Whoever claims somebody's From could
        else have what we answer that person sent to themselves.
        """
        if self.sender and not takes_no_answers(self.sender):
            return self.sender
        return next(filter(None, (read_email(each.address) for each in self.mail.reply_to)), None) or self.sender

    @cached_property
    def thread(self) -> Thread | None:
        """The ticket that the mail names. Asked outside transactions; leaves nothing read behind."""
        found = thread_of(self.mail, self.sender, self.parts.settings.secret_keys)
        db.session.rollback()
        return found

    def conclusion(self, outcome: MailOutcome, **facts: Any) -> Conclusion:
        """What the ledger keeps of a mail that could be read."""
        found = self.mail.authentication
        checks = found and {
            "spf": found.spf,
            "dkim": found.dkim,
            "dmarc": found.dmarc,
            "from_domain": found.from_domain,
        }
        told = {"because": "", "ticket_id": None, "message_row_id": None, **facts}
        sender, subject = (self.sender or self.mail.from_address)[:320], one_line(self.mail.subject, 300)
        return self.claim, outcome, {"sender": sender, "subject": subject, "checks": checks, **told}

    def aside(self) -> Conclusion | None:
        """What becomes of a mail that nobody answers; None for those of people and for delivery failures."""
        mail, keys = self.mail, self.parts.settings.secret_keys
        if read_message_id(keys, mail.header("x-helpdesk-loop")):
            return self.conclusion(MailOutcome.AUTOMATIC, because="c’est un de nos propres courriels, revenu")
        if mail.bounce:
            return None
        if self.sender and self.sender in self._our_addresses():
            return self.conclusion(MailOutcome.REFUSED, because="il dit venir de notre propre adresse")
        if mail.automatic:
            ticket_id = self.thread.ticket_id if self.thread and self.thread.takes_part else None
            return self.conclusion(MailOutcome.AUTOMATIC, because=mail.automatic_because, ticket_id=ticket_id)
        return None

    def _our_addresses(self) -> set[str]:
        return {self.parts.settings.mail_from, *(box.address for box in self.parts.mailboxes if box.address)}

    def settle(self) -> None:
        """Alone, in a transaction of its own."""
        aside = self.aside()
        if aside is not None:
            with transaction() as session:
                conclude(session, [aside], self.now)
        elif self.mail.bounce:
            self._bounce(self.mail.bounce)
        else:
            self.take_in(acknowledge=self.answers_to in may_be_acknowledged(self.parts, [self.answers_to], self.now))

    def _bounce(self, bounce: BounceReport) -> None:
        """Tied to the mail that failed by the Message-ID which only we can have signed."""
        ours = read_message_id(self.parts.settings.secret_keys, bounce.message_id)
        with transaction() as session:
            row = _outgoing_of(session, ours.ticket_id, ours.outgoing_id) if ours else None
            because = one_line(bounce.diagnostic or bounce.status or "sans raison donnée", 300)
            told = because if row else f"{because} ; aucun courriel de ce site n’est nommé"
            ticket_id = row.ticket_id if row else None
            conclude(session, [self.conclusion(MailOutcome.BOUNCE, because=told, ticket_id=ticket_id)], self.now)
            if row and bounce.permanent and row.state is DeliveryState.SENT:
                row.state, row.last_error = DeliveryState.FAILED, f"non remis ({bounce.status or 'échec'}) : {because}"
                tell_agents(session, row, row.last_error, self.now)

    def take_in(self, *, acknowledge: bool) -> None:
        """A person's mail: a reply in the ticket that it continues, else a ticket."""
        thread, incoming = self.thread, self.message()
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

    def message(self) -> IncomingMessage:
        """The mail as every channel tells it."""
        mail, now = self.mail, self.now
        text = mail.reply_text.strip() or mail.text.strip()
        sent_at = mail.date if mail.date and mail.date <= now + SENT_AHEAD else None
        return IncomingMessage(
            channel=Channel.EMAIL,
            external_id=self.claim.fingerprint,
            text=text or NOTHING_WRITTEN,
            quoted=mail.quoted if mail.reply_text.strip() else "",
            sender=Sender(one_line(mail.from_name, 200) if not read_email(mail.from_name) else "", self.answers_to),
            subject=mail.subject,
            sent_at=sent_at,
            files=mail.files,
            mailbox=self.box.name,
            mailbox_academy=self.box.academy,
            mailbox_service=self.box.service,
        )

    def _conclude(
        self, outcome: MailOutcome, thread: Thread | None, session: Session, ticket: Ticket, message: Message
    ) -> None:
        if thread is not None:
            _link(session, ticket, thread, self.now)
        conclusion = self.conclusion(outcome, ticket_id=ticket.id, message_row_id=message.id)
        conclude(session, [conclusion], self.now)

    def _once_more(self, repeated: bool) -> None:
        """The message was there already without the ledger knowing, as after a database was put back."""
        if not repeated:
            return
        with transaction() as session:
            known = (Message.channel == Channel.EMAIL, Message.external_id == self.claim.fingerprint)
            message = session.scalars(select(Message).where(*known)).one()
            self._conclude(MailOutcome.TICKET, None, session, message.ticket, message)


def may_be_acknowledged(parts: Parts, senders: Collection[str], now: datetime) -> set[str]:
    """Those who had few acknowledgements within the hour. What all signs of a machine missed ends here: two machines
    would thank each other for ever.
    """
    since = now - timedelta(hours=1)
    counted = (
        select(Outgoing.to_address)
        .where(Outgoing.to_address.in_(senders), Outgoing.created_at > since, Outgoing.kind == ACKNOWLEDGEMENT)
        .group_by(Outgoing.to_address)
        .having(func.count() >= parts.settings.acknowledgements_per_hour)
    )
    had_enough = set(db.session.scalars(counted))
    db.session.rollback()
    return set(senders) - had_enough


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
