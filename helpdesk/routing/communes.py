"""Names of communes as people write them, and what each may stand for. The table is made by `communes_build`."""

import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from helpdesk.text import fold

FILE = "communes.tsv"
POSTAL_CODES = "#postal-codes"
TOWNS = "#towns"
TOWN_FROM = 20_000  # inhabitants from which a name is recognised misspelt
# « au Mans », « du Havre », « des Ulis »: the article of a name melts into what stands before it.
ARTICLES = {
    "le": frozenset({"le", "au", "du"}),
    "la": frozenset({"la"}),
    "les": frozenset({"les", "aux", "des"}),
    "l": frozenset({"l"}),
}
BARE_FROM = 20_000  # inhabitants from which people drop the article: « lycée Rochelle », « havre »


_WORDS = re.compile(r"[a-z0-9]+")
_IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


class Risk(IntEnum):
    """How easily a name is met without the place being meant."""

    NONE = 0
    WORD = 1  # also a word, a first name, a firm: « Tours », « Sens », « Orange »
    COMMON = 2  # so common a word that only a postal code or département beside it makes it a place: « Fille », « Y »


@dataclass(frozen=True, slots=True)
class Candidate:
    """One commune that a name may stand for. `short` when people only shorten its name so (« Boulogne »)."""

    department: str
    population: int
    article: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class CommuneName:
    """A name, without article, and the communes it may stand for, the most populous first."""

    name: str
    risk: Risk
    candidates: tuple[Candidate, ...]


class Communes:
    """All names. Lines are only split when their name is asked for, so that loading costs little."""

    def __init__(
        self, lines: dict[str, str], longest: dict[str, int], postal_codes: frozenset[str], towns: tuple[str, ...]
    ) -> None:
        self._lines = lines
        self._known: dict[str, CommuneName] = {}
        self.longest = longest  # by first word, the number of words of the longest name
        self.postal_codes = postal_codes
        self.towns = towns  # keys of the names of towns

    @property
    def missing(self) -> bool:
        """Whether the table has not been made: then no commune is recognised, everything else is."""
        return not self._lines

    def named(self, key: str) -> CommuneName | None:
        """What a name stands for, in the form of `bare_key`."""
        if (known := self._known.get(key)) is not None:
            return known
        line = self._lines.get(key)
        if line is None:
            return None
        name, risk, candidates = line.split("\t")
        known = CommuneName(name, Risk(int(risk)), tuple(_candidate(text) for text in candidates.split(" ")))
        self._known[key] = known
        return known

    def words(self) -> frozenset[str]:
        """All words that occur in a name. Gathered anew at each call (15 ms)."""
        return frozenset(word for key in self._lines for word in key.split(" "))


def name_key(name: str) -> str:
    """The form in which names are compared: folded words, « Saint » in full."""
    return " ".join(_IN_FULL.get(word, word) for word in _WORDS.findall(fold(name)))


def bare_key(name: str) -> str:
    """`name_key` without the article: « L'Haÿ-les-Roses » → "hay les roses"."""
    key = name_key(name)
    first, _, rest = key.partition(" ")
    return rest if first in ARTICLES and rest else key


def load_communes(data_dir: Path) -> Communes:
    """Read the table, or an empty one if it has not been made. About 30 ms and 8 MB."""
    path = data_dir / FILE
    if not path.is_file():
        return Communes({}, {}, frozenset(), ())
    lines: dict[str, str] = {}
    heads: dict[str, str] = {}
    longest: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        key, _, rest = line.partition("\t")
        if key.startswith("#"):
            heads[key] = rest
            continue
        lines[key] = rest
        first, space, others = key.partition(" ")
        size = others.count(" ") + 2 if space else 1
        if longest.get(first, 0) < size:
            longest[first] = size
    return Communes(lines, longest, frozenset(heads[POSTAL_CODES].split(" ")), tuple(heads[TOWNS].split("|")))


def _candidate(text: str) -> Candidate:
    department, population, article, short = text.split(":")
    return Candidate(department, int(population), article, short == "short")
