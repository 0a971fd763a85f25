"""What can be done to many tickets at once, and what became of each."""

from datetime import timedelta
from enum import StrEnum

AT_MOST = 200  # tickets of one act
UNDO = timedelta(minutes=10)


class BulkKind(StrEnum):
    """The acts."""

    MINE = "mine"
    GIVE = "give"
    BACK = "back"
    TRANSFER = "transfer"
    PRIORITY = "priority"
    TAG = "tag"
    UNTAG = "untag"
    CLOSE = "close"
    UNWANTED = "unwanted"


class PartState(StrEnum):
    """Where one ticket of an act stands. KEPT: it was done, and could not be undone."""

    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept"
