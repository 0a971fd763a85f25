"""The outbox: each mail leaves once, is tried again when the network fails, and agents learn when it never will."""

import threading
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.models import Outgoing
from helpdesk.outbox.deliver import LEASE, RETRIES, deliver, deliver_due, due_ids
from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import DeliveryState, Status
from tests.application import MONDAY, Desk, MemoryMailer, later


def only_row() -> Outgoing:
    db.session.expire_all()
    return db.session.scalars(select(Outgoing)).one()


def test_a_posted_mail_leaves_once(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket()

    deliver_due(mailer, desk.parts.letters, later(minutes=1))
    deliver_due(mailer, desk.parts.letters, later(minutes=2))

    assert len(mailer.sent) == 1
    assert only_row().state is DeliveryState.SENT


def test_two_workers_send_one_mail(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket()
    (row,) = due_ids(MONDAY)
    start = threading.Barrier(4)

    def work() -> None:
        with desk.app.app_context():
            start.wait()
            deliver(row, mailer, desk.parts.letters, MONDAY)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailer.sent) == 1


def test_a_failure_is_tried_again_later_and_later(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket()
    mailer.fail_with = DeliveryError("serveur injoignable")

    deliver_due(mailer, desk.parts.letters, MONDAY)

    row = only_row()
    assert (row.state, row.attempts, row.due) == (DeliveryState.PENDING, 1, MONDAY + RETRIES[0])
    assert row.last_error == "serveur injoignable"
    mailer.fail_with = None
    assert deliver_due(mailer, desk.parts.letters, MONDAY) == 0
    deliver_due(mailer, desk.parts.letters, MONDAY + RETRIES[0])
    assert len(mailer.sent) == 1


def test_after_the_last_try_the_mail_has_failed_and_the_history_says_so(desk: Desk, mailer: MemoryMailer) -> None:
    ticket = desk.ticket()
    mailer.fail_with = DeliveryError("serveur injoignable")
    now = MONDAY

    for pause in (*RETRIES, LEASE):
        deliver_due(mailer, desk.parts.letters, now)
        now += pause

    assert only_row().state is DeliveryState.FAILED
    assert desk.read(ticket.reference).events[-1].kind == history.DELIVERY_FAILED


def test_a_refused_answer_fails_at_once_and_opens_the_ticket_again(desk: Desk, mailer: MemoryMailer) -> None:
    ticket = desk.ticket()
    deliver_due(mailer, desk.parts.letters, MONDAY)
    actions.reply(desk.agent(), ticket.reference, "Voilà.", seen=2**40, solve=True, now=later(hours=1))
    mailer.fail_with = Refused("destinataire refusé (550)")

    deliver_due(mailer, desk.parts.letters, later(hours=1))

    ticket = desk.read(ticket.reference)
    assert (ticket.status, ticket.solved_at) == (Status.OPEN, None)
    assert ticket.events[-1].data["error"] == "destinataire refusé (550)"


def test_a_worker_that_died_after_the_claim_only_delays_the_mail(desk: Desk, mailer: MemoryMailer) -> None:
    class Killed(BaseException):
        pass

    class DyingMailer(MemoryMailer):
        def send(self, mail: EmailMessage) -> None:
            raise Killed

    desk.ticket()
    with pytest.raises(Killed):
        deliver_due(DyingMailer(), desk.parts.letters, MONDAY)
    db.session.remove()

    assert deliver_due(mailer, desk.parts.letters, MONDAY + LEASE / 2) == 0
    deliver_due(mailer, desk.parts.letters, MONDAY + LEASE)

    assert len(mailer.sent) == 1


def test_a_worker_that_comes_back_from_the_dead_marks_nothing(desk: Desk, mailer: MemoryMailer) -> None:
    """Its lease ran out and another took the row: the late one may not write its own result over it."""
    desk.ticket()
    (row,) = due_ids(MONDAY)

    class SlowMailer(MemoryMailer):
        def send(self, mail: EmailMessage) -> None:
            deliver(row, mailer, desk.parts.letters, MONDAY + LEASE)
            raise DeliveryError("trop tard")

    deliver(row, SlowMailer(), desk.parts.letters, MONDAY)

    assert only_row().state is DeliveryState.SENT
    assert only_row().last_error == ""


def test_one_mail_that_cannot_be_written_does_not_hold_the_others(desk: Desk, mailer: MemoryMailer) -> None:
    broken, sound = desk.ticket(), desk.ticket()
    row = db.session.scalars(select(Outgoing).where(Outgoing.ticket_id == broken.id)).one()
    row_id = row.id
    db.session.rollback()
    with transaction() as session:
        session.get_one(Outgoing, row_id).kind = "unknown"

    deliver_due(mailer, desk.parts.letters, later(minutes=1))

    assert [mail["Subject"].split("]")[0] for mail in mailer.sent] == [f"[{sound.reference}"]
    db.session.expire_all()
    assert db.session.get_one(Outgoing, row_id).attempts == 1


def test_no_more_leaves_in_a_minute_than_the_server_takes(desk: Desk, mailer: MemoryMailer) -> None:
    for _ in range(5):
        desk.ticket()

    counts = [
        deliver_due(mailer, desk.parts.letters, later(hours=1, seconds=second), per_minute=3) for second in (0, 30, 61)
    ]

    assert counts == [3, 0, 2]
