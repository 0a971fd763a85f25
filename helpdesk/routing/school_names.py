"""Names of schools and towns as people type them, in the form in which they are compared."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import words
from helpdesk.routing.communes import bare_key
from helpdesk.text import fold

READ_AT_MOST = 120  # characters: longer is no name
_WORD = re.compile(r"[a-z0-9]+")
_IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "nd": "notre dame", "dr": "docteur"}
_SAINTS = {"jo": "joseph", "ex": "exupery", "exup": "exupery", "mich": "michel", "do": "dominique", "dom": "dominique"}
_GLUED = frozenset({"la", "le", "les", "l", "du", "de", "d", "des"})  # « Latour » for « La Tour »
_NUMBERS = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "ier": "1", "1er": "1", "premier": "1", "deux": "2", "trois": "3",
    "quatre": "4",
}  # fmt: skip
# What a school is, by the words that say so; the longer phrase first.
_FAMILIES = (
    ("segpa", ("section d enseignement general et professionnel adapte", "segpa")),
    ("lp", ("lycee d enseignement professionnel", "lycee professionnel", "lycee pro", "lyc pro", "lep", "lp")),
    ("elementaire", ("elementaire", "elem", "elementaires", "elementair")),
    ("maternelle", ("maternelle", "mat", "maternel", "maternelles")),
    ("primaire", ("primaire", "primaires", "prim")),
    ("ecole", ("groupe scolaire", "ecole", "ecoles", "ecol", "ekol", "ecolle", "gs")),
    ("college", ("college", "colleges", "clg", "coll", "col", "colege", "colleg", "collge")),
    ("lycee", ("lycee", "lycees", "lyc", "lyce", "licee", "lycer", "lgt", "lpo", "lg", "lt", "lissee")),
    ("erea", ("etablissement regional d enseignement adapte", "erea")),
)
_PHRASES = sorted(
    ((tuple(phrase.split()), family) for family, phrases in _FAMILIES for phrase in phrases),
    key=lambda entry: -len(entry[0]),
)
_PHRASES_BY_WORD: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrase, _family in _PHRASES:
    _PHRASES_BY_WORD.setdefault(_phrase[0], []).append((_phrase, _family))
# Words that one writer puts into the name and the next leaves out.
_LEFT_OUT = words(
    """
    de du d des la le les l a au aux en et public publique publics prive privee prives general generale technologique
    technique professionnel professionnelle polyvalent polyvalente enseignement catholique mixte municipal municipale
    communal communale intercommunal intercommunale cite scolaire ensemble institution institut etablissement sous
    contrat annexe pro mon ma notre son
    """
)
_FITTING = {  # what was typed → what it may be
    "ecole": {"ecole", "maternelle", "elementaire", "primaire"},
    "maternelle": {"maternelle", "primaire", "ecole"},
    "elementaire": {"elementaire", "primaire", "ecole"},
    "primaire": {"primaire", "elementaire", "ecole"},
    "college": {"college", "segpa"},
    "segpa": {"segpa", "college"},
    "lycee": {"lycee", "lp"},
    "lp": {"lp", "lycee"},
    "erea": {"erea"},
}
_BROAD = frozenset({"ecole", "college", "lycee"})
_ARRONDISSEMENTS = {"paris": ("75", 20), "lyon": ("69", 9), "marseille": ("13", 16)}
_DOUBLED = re.compile(r"([a-z])\1")
_ORDINAL = re.compile(r"(\d{1,2})(?:e|er|eme|ieme|ere)?")
_UNFIT = 0.0
_EXACTLY = 0.07  # « LP Jean Moulin », « maternelle Jean Moulin »: more than what tells nothing apart
_FIRST_NAME_WEIGHS = 0.3  # against other words: people leave it out, or put it where the official name does not


@dataclass(frozen=True, slots=True)
class SchoolName:
    """`families`: what it is said to be ("college", "lp"…; empty if nothing says so); `words`: what remains."""

    families: frozenset[str]
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join(self.words)

    def without(self, words: Collection[str]) -> "SchoolName":
        """The same when a town's `words` are taken out."""
        return SchoolName(self.families, tuple(word for word in self.words if word not in words))


@dataclass(frozen=True, slots=True)
class Town:
    """What was typed as a town: the key of its name, and what narrows it if it says so."""

    key: str
    department: str = ""
    arrondissement: str = ""  # its postal code


def plain_words(text: str) -> list[str]:
    """Folded words, « St » and numbers in one form."""
    found = _WORD.findall(fold(text[:READ_AT_MOST]))
    typed = " ".join(_IN_FULL.get(word) or _NUMBERS.get(word, word) for word in found).split()
    return [
        _SAINTS.get(word, word) if before == "saint" else word
        for before, word in zip(("", *typed), typed, strict=False)
    ]


@lru_cache(maxsize=4_096)
def read_name(text: str) -> SchoolName:
    """« clg J. Moulin » → college, (j, moulin)."""
    typed = plain_words(text)
    families, left = set[str](), []
    index = 0
    while index < len(typed):
        for phrase, family in _PHRASES_BY_WORD.get(typed[index], ()):
            if tuple(typed[index : index + len(phrase)]) == phrase:
                families.add(family)
                index += len(phrase)
                break
        else:
            if typed[index] not in _LEFT_OUT:
                left.append(typed[index])
            index += 1
    return SchoolName(frozenset(families), tuple(left))


def family_of(name: SchoolName, kind: str) -> str:
    """The one family of a school of the directory, "" for an office or service."""
    families = name.families or read_name(kind).families
    if "primaire" in families or {"maternelle", "elementaire"} <= families:
        return "primaire"
    return next((family for family, _ in _FAMILIES if family in families), "")


@lru_cache(maxsize=4_096)
def read_town(text: str) -> Town:
    """« BEZIERS CEDEX 2 », « Paris 18ème », « st-denis (93) », « Chalon s/ Saône »."""
    typed = plain_words(text)
    if "cedex" in typed:
        typed = typed[: typed.index("cedex")]
    typed = ["sur" if word == "s" else word for word in typed if word not in ("arrondissement", "arr", "ardt", "f")]
    department = arrondissement = ""
    kept: list[str] = []
    for word in typed:
        ordinal = _ORDINAL.fullmatch(word)
        big = _ARRONDISSEMENTS.get(kept[0]) if kept else None
        if big and ordinal and 1 <= int(ordinal[1]) <= big[1]:
            arrondissement = f"{big[0]}0{int(ordinal[1]):02d}"
        elif word.isdigit() and len(word) in (2, 3):
            department = word
        elif not word.isdigit():
            kept.append(word)
    return Town(bare_key(" ".join(kept)), department, arrondissement)


def runs(typed: Sequence[str], longest: int = 6) -> list[str]:
    """All runs of words, the longest first, later ones before earlier: one may be a town."""
    found = [
        " ".join(typed[start : start + size])
        for size in range(min(longest, len(typed)), 0, -1)
        for start in range(len(typed) - size, -1, -1)
    ]
    return list(dict.fromkeys(run for run in found if len(run) > 1))


def fits(families: Collection[str], family: str) -> bool:
    """Whether a school of that family may be what was typed."""
    return all(family in _FITTING.get(typed, ()) for typed in families if typed != "ecole" or len(families) == 1)


def families_for(families: Collection[str]) -> frozenset[str] | None:
    """The families to look among, None for all."""
    if not families:
        return None
    return frozenset(family for fitting in _FITTING.values() for family in fitting if fits(families, family))


def likeness(typed: SchoolName, words: Sequence[str], family: str, *, prefix: bool = False) -> float:
    """From 0 (another school) to 1.07 (that very name). `words` and `family` are the school's.

    Every word typed must be found, slips and initials allowed; a first name left out or added costs little, another
    first name makes it another school. With `prefix`, the last word typed may be unfinished.
    """
    if not fits(typed.families, family):
        return _UNFIT
    exact = typed.families - _BROAD or typed.families
    prefers = 0.0 if exact and family not in exact else 0.05 if exact <= _BROAD else _EXACTLY
    if ("segpa" in exact) != (family == "segpa"):
        prefers = -0.1
    if not typed.words or not words:
        return _UNFIT
    pairs = _paired(typed.words, words, prefix)
    missed = [word for word in typed.words if word not in pairs]
    left = [word for word in words if word not in {found for found, _ in pairs.values()}]
    if any(word in FIRST_NAMES for word in missed) and any(word in FIRST_NAMES for word in left):
        return _UNFIT
    if not any(len(word) > 1 for word in pairs):
        return _UNFIT
    told = sum(_weight(word) * share for word, (_, share) in pairs.items()) / sum(map(_weight, typed.words))
    whole = sum(_weight(found) for found, _ in pairs.values()) / sum(map(_weight, words))
    return 0.75 * told + 0.25 * min(1.0, whole) + prefers


def nearest_town(typed: str, names: Iterable[str]) -> str | None:
    """The one name that a slip or two may hide, None if none or several come as near. Doubled letters count least."""
    names = list(names)
    if len(single := [name for name in names if _DOUBLED.sub(r"\1", name) == _DOUBLED.sub(r"\1", typed)]) == 1:
        return single[0]
    slips = 0 if len(typed) < 5 else 1 if len(typed) < 8 else 2
    near = process.extract(typed, names, scorer=OSA.distance, score_cutoff=slips, limit=2)
    return near[0][0] if near and (len(near) == 1 or near[0][1] < near[1][1]) else None


def _paired(typed: Sequence[str], words: Sequence[str], prefix: bool) -> dict[str, tuple[str, float]]:
    """For each word typed that the name holds: its word there and how sure that is. No word serves twice."""
    pairs: dict[str, tuple[str, float]] = {}
    free = list(words)
    for word in sorted(typed, key=lambda word: (word not in free, -len(word))):
        shares = [(_same(word, other, prefix and word == typed[-1]), other) for other in free]
        share, other = max(shares, default=(0.0, ""))
        if share:
            pairs[word] = (other, share)
            free.remove(other)
    return pairs


def _same(typed: str, other: str, prefix: bool) -> float:
    if typed == other:
        return 1.0
    if prefix and other.startswith(typed):
        return 0.95
    for whole, bare in ((typed, other), (other, typed)):
        if whole.endswith(bare) and whole.removesuffix(bare) in _GLUED:
            return 0.95
    if typed.isdigit() or other.isdigit():
        return 0.0
    if len(typed) == 1 or len(other) == 1:
        return 0.8 if typed[0] == other[0] else 0.0
    slips = 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2
    distance = OSA.distance(typed, other, score_cutoff=slips)
    return 1.0 - 0.08 * distance if distance <= slips else 0.0


def _weight(word: str) -> float:
    weight = min(len(word), 7)
    return weight * _FIRST_NAME_WEIGHS if word in FIRST_NAMES or len(word) == 1 else weight
