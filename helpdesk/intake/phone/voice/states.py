"""Where a call stands, how it ended, and where its recording is."""

from enum import StrEnum


class Step(StrEnum):
    """What was asked last."""

    PLACE = "place"
    CONFIRM = "confirm"
    TOPIC = "topic"
    HELPED = "helped"
    CHOICE = "choice"
    CONSENT = "consent"
    RECORD = "record"
    NUMBER = "number"
    SLOT = "slot"
    END = "end"


class Ending(StrEnum):
    """What came of a call. Answered and silent leave nothing to do; all others have a ticket."""

    ANSWERED = "answered"
    MESSAGE = "message"
    CALL_BACK = "call-back"
    DANGER = "danger"
    HUNG_UP = "hung-up"
    SILENT = "silent"


class RecordingState(StrEnum):
    """At the provider; here and there; here alone; never to come."""

    PENDING = "pending"
    KEPT = "kept"
    DONE = "done"
    REFUSED = "refused"
