"""What a change of the configuration would have done with the tickets that are stored. Only reads; nothing is sent.

Both sides are thought anew, so that what is told is the change and not what other changes did since a ticket came:
the same configuration moves nothing. Tickets pass in pieces, the newest first; memory stays flat.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Select, select

from helpdesk.db import db
from helpdesk.models import Agent, Ticket
from helpdesk.routing.assign import Routing
from helpdesk.routing.judge import Change, Judge, Move, Still, Verdict
from helpdesk.routing.rulebook import with_rules
from helpdesk.routing.side_by_side import verdicts
from helpdesk.tickets.access import visible_to

_PIECE = 1_000  # tickets read at once
_FEW = 10  # pieces: fewer are done before another process has begun


def other_rules(routing: Routing, text: str, place: str) -> Change:
    """From the present rules to those of a text. Raises ConfigError with its problems, said of `place`."""
    return Change(routing, replace(routing, rulebook=with_rules(routing.rulebook, text, place)))


class Replay:
    """Runs once; its figures are complete when `run` has come to its end.

    `read`: tickets that were judged; `skipped`: those whose decision is not there or cannot be read; `matrix`: how many
    would go from one service (slug) to another; `stopped`: whether time was up before the end.
    """

    def __init__(self, change: Change) -> None:
        self.read = self.skipped = self.lost = self.repaired = self.undone = 0
        self.matrix: Counter[tuple[str, str]] = Counter()
        self.stopped = False
        self._change = change
        self._judge = Judge(change, db.session())

    @property
    def moved(self) -> int:
        """How many tickets would go elsewhere."""
        return self.matrix.total()

    def run(
        self,
        *,
        since: datetime | None = None,
        newest: int | None = None,
        agent: Agent | None = None,
        seconds: float | None = None,
        processes: int = 1,
    ) -> Iterator[Move]:
        """The moves, newest ticket first, among the tickets that came `since`, the `newest` of them, those that the
        agent may see. After `seconds` it stops where it is. With `processes` as many share the work if it is much.
        """
        until = None if seconds is None else time.monotonic() + seconds
        for verdict in self._verdicts(_pieces(since, newest, agent), processes):
            if until is not None and time.monotonic() > until:
                self.stopped = True
                return
            if verdict is Still.UNREADABLE:
                self.skipped += 1
                continue
            self.read += 1
            if isinstance(verdict, Move):
                self._count(verdict)
                yield verdict

    def _verdicts(self, pieces: Iterator[Sequence[int]], processes: int) -> Iterator[Verdict]:
        first = list(islice(pieces, _FEW)) if processes > 1 and self._judge.reads_messages else []
        pieces = chain(first, pieces)
        if len(first) < _FEW:
            for ids in pieces:
                yield from self._judge.verdicts(ids)
            return
        for piece in verdicts(self._change, db.engine.url, pieces, processes, self._judge):
            yield from piece

    def _count(self, move: Move) -> None:
        self.matrix[move.before.service, move.after.service] += 1
        self.lost += move.lost
        self.repaired += move.repaired
        self.undone += move.undone


def _pieces(since: datetime | None, newest: int | None, agent: Agent | None) -> Iterator[Sequence[int]]:
    """The ids of the tickets asked for, a thousand at a time, the newest first."""
    wanted = _wanted(since, agent)
    below, left = None, newest
    while left is None or left > 0:
        piece = wanted if below is None else wanted.where(Ticket.id < below)
        piece = piece.limit(_PIECE if left is None else min(_PIECE, left))
        ids: Sequence[int] = db.session.scalars(piece).all()
        if not ids:
            return
        below, left = ids[-1], None if left is None else left - len(ids)
        yield ids


def _wanted(since: datetime | None, agent: Agent | None) -> Select[Any]:
    wanted = select(Ticket.id)
    if since:
        wanted = wanted.where(Ticket.received_at >= since)
    if agent:
        wanted = wanted.where(visible_to(agent))
    return wanted.order_by(Ticket.id.desc())
