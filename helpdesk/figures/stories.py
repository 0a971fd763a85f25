"""What the history of one ticket counts for, and where: in the service that held it then, on the day it was there.

    came ─► waits for us ─► answered: waits for the person ─► wrote: waits for us ─► … ─► solved or closed ─► reopened

The same history always counts for the same, so figures can be taken up where they were left or be counted anew. What a
later moment takes back (an answer that was taken back or never arrived, a request that turns out to be none) is told as
the opposite of what was told before, on the same day and in the same service.

The times are those of the ticket's clock: working time while somebody waited for us, from the beginning or from the
last reopening on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.figures.hours import Hours
from helpdesk.figures.measures import class_of


class Step(StrEnum):
    """What can happen to a ticket that counts."""

    CAME = "came"
    HELD = "held"  # by another service, that `service` names
    TRANSFERRED = "transferred"
    ABOUT = "about"  # another topic, that `topic` names
    WROTE = "wrote"
    ANSWERED = "answered"
    UNDONE = "undone"  # the last answer
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    WOKEN = "woken"
    JUDGED = "judged"  # by the person; `mark` and, where it replaces one, `before`
    WITHDRAWN = "withdrawn"  # it is no request of its own
    RESTORED = "restored"  # or is one after all
    RETRACTED = "retracted"  # the last transfer or closing, before anything else happened


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a history. `number` is the event's."""

    number: int
    step: Step
    at: datetime
    service: str = ""
    topic: str = ""
    solved: bool = False
    mark: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something counts."""

    service: str
    day: date
    topic: str
    channel: str


@dataclass(frozen=True, slots=True)
class Told:
    """`times` that `measure` counts in the cell, because of an event: 1, or -1 to take it back."""

    number: int
    cell: Cell
    measure: str
    times: int = 1


@dataclass
class Story:
    """A ticket on its way through its history."""

    hours: Callable[[str], Hours]
    service: str
    topic: str
    channel: str
    since: datetime | None = None  # from when we are waited for; None while it is the person's turn, and at the end
    used: float = 0.0
    answered: bool = False
    over: bool = False
    withdrawn: bool = False
    kept: list[Told] = field(default_factory=list)
    last_answer: tuple[list[Told], datetime, bool] | None = None
    last_act: "tuple[int, str, datetime | None, float, bool] | None" = None  # number, and what was so before

    def told(self, moments: Iterable[Moment]) -> Iterator[Told]:
        """All that the history counts for, in its order."""
        for moment in moments:
            told = self._take(moment)
            if not self.withdrawn or moment.step is Step.WITHDRAWN:
                yield from told

    def _take(self, moment: Moment) -> list[Told]:
        match moment.step:
            case Step.CAME:
                self.since = moment.at
                return self._count(moment, "created")
            case Step.HELD | Step.TRANSFERRED:
                self._remember(moment)
                return self._move(moment)
            case Step.WROTE | Step.WOKEN | Step.REOPENED:
                return self._ours(moment)
            case Step.ANSWERED:
                return self._answer(moment)
            case Step.UNDONE:
                return self._undo(moment)
            case Step.SOLVED | Step.CLOSED:
                self._remember(moment)
                return self._end(moment)
            case Step.RETRACTED:
                return self._retract(moment)
            case Step.JUDGED:
                return self._judge(moment)
            case Step.WITHDRAWN | Step.RESTORED:
                return self._withdraw(moment)
        self.topic = moment.topic
        return []

    def _move(self, moment: Moment) -> list[Told]:
        """Somebody else holds it from now on; a transfer counts where it came from, and makes it our turn."""
        transferred = moment.step is Step.TRANSFERRED
        told = self._count(moment, "transferred") if transferred else []
        self._stop(moment.at, go_on=self.since is not None or (transferred and not self.over))
        self.service = moment.service
        return told

    def _ours(self, moment: Moment) -> list[Told]:
        """Our turn again; after an end, from the beginning."""
        if not self.over:
            self.since = self.since or moment.at
            return []
        self.since, self.used, self.answered, self.over, self.last_answer = moment.at, 0.0, False, False, None
        return self._count(moment, "reopened")

    def _answer(self, moment: Moment) -> list[Told]:
        first = not self.answered
        self._stop(moment.at)
        told = []
        if first:
            told += self._count(moment, "answered", class_of("answer", self.used))
        if moment.solved and not self.over:
            told += self._count(moment, "solved", class_of("solve", self.used))
        self.last_answer = (told, moment.at, first)
        self.answered, self.over = True, self.over or moment.solved
        return told

    def _undo(self, moment: Moment) -> list[Told]:
        """The last answer was none; the clock goes on as if it had never stood still."""
        if self.last_answer is None:
            return []
        answer, at, first = self.last_answer
        self.last_answer = None
        if first:
            self.answered = False
        if self.since is None:
            self.since, self.over = at, False
        return self._again(moment, answer, -1)

    def _end(self, moment: Moment) -> list[Told]:
        self._stop(moment.at)
        if self.over:
            return []
        self.over = True
        if moment.step is Step.CLOSED:
            return self._count(moment, "closed")
        return self._count(moment, "solved", class_of("solve", self.used))

    def _remember(self, moment: Moment) -> None:
        if moment.step in (Step.TRANSFERRED, Step.CLOSED):
            self.last_act = (moment.number, self.service, self.since, self.used, self.over)

    def _retract(self, moment: Moment) -> list[Told]:
        """As if the act had not been; the clock has gone on."""
        if self.last_act is None:
            return []
        number, self.service, self.since, self.used, self.over = self.last_act
        self.last_act = None
        return self._again(moment, [each for each in self.kept if each.number == number], -1)

    def _judge(self, moment: Moment) -> list[Told]:
        """A mark counts on the day of the last word; the one that it replaces goes from where it was."""
        old = next((each for each in reversed(self.kept) if each.measure == moment.before and each.times > 0), None)
        gone = self._again(moment, [old], -1) if old else []
        return gone + self._count(moment, moment.mark)

    def _withdraw(self, moment: Moment) -> list[Told]:
        wanted = moment.step is Step.WITHDRAWN
        if self.withdrawn is wanted:
            return []
        self.withdrawn = wanted
        return [
            Told(moment.number, each.cell, each.measure, -each.times if wanted else each.times) for each in self.kept
        ]

    def _stop(self, at: datetime, *, go_on: bool = False) -> None:
        if self.since is not None:
            self.used += self.hours(self.service).between(self.since, at)
        self.since = at if go_on else None

    def _count(self, moment: Moment, *measures: str) -> list[Told]:
        cell = Cell(self.service, self.hours(self.service).day(moment.at), self.topic, self.channel)
        return self._keep([Told(moment.number, cell, measure) for measure in measures])

    def _again(self, moment: Moment, before: Iterable[Told], times: int) -> list[Told]:
        return self._keep([Told(moment.number, each.cell, each.measure, times) for each in before])

    def _keep(self, told: list[Told]) -> list[Told]:
        self.kept += told
        return told
