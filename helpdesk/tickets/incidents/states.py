"""Where an incident stands, and what became of each ticket that its answer was meant for. Agents' pages are in French
only.
"""

from enum import StrEnum


class IncidentState(StrEnum):
    """An ended incident takes no more tickets."""

    OPEN = "open"
    MONITORING = "monitoring"
    ENDED = "ended"


class PartState(StrEnum):
    """What became of a ticket in an answer: the words went to its person, they went on another ticket of the same
    person, or somebody must look first.
    """

    PENDING = "pending"
    SENT = "sent"
    NOTED = "noted"
    LEFT_OUT = "left-out"


STATE_LABELS = {
    IncidentState.OPEN: "En cours",
    IncidentState.MONITORING: "Rétabli, à surveiller",
    IncidentState.ENDED: "Terminé",
}
