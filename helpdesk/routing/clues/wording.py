"""The form in which a word is looked up: abbreviations in full, slips in words that tell something mended."""

from collections.abc import Set

from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.signs import OUR_MATTERS, SELLING, by_first_word
from helpdesk.routing.spelling import Mender

_IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_SHORTEST = 5
_REMEMBERED = 50_000  # words met; forgotten all at once past that, so that odd texts cannot fill the memory
_ALSO_TELLING = words("appelle nomme prenom reunion cedex postal impossible bloque concerne probleme")


class Wording(dict[str, str]):
    """The form of each word met. Names of people and places are left as they are, and so is every French word."""

    def __init__(self, names: Set[str]) -> None:
        super().__init__(_IN_FULL)
        telling = _telling_words()
        self._left = names | FIRST_NAMES | telling | SELLING | OUR_MATTERS
        self._mender = Mender(word for word in telling if len(word) >= _SHORTEST)

    @staticmethod
    def of_name(word: str) -> str:
        """The form of a word written like a name, whose slips are not for us to mend."""
        return _IN_FULL.get(word, word)

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
            self.update(_IN_FULL)
        meant = word
        if len(word) >= _SHORTEST and word.isalpha() and word not in self._left:
            meant = self._mender.mend(word) or word
        self[word] = meant
        return meant


def _telling_words() -> frozenset[str]:
    table = by_first_word()
    return _ALSO_TELLING.union(
        word for first, entries in table.items() for rest, _ in entries for word in (first, *rest)
    )
