"""What the search for clues asks of a directory of schools, if there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class School:
    """A school as a directory knows it. `academy` is the ministry's code."""

    uai: str
    name: str
    commune: str
    academy: str


class SchoolDirectory(Protocol):
    """Schools by code, or by what a person wrote of them. Both answer from memory or one indexed look-up."""

    def by_uai(self, uai: str) -> School | None:
        """The school of a code in normal form, None if there is none."""

    def candidates(self, name: str, commune: str, postal_code: str) -> Sequence[School]:
        """Schools that may be meant by what was typed; any argument may be empty. None fit: an empty sequence."""
