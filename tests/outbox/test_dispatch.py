"""Waking: a worker with Redis, a thread without; a wake that gets lost is only a delay."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models import Outgoing
from helpdesk.outbox.deliver import LEASE, deliver_due
from helpdesk.outbox.dispatch import Rq, Thread
from helpdesk.vocabulary import DeliveryState
from scripts.environment import BIN
from scripts.steps import ROOT
from tests.application import Desk, MemoryMailer
from tests.services.ports import free_port, wait_until
from tests.services.smtp import SmtpSink


@contextmanager
def worker(desk: Desk, redis_url: str, sink: SmtpSink) -> Iterator[subprocess.Popen[bytes]]:
    """`helpdesk worker` as a process of its own, sending to the sink."""
    settings = desk.parts.settings
    environment = {
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "REDIS_URL": redis_url,
        "SMTP_HOST": sink.host,
        "SMTP_PORT": str(sink.port),
        "SMTP_SECURITY": "none",
    }
    process = subprocess.Popen([BIN / "helpdesk", "worker"], cwd=ROOT, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def state(desk: Desk) -> DeliveryState:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Outgoing.state)).one()


def test_a_worker_woken_through_redis_sends_the_mail(desk: Desk, redis_url: str, smtp_sink: SmtpSink) -> None:
    with worker(desk, redis_url, smtp_sink) as process:
        desk.ticket()
        Rq(redis_url).wake()

        wait_until(lambda: state(desk) is DeliveryState.SENT, process, "the worker")

    assert [received.recipients for received in smtp_sink.received] == [("lou@famille.example",)]


def test_a_worker_without_redis_finds_the_mail_by_itself(desk: Desk, smtp_sink: SmtpSink) -> None:
    desk.ticket()

    with worker(desk, "", smtp_sink) as process:
        wait_until(lambda: state(desk) is DeliveryState.SENT, process, "the worker")

    assert len(smtp_sink.received) == 1


def test_a_worker_killed_in_mid_job_loses_nothing(
    desk: Desk, redis_url: str, smtp_sink: SmtpSink, mailer: MemoryMailer
) -> None:
    """It is killed while the mail server makes it wait: the row is claimed, the mail is not gone."""
    with smtp_sink.holding() as waiting, worker(desk, redis_url, smtp_sink) as process:
        now = desk.ticket().received_at
        Rq(redis_url).wake()
        assert waiting.wait(30)
        process.send_signal(signal.SIGKILL)
        process.wait(20)

    assert state(desk) is DeliveryState.PENDING
    due = db.session.scalars(select(Outgoing.due)).one()
    assert deliver_due(mailer, desk.parts.letters, due - LEASE / 2) == 0
    deliver_due(mailer, desk.parts.letters, due)
    assert len(mailer.sent) == 1
    assert now < due


def test_a_redis_that_is_away_does_not_hurt_who_wakes() -> None:
    Rq(f"redis://127.0.0.1:{free_port()}/0").wake()


def test_the_thread_works_at_each_wake_and_survives_a_broken_round() -> None:
    rounds: list[int] = []
    done = Event()

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise RuntimeError("first round breaks")
        done.set()

    thread = Thread(pause=60)
    thread.start(work)
    thread.wake()

    assert done.wait(10)
    thread.stop()
    assert len(rounds) >= 2
