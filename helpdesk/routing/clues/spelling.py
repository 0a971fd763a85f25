"""Towns misspelt: only large ones, only where a place is expected, only when one town alone comes near."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.reading import Reading
from helpdesk.routing.clues.signs import by_first_word
from helpdesk.routing.communes import Risk
from helpdesk.routing.geography import Geography
from helpdesk.routing.spelling import common_french

_VILLAGE_BELOW = 1_000
_SHORTEST = 5
_ALIKE = 4  # letters: words that begin so may begin the same longer name
_TWO_SLIPS_FROM = 8
_TWO_SLIPS_OF_CITY_FROM = 7
_CITY_FROM = 50_000
_SURELY_AFTER = words("a sur f academie rectorat vers habite jhabite jabite habitons abite")
EXPECTED_AFTER = _SURELY_AFTER | {"de", "d"}
_AFTER_DE_FROM = 8  # letters: « l'école d'Anthony » is not Antony's
_NO_PLACE_ENDS = ("er", "ir", "oir", "ement", "tion", "ons", "ez", "ment")


class Speller:
    """The names of towns that a slip of the hand may hide."""

    def __init__(self, geography: Geography) -> None:
        self._communes = geography.communes
        self._single: dict[str, list[str]] = {}
        self._longer: dict[str, list[str]] = {}
        for name in self._communes.towns:
            first, _, rest = name.partition(" ")
            if rest:
                self._longer.setdefault(first[:_ALIKE], []).append(name)
            elif len(name) >= _SHORTEST:
                self._single.setdefault(name[0], []).append(name)

    def begins_alike(self, word: str) -> bool:
        """Whether a town's longer name begins nearly so."""
        return word[:_ALIKE] in self._longer

    def misspelt(self, reading: Reading, index: int, expected: bool) -> Mention | None:
        """A town for the word at `index`, which is nobody's name as it stands."""
        if reading.guesses <= 0:
            return None
        word = reading.words[index]
        before = reading.words[index - 1] if index else ""
        expected = expected or before in _SURELY_AFTER or (before in ("de", "d") and len(word) >= _AFTER_DE_FROM)
        if word[:_ALIKE] in self._longer and (longer := self._longer_at(reading, index, 1)):
            return longer
        if not expected or not self._may_be_a_name(reading, index):
            return None
        reading.guesses -= 1
        name = self._nearest(word, self._single.get(word[0], ()))
        return self._mention(name, index, index + 1) if name else None

    def longer_name(self, reading: Reading, found: Mention) -> Mention | None:
        """« Clermont ferand » begins like a commune of its own, but a longer name is meant."""
        first = found.last - found.key.count(" ") - 1
        if found.last >= len(reading.words) or reading.words[first][:_ALIKE] not in self._longer:
            return None
        return self._longer_at(reading, first, found.last - first)

    def with_rival(self, found: Mention) -> Mention:
        """A village one letter away from a large town's name may well be the town misspelt: both are kept."""
        if found.population >= _VILLAGE_BELOW or " " in found.key or len(found.key) < _SHORTEST:
            return found
        name = self._nearest(found.key, self._single.get(found.key[0], ()), slips=1)
        town = self._communes.named(name) if name else None
        if town is not None:
            rivals = tuple(replace(c, population=found.population) for c in town.candidates if not c.short)
            found.candidates += rivals
            found.departments |= {candidate.department for candidate in rivals}
        return found

    def _longer_at(self, reading: Reading, first: int, at_least: int) -> Mention | None:
        if reading.guesses <= 0:
            return None
        reading.guesses -= 1
        for size in (5, 4, 3, 2):
            last = first + size
            if size <= at_least or last > len(reading.words) or any(reading.breaks[first + 1 : last]):
                continue
            names = [name for name in self._longer[reading.words[first][:_ALIKE]] if name.count(" ") + 1 == size]
            if name := self._nearest(" ".join(reading.words[first:last]), names):
                return self._mention(name, first, last)
        return None

    def _nearest(self, written: str, names: Sequence[str], slips: int = 0) -> str | None:
        slips = slips or (2 if len(written) >= _TWO_SLIPS_OF_CITY_FROM else 1)
        near = process.extract(written, names, scorer=OSA.distance, score_cutoff=slips, limit=2)
        if not near or (len(near) > 1 and near[0][1] == near[1][1]):
            return None
        name, distance, _ = near[0]
        if distance == 2 and (written.endswith(_NO_PLACE_ENDS) or not self._may_slip_twice(written, name)):
            return None
        if len(written) < _TWO_SLIPS_FROM and written.endswith(_NO_PLACE_ENDS) and not name.startswith(written):
            return None
        return name

    def _may_slip_twice(self, written: str, name: str) -> bool:
        if len(written) >= _TWO_SLIPS_FROM:
            return True
        named = self._communes.named(name)
        return named is not None and named.candidates[0].population >= _CITY_FROM

    def _mention(self, name: str, first: int, last: int) -> Mention | None:
        named = self._communes.named(name)
        if named is None:
            return None
        candidates = tuple(c for c in named.candidates if not c.short)
        departments = frozenset(candidate.department for candidate in candidates)
        return Mention("commune", named.name, first, last, departments, candidates=candidates, risk=Risk.NONE, key=name)

    def _may_be_a_name(self, reading: Reading, index: int) -> bool:
        word = reading.words[index]
        if len(word) < _SHORTEST or not word.isalpha() or word.startswith("saint"):
            return False
        if word in FIRST_NAMES or word in by_first_word():
            return False
        return word not in common_french() or (reading.cased and reading.capital(index))
