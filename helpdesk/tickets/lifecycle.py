"""Where a ticket can go from where it stands."""

from enum import StrEnum

from helpdesk.errors import IllegalMove
from helpdesk.vocabulary import STATUS_LABELS, Status


class Act(StrEnum):
    """What can happen to a ticket and may change its status."""

    PERSON_WRITES = "person-writes"
    TAKE = "take"
    REPLY = "reply"
    SOLVE = "solve"
    CLOSE = "close"
    REOPEN = "reopen"
    WAKE = "wake"
    TRANSFER = "transfer"


AWAITING = (Status.NEW, Status.OPEN)  # somebody waits for a word of ours
LIVE = (*AWAITING, Status.WAITING)  # not over

# From each status, where each act leads. A pair that is missing is not allowed.
MOVES: dict[tuple[Status, Act], Status] = {
    (Status.NEW, Act.PERSON_WRITES): Status.NEW,
    (Status.OPEN, Act.PERSON_WRITES): Status.OPEN,
    (Status.WAITING, Act.PERSON_WRITES): Status.OPEN,
    (Status.SOLVED, Act.PERSON_WRITES): Status.OPEN,
    (Status.CLOSED, Act.PERSON_WRITES): Status.OPEN,
    (Status.NEW, Act.TAKE): Status.OPEN,
    (Status.OPEN, Act.TAKE): Status.OPEN,
    (Status.WAITING, Act.TAKE): Status.WAITING,
    (Status.WAITING, Act.WAKE): Status.OPEN,
    (Status.SOLVED, Act.REOPEN): Status.OPEN,
    (Status.CLOSED, Act.REOPEN): Status.OPEN,
    (Status.SOLVED, Act.CLOSE): Status.CLOSED,
    # An answer to a solved request may add a word without opening it again.
    (Status.SOLVED, Act.REPLY): Status.WAITING,
    **{(status, Act.REPLY): Status.WAITING for status in LIVE},
    **{(status, Act.SOLVE): Status.SOLVED for status in LIVE},
    **{(status, Act.CLOSE): Status.CLOSED for status in LIVE},
    # In the other service nobody has looked at it yet.
    **{(status, Act.TRANSFER): Status.NEW for status in LIVE},
}


def next_status(status: Status, act: Act) -> Status:
    """Where the act leads. Raises IllegalMove if it cannot be done there."""
    try:
        return MOVES[status, act]
    except KeyError:
        raise IllegalMove(f"Impossible : la demande est « {STATUS_LABELS[status].lower()} ».") from None


def may(status: Status, act: Act) -> bool:
    """Whether the act can be done there; pages use it to show only what is possible."""
    return (status, act) in MOVES
