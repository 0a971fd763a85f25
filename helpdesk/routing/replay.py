"""What a change of the configuration would have done with the tickets that are stored. Only reads; nothing is sent.

Both sides are thought anew, so that what is told is the change and not what other changes did since a ticket came:
the same configuration moves nothing. Tickets pass in pieces, the newest first; memory stays flat.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from helpdesk.db import db
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.models import Agent, Correction, Event, Message, Service, Ticket
from helpdesk.routing.again import Depth, RuleWords, placed, under
from helpdesk.routing.assign import Routing, decision_for
from helpdesk.routing.decision import Decision
from helpdesk.routing.rulebook import with_rules
from helpdesk.routing.school_search import open_directory
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.tickets.access import visible_to
from helpdesk.vocabulary import Direction

_PIECE = 1_000  # tickets read at once
_OF_A_MESSAGE = (
    Ticket.channel,
    Ticket.language,
    Ticket.subject,
    Ticket.profile,
    Ticket.sender_name,
    Ticket.sender_email,
    Ticket.sender_phone,
    Ticket.school_name,
    Ticket.school_commune,
    Ticket.school_postal_code,
    Ticket.school_uai,
    Ticket.school_level,
)


@dataclass(frozen=True)
class Change:
    """Two configurations, and how much of a decision lies between them."""

    before: Routing
    after: Routing
    depth: Depth = Depth.RULES


def other_rules(routing: Routing, text: str, place: str) -> Change:
    """From the present rules to those of a text. Raises ConfigError with its problems, said of `place`."""
    return Change(routing, replace(routing, rulebook=with_rules(routing.rulebook, text, place)))


@dataclass(frozen=True)
class Move:
    """A ticket that would go elsewhere. `corrected` is the service that agents said was the right one, or empty; `lost`
    means that no service of its own would be left: it would go where the last rule leads, to be sorted.
    """

    reference: str
    received_at: datetime
    before: Decision
    after: Decision
    corrected: str
    lost: bool

    @property
    def repaired(self) -> bool:
        """Agents had to send it where it would go by itself."""
        return self.corrected == self.after.service

    @property
    def undone(self) -> bool:
        """It would leave the service that agents called the right one."""
        return self.corrected == self.before.service


class Replay:
    """Runs once; its figures are complete when `run` has come to its end.

    `read`: tickets that were judged; `skipped`: those whose decision is not there or cannot be read; `matrix`: how many
    would go from one service (slug) to another; `stopped`: whether time was up before the end.
    """

    def __init__(self, change: Change) -> None:
        self.read = self.skipped = self.lost = self.repaired = self.undone = 0
        self.matrix: Counter[tuple[str, str]] = Counter()
        self.stopped = False
        self._judge = _Judge(change)

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
    ) -> Iterator[Move]:
        """The moves, newest ticket first, among the tickets that came `since`, the `newest` of them, those that the
        agent may see. After `seconds` it stops where it is.
        """
        until = None if seconds is None else time.monotonic() + seconds
        for stored in _tickets(since, newest, agent, messages=self._judge.reads_messages):
            if until is not None and time.monotonic() > until:
                self.stopped = True
                return
            try:
                move = self._judge.move(stored)
            except (KeyError, TypeError, ValueError):  # a decision of a form that is not ours
                self.skipped += 1
                continue
            self.read += 1
            if move:
                self._count(move)
                yield move

    def _count(self, move: Move) -> None:
        self.matrix[move.before.service, move.after.service] += 1
        self.lost += move.lost
        self.repaired += move.repaired
        self.undone += move.undone


@dataclass(frozen=True)
class _Stored:
    """A ticket, what was decided on it (as JSON), where it should have gone, and its message, if that was asked for."""

    ticket: Row[Any]
    decision: dict[str, Any]
    corrected: str
    text: str

    def incoming(self) -> IncomingMessage:
        """The message as it came in by its door, as far as that matters to a decision."""
        row, facts = self.ticket, self.decision["facts"]
        return IncomingMessage(
            channel=row.channel,
            external_id="",
            text=self.text,
            sender=Sender(row.sender_name, row.sender_email, row.sender_phone),
            # A ticket without a subject is called by the beginning of its message, which nobody wrote as one.
            subject="" if row.subject == one_line(self.text, 80) else row.subject,
            profile=row.profile,
            school=SchoolHint(
                row.school_name, row.school_commune, row.school_postal_code, row.school_uai, row.school_level
            ),
            language=row.language,
            mailbox_academy=facts.get("mailbox_academy", ""),
            mailbox_service=facts.get("mailbox_service", ""),
        )


class _Judge:
    """Decides on a stored ticket under both configurations, and no deeper than their difference asks."""

    def __init__(self, change: Change) -> None:
        self._before, self._after, self._depth = change.before, change.after, change.depth
        self._words_before, self._words_after = RuleWords(change.before.rulebook), RuleWords(change.after.rulebook)
        self._directory = open_directory(db.session()) if change.depth is Depth.PLACES else None
        self._sorting = change.after.rulebook.rules[-1].service
        self.reads_messages = change.depth > Depth.RULES or self._words_before.needed or self._words_after.needed

    def move(self, stored: _Stored) -> Move | None:
        kept = Decision.from_json(stored.decision)
        incoming = stored.incoming() if self.reads_messages else None
        moment = stored.ticket.received_at
        after = self._decided(kept, incoming, self._after, self._words_after, moment, anew=self._depth)
        # What was stored under this very configuration need not be thought again, unless it seems to move.
        same = kept.facts.get("config") == self._before.rulebook.config
        depth = Depth.RULES if same else self._depth
        before = self._decided(kept, incoming, self._before, self._words_before, moment, anew=depth)
        if before.service != after.service and depth != self._depth:
            before = self._decided(kept, incoming, self._before, self._words_before, moment, anew=self._depth)
        if before.service == after.service:
            return None
        lost = after.service == self._sorting
        return Move(stored.ticket.reference, moment, before, after, stored.corrected, lost)

    def _decided(
        self,
        kept: Decision,
        incoming: IncomingMessage | None,
        routing: Routing,
        words: RuleWords,
        moment: datetime,
        *,
        anew: Depth,
    ) -> Decision:
        if anew is Depth.WORDS and incoming:
            return decision_for(incoming, routing, moment)
        if anew is Depth.PLACES and incoming:
            kept = placed(kept, incoming, routing.geography, self._directory, moment)
        said = words.said(incoming) if words.needed and incoming else {}
        return under(kept, routing.rulebook, routing.geography, said)


def _tickets(since: datetime | None, newest: int | None, agent: Agent | None, *, messages: bool) -> Iterator[_Stored]:
    wanted = _wanted(since, agent, messages=messages)
    below, left = None, newest
    while left is None or left > 0:
        piece = wanted if below is None else wanted.where(Ticket.id < below)
        rows = db.session.execute(piece.limit(_PIECE if left is None else min(_PIECE, left))).all()
        if not rows:
            return
        below, left = rows[-1].id, None if left is None else left - len(rows)
        ids = [row.id for row in rows]
        decisions, corrected = _decisions(ids), _corrections(ids)
        texts = _texts(ids) if messages else {}
        for row in rows:
            yield _Stored(row, decisions.get(row.id, {}), corrected.get(row.id, ""), texts.get(row.id, ""))


def _wanted(since: datetime | None, agent: Agent | None, *, messages: bool) -> Select[Any]:
    columns: list[Any] = [Ticket.id, Ticket.reference, Ticket.received_at]
    wanted = select(*columns, *_OF_A_MESSAGE) if messages else select(*columns)
    if since:
        wanted = wanted.where(Ticket.received_at >= since)
    if agent:
        wanted = wanted.where(visible_to(agent))
    return wanted.order_by(Ticket.id.desc())


def _decisions(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By ticket, the decision that stands: the latest."""
    routed = select(Event.ticket_id, Event.data).where(Event.ticket_id.in_(ids), Event.kind == history.ROUTED)
    return {row.ticket_id: row.data for row in db.session.execute(routed.order_by(Event.id))}


def _corrections(ids: Sequence[int]) -> dict[int, str]:
    """By ticket, the service that agents said was the right one."""
    said = select(Correction.ticket_id, Service.slug).join(Service, Service.id == Correction.service_after_id)
    rows = db.session.execute(said.where(Correction.ticket_id.in_(ids)).order_by(Correction.id))
    return {row.ticket_id: row.slug for row in rows}


def _texts(ids: Sequence[int]) -> dict[int, str]:
    """By ticket, the message that opened it."""
    said = select(Message.ticket_id, Message.text).where(Message.ticket_id.in_(ids), Message.direction == Direction.IN)
    return {row.ticket_id: row.text for row in db.session.execute(said.order_by(Message.id.desc()))}
