"""One stored ticket decided under two configurations, and no deeper than their difference asks.

What does not lie between them is not thought again: under one map the académie stands that was found at the time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.models import Correction, Event, Message, Service, Ticket
from helpdesk.routing.again import Depth, RuleWords, placed, under
from helpdesk.routing.assign import PARIS, Routing
from helpdesk.routing.decide import (
    NO_SCHOOL,
    NOBODYS,
    academy_of,
    concerns_no_school,
    concluded,
    facts_of,
    service_of,
)
from helpdesk.routing.decision import AcademyChoice, Decision
from helpdesk.routing.geography import Geography
from helpdesk.routing.rules import SAID
from helpdesk.routing.school_search import open_directory
from helpdesk.routing.schools import SchoolDirectory
from helpdesk.routing.understanding import understand
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.vocabulary import Direction

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


class Still(Enum):
    """Why a ticket makes no move."""

    STAYS = "stays"
    UNREADABLE = "unreadable"  # its decision is not there, or of a form that is not ours


Verdict = Move | Still


class Judge:
    """Tells of stored tickets which would move. It reads from the session it is given, and only reads.

    `reads_messages` tells whether the change asks for more than the facts kept, which is ten times the work.
    """

    def __init__(self, change: Change, reader: Session) -> None:
        self._reader = reader
        self._before, self._after, self._depth = change.before, change.after, change.depth
        self._words_before, self._words_after = RuleWords(change.before.rulebook), RuleWords(change.after.rulebook)
        self._sorting = change.after.rulebook.rules[-1].service
        self.reads_messages = change.depth > Depth.RULES or self._words_before.needed or self._words_after.needed

    def verdicts(self, ids: Sequence[int]) -> Iterator[Verdict]:
        """One for each of these tickets that is there, in the order of their numbers, from the highest."""
        columns: list[Any] = [Ticket.id, Ticket.reference, Ticket.received_at]
        if self.reads_messages:
            columns += _OF_A_MESSAGE
        rows = self._reader.execute(select(*columns).where(Ticket.id.in_(ids)).order_by(Ticket.id.desc())).all()
        decisions, corrected = self._decisions(ids), self._corrections(ids)
        texts = self._texts(ids) if self.reads_messages else {}
        directory = open_directory(self._reader) if self._depth > Depth.RULES else None
        same_map = self._before.geography is self._after.geography
        for row in rows:
            try:
                decision = decisions.get(row.id, {})
                kept = Decision.from_json(decision)
                incoming = incoming_of(row, kept, texts.get(row.id, "")) if self.reads_messages else None
                thinking = _Thinking(kept, incoming, row.received_at, directory, same_map=same_map)
                yield self._move(row.reference, thinking, corrected.get(row.id, "")) or Still.STAYS
            except (KeyError, TypeError, ValueError):
                yield Still.UNREADABLE

    def _move(self, reference: str, thinking: "_Thinking", corrected: str) -> Move | None:
        after = thinking.side(self._after, self._words_after, self._depth)
        # What was stored under this very configuration need not be thought again, unless it seems to move.
        same = thinking.kept.facts.get("config") == self._before.rulebook.config
        before = thinking.side(self._before, self._words_before, Depth.RULES if same else self._depth)
        if same and before.service != after.service and self._depth is not Depth.RULES:
            before = thinking.side(self._before, self._words_before, self._depth)
        if before.service == after.service:
            return None
        lost = after.service == self._sorting
        return Move(reference, thinking.moment, before.decision(), after.decision(), corrected, lost)

    def _decisions(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """By ticket, the decision that stands: the latest."""
        routed = select(Event.ticket_id, Event.data).where(Event.ticket_id.in_(ids), Event.kind == history.ROUTED)
        return {row.ticket_id: row.data for row in self._reader.execute(routed.order_by(Event.id))}

    def _corrections(self, ids: Sequence[int]) -> dict[int, str]:
        """By ticket, the service that agents said was the right one."""
        said = select(Correction.ticket_id, Service.slug).join(Service, Service.id == Correction.service_after_id)
        rows = self._reader.execute(said.where(Correction.ticket_id.in_(ids)).order_by(Correction.id))
        return {row.ticket_id: row.slug for row in rows}

    def _texts(self, ids: Sequence[int]) -> dict[int, str]:
        """By ticket, the message that opened it."""
        opening = Message.ticket_id.in_(ids), Message.direction == Direction.IN
        said = select(Message.ticket_id, Message.text).where(*opening).order_by(Message.id.desc())
        return {row.ticket_id: row.text for row in self._reader.execute(said)}


@dataclass(frozen=True, slots=True)
class _Side:
    """Where a ticket would go under one configuration. The whole decision is only made of those that move."""

    service: str
    decision: Callable[[], Decision]


class _Thinking:
    """What is thought about one ticket: `kept` is what was decided on it, `incoming` its message, if it is read."""

    def __init__(
        self,
        kept: Decision,
        incoming: IncomingMessage | None,
        moment: datetime,
        directory: SchoolDirectory | None,
        *,
        same_map: bool,
    ) -> None:
        self.kept, self.moment = kept, moment
        self._incoming, self._directory, self._same_map = incoming, directory, same_map
        self._choices: dict[Geography, AcademyChoice] = {}

    def side(self, routing: Routing, words: RuleWords, anew: Depth) -> _Side:
        """Under one configuration, as deep as `anew` says."""
        kept, incoming, rulebook, geography = self.kept, self._incoming, routing.rulebook, routing.geography
        if incoming is not None and anew is Depth.WORDS:
            understood = understand(incoming, rulebook, self.moment.astimezone(PARIS).date())
            choice = NOBODYS if concerns_no_school(understood) else self._choice(incoming, geography)
            told = incoming, understood, choice, rulebook, geography, self.moment
            return _Side(service_of(facts_of(*told), rulebook), lambda: concluded(*told))
        if incoming is not None and anew is Depth.PLACES and kept.academy_reason != NO_SCHOOL:
            kept = placed(kept, self._choice(incoming, geography), geography, self.moment)
        said = words.said(incoming) if words.needed and incoming is not None else {}
        service = service_of({**kept.facts, SAID: "\n".join(sorted(said))}, rulebook)
        return _Side(service, lambda: under(kept, rulebook, geography, said))

    def _choice(self, incoming: IncomingMessage, geography: Geography) -> AcademyChoice:
        """Where only words are in question, the académie stands that was found when the request came."""
        kept = self.kept
        if self._same_map and kept.academy_reason != NO_SCHOOL:
            return AcademyChoice(kept.academy, kept.clues, kept.academy_reason)
        if geography not in self._choices:
            self._choices[geography] = academy_of(incoming, geography, self._directory)
        return self._choices[geography]


def incoming_of(row: Any, kept: Decision, text: str) -> IncomingMessage:
    """The message as it came in by its door, as far as that matters to a decision. `row` is a ticket, or has its
    `_OF_A_MESSAGE`.
    """
    return IncomingMessage(
        channel=row.channel,
        external_id="",
        text=text,
        sender=Sender(row.sender_name, row.sender_email, row.sender_phone),
        # A ticket without a subject is called by the beginning of its message, which nobody wrote as one.
        subject="" if row.subject == one_line(text, 80) else row.subject,
        profile=row.profile,
        school=SchoolHint(
            row.school_name, row.school_commune, row.school_postal_code, _typed_uai(row, kept), row.school_level
        ),
        language=row.language,
        mailbox_academy=kept.facts.get("mailbox_academy", ""),
        mailbox_service=kept.facts.get("mailbox_service", ""),
    )


def _typed_uai(row: Any, kept: Decision) -> str:
    """The code that was typed in the form; a ticket also bears one that routing found elsewhere."""
    found = {clue.field for clue in kept.clues if clue.uai == row.school_uai}
    return "" if found and "school.uai" not in found else row.school_uai
