"""What masking finds, and the walls it puts up while it looks.

The ground that is searched is the folded text. MASKED stands where a secret is or was: nothing is looked for there and
no walk crosses it, so that a second reading changes nothing. KEPT stands over what is never taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MASKED = "\0"
KEPT = "\1"


class Kind(StrEnum):
    """What was masked. The value is kept in the history of the ticket."""

    PASSWORD = "password"  # noqa: S105 (the word, not one)
    CODE = "code"
    INE = "ine"
    CARD = "card"
    IBAN = "iban"
    NIR = "nir"


@dataclass(frozen=True)
class Found:
    """One secret: its place in the text that was given, end excluded."""

    kind: Kind
    start: int
    end: int


def with_walls(ground: str, spans: Iterable[tuple[int, int]], wall: str) -> str:
    """`ground`, as long as before, with a wall over each place. The places are in order and do not overlap."""
    parts = []
    at = 0
    for start, end in spans:
        parts += [ground[at:start], wall * (end - start)]
        at = end
    return "".join([*parts, ground[at:]])
