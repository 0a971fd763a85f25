"""Waking whoever delivers. The outbox table is the truth: a wake that gets lost is only a delay, ended by the sweep.

Three ways, chosen by the settings: an RQ worker when there is Redis, a thread of the site when there is none, or the
caller itself (commands and tests).
"""

import threading
from collections.abc import Callable
from typing import Protocol

import structlog

log = structlog.get_logger()

QUEUE = "outbox"
JOB = "helpdesk.worker.deliver_pending"


class Dispatcher(Protocol):
    """Told after each commit that posted something."""

    def wake(self) -> None:
        """Have the outbox looked at soon. Never raises: what was accepted stays accepted."""


class Here:
    """The caller does the work itself, before it goes on."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work

    def wake(self) -> None:
        self._work()


class Thread:
    """A thread of this process does the work at each wake, and at least every `pause` seconds."""

    def __init__(self, pause: float = 30.0) -> None:
        self._pause = pause
        self._call = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, work: Callable[[], object]) -> None:
        """Begin; the first round is at once. A process that only serves pages never starts it."""
        self._thread = threading.Thread(target=self._run, args=(work,), name="outbox", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Finish the mail in hand and end."""
        self._ended.set()
        self._call.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def wake(self) -> None:
        self._call.set()

    def _run(self, work: Callable[[], object]) -> None:
        while not self._ended.is_set():
            self._call.clear()
            try:
                work()
            except Exception:
                log.exception("round failed; trying again")
            self._call.wait(self._pause)


class Rq:
    """A worker elsewhere does the work; the job carries nothing, the table says what is due."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url

    def wake(self) -> None:
        # Imported late: the embedded profile does without these libraries.
        from redis import Redis
        from redis.exceptions import RedisError
        from rq import Queue
        from rq.serializers import JSONSerializer

        try:
            with Redis.from_url(self._redis_url, socket_timeout=2, socket_connect_timeout=2) as redis:
                Queue(QUEUE, connection=redis, serializer=JSONSerializer).enqueue(JOB, result_ttl=0, failure_ttl=3600)
        except RedisError as error:
            log.warning("worker not woken; the sweep will find the mail", error=type(error).__name__)
