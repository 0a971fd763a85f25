"""Names of places, postal codes and numbers of départements in a reading, each settled by what stands beside it."""

from helpdesk.routing import postal_codes
from helpdesk.routing.clues.interest import ALIKE, IDLE, LOOK, Interest, beside_codes
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.reading import Break, Reading
from helpdesk.routing.clues.spelling import EXPECTED_AFTER, Speller
from helpdesk.routing.communes import ARTICLES, BARE_FROM, Candidate, CommuneName, Risk
from helpdesk.routing.geography import Geography, Territory

_NEAR_A_CODE = 12  # words
_AT_MOST = 100  # mentions looked at: a list of a thousand towns tells of no school
_BETWEEN = words(
    """
    dans le la l les en du de d departement dept dep dpt cedex code postal cp arrondissement a au ds fr f
    """
)
_CONNECTORS = frozenset({"de", "d", "du", "la", "l", "le"})
_ACADEMY_WORDS = frozenset({"academie", "academies", "academi", "accademie", "acadmie", "academy", "acad", "rectorat"})
_WHOLE_ARTICLES = frozenset({"le", "la", "les", "l"})
_ALL_ARTICLES = frozenset().union(*ARTICLES.values())
_CORSE = frozenset({"2A", "2B"})  # « le 20 », as before 1976 and in postal codes
_ARRONDISSEMENTS = {"75": 20, "69": 9, "13": 16}


class Places:
    """Finds mentions with the names of one geography."""

    def __init__(self, geography: Geography) -> None:
        self._geography = geography
        self._communes = geography.communes
        self._speller = Speller(geography)
        self._interest = Interest(geography, self._speller)

    @property
    def postal_codes(self) -> frozenset[str]:
        """All codes in use, none if the table of communes is missing."""
        return self._communes.postal_codes

    def mentions(self, reading: Reading, expected: bool = False) -> list[Mention]:
        """All places told in the reading, in order, neighbours settled by each other.

        `expected` when the whole text should be a place: then a town is recognised misspelt anywhere.
        """
        found: list[Mention] = []
        words, interests = reading.words, self._interest
        near_codes = beside_codes(reading)
        index, count = 0, len(words)
        while index < count and len(found) < _AT_MOST:
            mention = None
            interest = interests[words[index]]
            if interest & LOOK or (interest & IDLE and (expected or index in near_codes)):
                mention = self._at(reading, index, expected)
            elif interest & ALIKE or expected or (index and words[index - 1] in EXPECTED_AFTER):
                mention = self._speller.misspelt(reading, index, expected)
            if mention is None:
                index += 1
            else:
                found.append(mention)
                index = mention.last
        return self._settle(reading, found)

    def _at(self, reading: Reading, index: int, expected: bool) -> Mention | None:
        word = reading.words[index]
        if word[0].isdigit():
            if (number := self._number(reading, index)) is not None:
                return number
            if word not in self._geography.longest:
                return None
        territory = self._named_academy(reading, index) or self._territory(reading, index)
        commune = self._commune(reading, index, expected)
        if territory is None or (commune is not None and commune.last > territory.last):
            return commune
        if commune is None or territory.last > commune.last or territory.kind != "departement":
            return territory
        return _one_of_two(reading, commune, territory)

    def _number(self, reading: Reading, index: int) -> Mention | None:
        word = reading.words[index]
        if len(word) == 5 and word.isdigit():
            return self._postal_code(reading, word, index, index + 1)
        upper = word.upper()
        departments = _CORSE if word == "20" else frozenset({upper})
        if len(word) in (2, 3) and (academies := self._geography.academies_of(departments)):
            following = reading.words[index + 1] if index + 1 < len(reading.words) else ""
            joined = word + following
            if len(joined) == 5 and joined.isdigit() and reading.breaks[index + 1] == Break.NONE:
                known = joined in self._communes.postal_codes
                return self._postal_code(reading, joined, index, index + 2) if known else None
            return Mention("number", upper, index, index + 1, departments, academies)
        return None

    def _postal_code(self, reading: Reading, code: str, first: int, last: int) -> Mention | None:
        around = _phrases_around(reading, first, last) if postal_codes.is_shared(code) else ()
        department = postal_codes.department(code, around)
        if department is None:
            return None
        departments = frozenset({department})
        return Mention("postal-code", code, first, last, departments, self._geography.academies_of(departments))

    def _territory(self, reading: Reading, index: int) -> Mention | None:
        longest = self._geography.longest.get(reading.words[index], 0)
        for size in range(_unbroken(reading, index, longest), 0, -1):
            territory = self._geography.territories.get(" ".join(reading.words[index : index + size]))
            if territory is not None:
                return _of_territory(territory, index, index + size)
        return None

    def _named_academy(self, reading: Reading, index: int) -> Mention | None:
        """« académie de Clermont » names the académie, where « Clermont » alone is a town of many."""
        before = index - 1
        while before >= 0 and reading.words[before] in _CONNECTORS:
            before -= 1
        if before < 0 or reading.words[before] not in _ACADEMY_WORDS or index - before > 4:
            return None
        for size in (2, 1):
            if index + size > len(reading.words):
                continue
            name = " ".join(reading.words[index : index + size])
            if (territory := self._geography.after_academie.get(name)) is not None:
                return _of_territory(territory, index, index + size)
        return None

    def _commune(self, reading: Reading, index: int, expected: bool) -> Mention | None:
        longest = self._communes.longest.get(reading.words[index], 0)
        before = reading.words[index - 1] if index and reading.breaks[index] == Break.NONE else ""
        for size in range(_unbroken(reading, index, longest), 0, -1):
            key = " ".join(reading.words[index : index + size])
            named = self._communes.named(key)
            if named is not None and (candidates := _fitting(named, before)):
                first = index - 1 if before in _WHOLE_ARTICLES and candidates[0].article else index
                exact = _of_commune(key, named, candidates, first, index + size)
                return self._speller.longer_name(reading, exact) or self._speller.with_rival(exact)
        return self._speller.misspelt(reading, index, expected)

    def _settle(self, reading: Reading, found: list[Mention]) -> list[Mention]:
        settled: list[Mention] = []
        for mention in found:
            if settled and _beside(reading, settled[-1], mention):
                together = self._together(reading, settled[-1], mention)
                if together is not None:
                    settled[-1] = together
                    continue
                if _is_arrondissement(settled[-1], mention):
                    continue
                if _is_arrondissement(mention, settled[-1]):
                    settled.pop()
                if mention.kind == "postal-code" and _is_a_school_name(reading, settled[-1]):
                    settled.pop()
            settled.append(mention)
        return settled

    def _together(self, reading: Reading, one: Mention, other: Mention) -> Mention | None:
        """One mention for a name and the code or territory beside it, None if they do not fit."""
        commune, beside = (one, other) if one.kind == "commune" else (other, one)
        if commune.kind != "commune" or commune.settled or beside.kind in ("commune", "ent", "abroad"):
            return None
        if commune.risk == Risk.COMMON and (
            beside.kind != "postal-code" or (reading.cased and not reading.capital(commune.first))
        ):
            return None
        departments = beside.departments
        if beside.kind == "postal-code":
            exact = postal_codes.department(beside.value, [commune.key])
            departments = frozenset({exact}) if exact else frozenset()
        common = departments & {candidate.department for candidate in commune.candidates}
        if not common:
            return None
        value = f"{commune.value} ({beside.value})"
        return commune.narrowed(common, value, min(one.first, other.first), max(one.last, other.last))


def _phrases_around(reading: Reading, first: int, last: int) -> tuple[str, ...]:
    """All runs of up to three words shortly before and after: one may name a commune, even misspelt."""
    sides = (reading.words[max(0, first - _NEAR_A_CODE) : first], reading.words[last : last + _NEAR_A_CODE])
    runs = ((side, start, size) for side in sides for start in range(len(side)) for size in (1, 2, 3))
    return tuple(" ".join(side[start : start + size]) for side, start, size in runs)


def _unbroken(reading: Reading, index: int, longest: int) -> int:
    """How many words from `index` on nothing separates, at most `longest`."""
    if longest < 2:
        return longest
    following = reading.breaks[index + 1 : index + longest]
    return 1 + next((size for size, gap in enumerate(following) if gap), len(following))


def _fitting(named: CommuneName, before: str) -> tuple[Candidate, ...]:
    """Candidates whose article is the one that stands before the name, or that do without."""
    if before in _ALL_ARTICLES:
        if fitting := tuple(c for c in named.candidates if c.article and before in ARTICLES[c.article]):
            return fitting
        if named.risk or before in ("l", "la", "les", "aux"):
            return ()
        return tuple(c for c in named.candidates if not c.article)
    plain = tuple(c for c in named.candidates if not c.article)
    if any(not c.short for c in plain):
        return plain
    return tuple(c for c in named.candidates if not c.article or c.population >= BARE_FROM)


def _of_commune(key: str, named: CommuneName, candidates: tuple[Candidate, ...], first: int, last: int) -> Mention:
    departments = frozenset(candidate.department for candidate in candidates)
    return Mention("commune", named.name, first, last, departments, candidates=candidates, risk=named.risk, key=key)


def _of_territory(territory: Territory, first: int, last: int) -> Mention:
    return Mention(
        territory.kind,
        territory.name,
        first,
        last,
        territory.departments,
        territory.academies,
        risk=Risk.WORD if territory.everyday else Risk.NONE,
    )


def _one_of_two(reading: Reading, commune: Mention, territory: Mention) -> Mention:
    """« à Vienne » is the town, « dans la Vienne » the département; « Vienne » alone may be either."""
    before = reading.words[territory.first - 1] if territory.first else ""
    if before in ("la", "l", "le", "les", "du"):
        return territory
    if before in ("a", "de", "d", "sur", "f"):
        return commune
    commune.departments |= territory.departments
    commune.candidates += tuple(Candidate(department, 1_000_000) for department in territory.departments)
    return commune


def _beside(reading: Reading, one: Mention, other: Mention) -> bool:
    between = reading.words[one.last : other.first]
    if len(between) > 3 or not _BETWEEN.issuperset(between):
        return False
    strongest = max(reading.breaks[one.last : other.first + 1], default=Break.HARD)
    return strongest <= Break.SOFT


def _is_a_school_name(reading: Reading, name: Mention) -> bool:
    """« lycée Thiers 13001 »: a name that is no commune of the code beside it, nor said to be a place."""
    before = reading.words[name.first - 1] if name.first else ""
    return name.kind == "commune" and not name.settled and before not in ("a", "de", "d", "sur")


def _is_arrondissement(town: Mention, number: Mention) -> bool:
    if town.kind != "commune" or number.kind != "number" or not number.value.isdigit():
        return False
    return any(int(number.value) <= _ARRONDISSEMENTS.get(department, 0) for department in town.departments)
