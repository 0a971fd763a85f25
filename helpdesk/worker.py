"""The process that delivers and does the periodic work when pages are served elsewhere.

With Redis it waits for jobs, and looks at the tables every half minute all the same; without, it only does the latter.
Beside that it settles the mails that pollers keep, as soon as they are kept.
"""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import structlog
from flask import Flask

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.duties import do_due, send_due
from helpdesk.intake.mailroom import settle_all
from helpdesk.outbox.dispatch import QUEUE, Thread
from helpdesk.pages import parts

log = structlog.get_logger()

LOOK_FOR_MAILS = 1.0  # seconds between looks at the ledger


def deliver_pending() -> int:
    """The job that `outbox.dispatch.Rq` asks for; runs inside the worker, in its application's context."""
    try:
        return send_due(parts(), utc_now())
    finally:
        db.session.remove()


def one_round(app: Flask) -> None:
    """Deliver what is due and do the duties that are due: the whole of the work, once."""
    with app.app_context():
        send_due(parts(), utc_now())
        do_due(parts(), utc_now())


def settle_round(app: Flask, ended: Callable[[], bool]) -> None:
    """Settle all mails that wait. A database that is away is not told each time: the sweep does that."""
    with app.app_context(), suppress(Unavailable):
        settle_all(parts(), ended)


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; the mail in hand is finished first."""
    sweeper, settler, ended = Thread(), Thread(LOOK_FOR_MAILS), threading.Event()
    sweeper.start(lambda: one_round(app))
    settler.start(lambda: settle_round(app, ended.is_set))
    try:
        with app.app_context():
            redis_url = parts().settings.redis_url
            log.info("worker ready", redis=bool(redis_url))
            if redis_url:
                _do_jobs(redis_url)
            else:
                _wait_for_the_end()
    finally:
        ended.set()
        settler.stop()
        sweeper.stop()


def _wait_for_the_end() -> None:
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    ended.wait()


def _do_jobs(redis_url: str) -> None:
    """RQ's simple worker: jobs run in this process, since a fork beside the sweeping thread would not be safe."""
    from redis import Redis
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    worker = SimpleWorker([QUEUE], connection=Redis.from_url(redis_url), serializer=JSONSerializer, worker_ttl=60)
    worker.work(logging_level="WARNING")
