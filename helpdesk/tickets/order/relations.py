"""How one ticket can belong to another, as agents say it from either side. Their pages are in French only."""

from enum import StrEnum


class Relation(StrEnum):
    """What the first ticket is to the second."""

    DUPLICATE = "duplicate"
    PART = "part"
    FOLLOWS = "follows"


RELATION_LABELS = {
    Relation.DUPLICATE: "Doublon de",
    Relation.PART: "Fait partie de",
    Relation.FOLLOWS: "Fait suite à",
}
# The same link, read from the second ticket.
BACK_LABELS = {
    Relation.DUPLICATE: "A pour doublon",
    Relation.PART: "Comprend",
    Relation.FOLLOWS: "A pour suite",
}
