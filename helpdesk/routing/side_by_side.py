"""Judging stored tickets in several processes at once: each reads its own pieces, so that little passes between them.

Processes are started afresh, never forked: a server's threads and its connections to the database do not survive that.
Where they cannot be, everything is judged here.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import structlog
from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session

from helpdesk.db import tune
from helpdesk.routing.again import Depth
from helpdesk.routing.judge import Change, Judge, Verdict

_WAITING = 2  # pieces for each process that are asked for ahead of time: what bounds memory

log = structlog.get_logger()


def verdicts(
    change: Change, url: URL, pieces: Iterable[Sequence[int]], processes: int, here: Judge
) -> Iterator[list[Verdict]]:
    """The verdicts on each piece, a few ids of tickets, in the order of the pieces. `here` judges what the processes
    cannot: without memory for them, or where they were ended, the replay goes on.
    """
    if change.depth is Depth.WORDS:  # once, rather than in each process
        change.before.rulebook.likeness.learn()
        change.after.rulebook.likeness.learn()
    fresh = multiprocessing.get_context("spawn")
    waiting: deque[tuple[Sequence[int], Future[list[Verdict]] | None]] = deque()
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=_begin, initargs=(change, url)) as pool:
        try:
            for ids in pieces:
                waiting.append((ids, _asked(pool, ids)))
                if len(waiting) > processes * _WAITING:
                    yield answer(*waiting.popleft(), here)
            while waiting:
                yield answer(*waiting.popleft(), here)
        finally:
            pool.shutdown(cancel_futures=True)


def _asked(pool: ProcessPoolExecutor, ids: Sequence[int]) -> Future[list[Verdict]] | None:
    try:
        return pool.submit(_judge, ids)
    except (BrokenProcessPool, OSError):
        return None


def answer(ids: Sequence[int], asked: Future[list[Verdict]] | None, here: Judge) -> list[Verdict]:
    """What a process says of a piece; where it was never asked, or has ended meanwhile, what is judged here."""
    try:
        if asked is not None:
            return asked.result()
    except BrokenProcessPool as error:
        log.warning("replay goes on in one process", reason=str(error))
    return list(here.verdicts(ids))


_judges: list[tuple[Judge, Session]] = []  # of this process: one, once it has begun


def _begin(change: Change, url: URL) -> None:
    engine = create_engine(url)
    tune(engine)
    session = Session(engine)
    _judges.append((Judge(change, session), session))


def _judge(ids: Sequence[int]) -> list[Verdict]:
    judge, session = _judges[-1]
    try:
        return list(judge.verdicts(ids))
    finally:
        session.rollback()  # no piece sees an older state than it must, and none holds one open
