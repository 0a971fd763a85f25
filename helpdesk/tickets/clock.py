"""The clock of a ticket: how long somebody has waited for us, and when an answer and a solution are due.

One stopwatch counts the working time of whichever service holds the ticket; it stands still while we wait for the
person and once the ticket is finished. The first answer is due when it has counted the target of the answer, the
solution when it has counted that of the solution.

What was counted stays counted. A transfer takes along what is left and spends it in the hours of the new service, so
that it gives no fresh start, and is never late at once because another zone keeps other hours. A priority that allows
less than was counted makes the ticket due at once, not late. A date that was missed stays missed. Only an end starts
anew: whoever comes back after it waits for a first answer again.

Moments are aware; those that come out are UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk.vocabulary import Lateness
from helpdesk.worktime import Calendar, Targets, add_working_time, next_opening, working_time_between

_LEVELS = tuple(Lateness)
_SOON = 3 / 4  # of the target: what is left after that is the last call


@dataclass(frozen=True)
class Clock:
    """`used` was counted until `since`, from where it goes on; while it stands still `since` is None and `paused_at`
    says from when. Once `answered_at` is there, `answer_due` is what it was.
    """

    used: timedelta
    since: datetime | None
    paused_at: datetime | None
    answer_due: datetime
    solve_due: datetime
    answered_at: datetime | None = None

    @property
    def due(self) -> datetime:
        """What is due next: the first answer, then the solution."""
        return self.solve_due if self.answered_at else self.answer_due


def begin(now: datetime, targets: Targets, calendar: Calendar) -> Clock:
    """The clock of a new ticket, or of one that was opened again after its end."""
    return Clock(
        used=timedelta(),
        since=now,
        paused_at=None,
        answer_due=add_working_time(now, targets.answer, calendar),
        solve_due=add_working_time(now, targets.solution, calendar),
    )


def pause(clock: Clock, now: datetime, calendar: Calendar) -> Clock:
    """Stand still: the person's turn, or the end."""
    if clock.since is None:
        return clock
    return replace(clock, used=_counted(clock, now, calendar), since=None, paused_at=now)


def resume(clock: Clock, now: datetime, calendar: Calendar) -> Clock:
    """Go on: what is due moves by the working time that passed meanwhile."""
    if clock.paused_at is None:
        return clock
    passed = working_time_between(clock.paused_at, now, calendar)

    def moved(due: datetime) -> datetime:
        return add_working_time(due, passed, calendar) if passed else due

    answer_due = clock.answer_due if clock.answered_at else moved(clock.answer_due)
    return replace(clock, since=now, paused_at=None, answer_due=answer_due, solve_due=moved(clock.solve_due))


def go_on(clock: Clock) -> Clock:
    """Go on as if it had never stood still: the answer for which it did has not arrived."""
    return replace(clock, since=clock.since or clock.paused_at, paused_at=None)


def recount(clock: Clock, now: datetime, targets: Targets, before: Calendar, after: Calendar) -> Clock:
    """Another priority (`targets`) or another service (its calendar `after`)."""
    at = clock.paused_at or now
    used = _counted(clock, at, before)

    def due(target: timedelta, until_now: datetime) -> datetime:
        if used < target:
            return add_working_time(at, target - used, after)
        return min(until_now, next_opening(at, after))

    return replace(
        clock,
        used=used,
        since=None if clock.paused_at else at,
        answer_due=clock.answer_due if clock.answered_at else due(targets.answer, clock.answer_due),
        solve_due=due(targets.solution, clock.solve_due),
    )


def lateness(clock: Clock, now: datetime, targets: Targets, calendar: Calendar) -> Lateness:
    """How pressing the ticket is; while the clock stands still, not at all."""
    reached = [level for moment, level in _alarms(clock, targets, calendar) if moment <= now]
    return reached[-1] if reached else Lateness.ON_TIME


def next_alarm(clock: Clock, told: Lateness, targets: Targets, calendar: Calendar) -> datetime | None:
    """When somebody must be told more than `told`; None if never."""
    return next((moment for moment, level in _alarms(clock, targets, calendar) if graver(level, told)), None)


def graver(level: Lateness, other: Lateness) -> bool:
    """Whether `level` is more pressing than `other`."""
    return _LEVELS.index(level) > _LEVELS.index(other)


def shown(due: datetime, told: Lateness, alarm_at: datetime | None, now: datetime) -> Lateness:
    """How pressing a page says that a ticket is: right at once, even before somebody has been told."""
    if due <= now:
        return told if graver(told, Lateness.LATE) else Lateness.LATE
    soon = told is not Lateness.ON_TIME or (alarm_at is not None and alarm_at <= now)
    return Lateness.SOON if soon else Lateness.ON_TIME


def _alarms(clock: Clock, targets: Targets, calendar: Calendar) -> Iterator[tuple[datetime, Lateness]]:
    """From when each level holds, in order. A first answer that never came goes one level further than a solution."""
    if clock.since is None:
        return
    target = targets.solution if clock.answered_at else targets.answer
    before_soon = target * _SOON - clock.used
    soon = add_working_time(clock.since, before_soon, calendar) if before_soon > timedelta() else clock.since
    yield min(soon, clock.due), Lateness.SOON
    yield clock.due, Lateness.LATE
    if not clock.answered_at:
        yield add_working_time(clock.due, target, calendar), Lateness.FORGOTTEN


def _counted(clock: Clock, now: datetime, calendar: Calendar) -> timedelta:
    return clock.used + (working_time_between(clock.since, now, calendar) if clock.since else timedelta())
