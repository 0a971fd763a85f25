"""What a call back is, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(hours=2)  # of working time after which a call without a slot is late
# After the first call without an answer, after the second, and so on; then it is given up.
SPACING = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=20))


class CallBackReason(StrEnum):
    """Why we owe a call."""

    ASKED = "asked"
    HUNG_UP = "hung-up"
    NOT_RECORDED = "not-recorded"
    LINE_FAILED = "line-failed"
    AGENT = "agent"


class CallBackState(StrEnum):
    """What came of it. All but the first are an end."""

    OPEN = "open"
    REACHED = "reached"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Slot:
    """When the person can be reached; aware times, the first before the second."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.start >= self.end:
            raise ValueError("a slot has two aware times, the first before the second")


REASON_LABELS = {
    CallBackReason.ASKED: "La personne a demandé à être rappelée",
    CallBackReason.HUNG_UP: "L’appel s’est interrompu avant la fin",
    CallBackReason.NOT_RECORDED: "La personne n’a pas voulu être enregistrée",
    CallBackReason.LINE_FAILED: "L’appel a échoué de notre côté",
    CallBackReason.AGENT: "Ajouté par un agent",
}
STATE_LABELS = {
    CallBackState.OPEN: "À rappeler",
    CallBackState.REACHED: "Joint",
    CallBackState.NO_ANSWER: "Jamais de réponse",
    CallBackState.WRONG_NUMBER: "Mauvais numéro",
    CallBackState.DROPPED: "Abandonné",
}


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to call again after `tries` calls without an answer; None when it has been tried often enough."""
    return now + SPACING[tries - 1] if tries <= len(SPACING) else None
