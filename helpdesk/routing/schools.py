"""What the search for clues asks of a directory of schools, if there is one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class School:
    """A school as a directory knows it. `academy` is the ministry's code; `agricultural` schools are another
    ministry's, so their académie is not asked.
    """

    uai: str
    name: str
    commune: str
    academy: str
    department: str = ""
    postal_code: str = ""
    agricultural: bool = False


class SchoolDirectory(Protocol):
    """Schools by code, or by what a person wrote of them. All answer from memory or a few indexed look-ups."""

    def by_uai(self, uai: str) -> School | None:
        """The school of a code in normal form, open or closed, None if there is none."""

    def candidates(self, name: str, commune: str, postal_code: str) -> Sequence[School]:
        """Open schools that may be meant by what was typed, those that nothing tells apart; any argument may be empty.
        None fit: an empty sequence.
        """

    def covers(self, departments: Collection[str]) -> bool:
        """Whether it lists the schools of all these départements (there may be none to ask for), so that one it does
        not list is not there.
        """
