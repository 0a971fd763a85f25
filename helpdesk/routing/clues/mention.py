"""A place, or something that stands for one, met in a text: before it is known whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.routing.communes import Candidate, Risk

# A name is not ambiguous for a village of its so small that it has no school at all, when a town bears it too.
_NO_SCHOOL_BELOW = 350
_TIMES_LARGER = 20
# Nor for longer names that few shorten, beside a town that bears just this one or a much larger one.
_EXACT_TOWN = 5_000
_TIMES_LARGER_THAN_LONGER = 4
_TIMES_MORE_MEANT = 8


@dataclass(slots=True)
class Mention:
    """Words from `first` to `last` (not included) of a reading.

    `kind`: "commune", "departement", "region", "place", "academie", "ent", "abroad", "postal-code", "number".
    `departments` are those it may stand for; `candidates` the communes, for a commune. `settled` once a code or
    département beside the name has chosen among them. `key` is the commune's name, for the codes of neighbours.
    """

    kind: str
    value: str
    first: int
    last: int
    departments: frozenset[str] = frozenset()
    academies: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    risk: Risk = Risk.NONE
    key: str = ""
    settled: bool = False

    @property
    def population(self) -> int:
        return self.candidates[0].population if self.candidates else 1_000_000

    def narrowed(self, departments: frozenset[str], value: str, first: int, last: int) -> "Mention":
        """The same place, known to be in one of `departments`."""
        return replace(self, departments=departments, value=value, first=first, last=last, settled=True, risk=Risk.NONE)


def plausible(candidates: Sequence[Candidate]) -> frozenset[str]:
    """Départements in which a place may have the school, of those that bear its name.

    Villages without a school are left out beside a town of the same name; and so are longer names, when the name itself
    is a town's.
    """
    largest = candidates[0].population
    exact = max((c.population for c in candidates if not c.short), default=0)
    kept = set()
    for candidate in candidates:
        if candidate.population < _NO_SCHOOL_BELOW and candidate.population * _TIMES_LARGER <= largest:
            continue
        if candidate.short and (
            (exact >= _EXACT_TOWN and candidate.population * _TIMES_LARGER_THAN_LONGER <= exact)
            or candidate.population * _TIMES_MORE_MEANT <= largest
        ):
            continue
        kept.add(candidate.department)
    return frozenset(kept)
