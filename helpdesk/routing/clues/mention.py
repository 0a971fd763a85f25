"""A place, or something that stands for one, met in a text: before it is known whose it is."""

from dataclasses import dataclass, replace

from helpdesk.routing.communes import Candidate, Risk

# A name is not ambiguous for a village of its that has no collège, when people mean the town.
_VILLAGE = 3_000
_TIMES_LARGER = 20
_TIMES_LARGER_FOR_ECOLES = 100
_TOWN = 20_000
_TIMES_LARGER_THAN_LONGER = 3


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


def plausible(candidates: tuple[Candidate, ...], ecole: bool) -> frozenset[str]:
    """Départements in which a place of that name may have the school.

    Villages are left out beside a town of the same name, unless it is an école that may well be in a village; and so
    are longer names, when the name itself is a town's.
    """
    largest = candidates[0].population
    exact = max((c.population for c in candidates if not c.short), default=0)
    kept = set()
    for candidate in candidates:
        times = _TIMES_LARGER_FOR_ECOLES if ecole else _TIMES_LARGER
        if candidate.population < _VILLAGE and candidate.population * times <= largest:
            continue
        if candidate.short and exact >= _TOWN and candidate.population * _TIMES_LARGER_THAN_LONGER <= exact:
            continue
        kept.add(candidate.department)
    return frozenset(kept)
