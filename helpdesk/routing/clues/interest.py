"""Which words of a text are worth looking up as a place, told at once for every word ever met."""

import re

from helpdesk.routing.clues.reading import Reading
from helpdesk.routing.clues.spelling import Speller
from helpdesk.routing.communes import Risk
from helpdesk.routing.geography import Geography

LOOK, IDLE, ALIKE = 1, 2, 4
_NEAR_A_CODE = 4  # words
_REMEMBERED = 50_000  # words met; forgotten all at once past that, so that odd texts cannot fill the memory
_FIVE_DIGITS = re.compile(r"\d\d ?\d\d\d")


class Interest(dict[str, int]):
    """By word met: whether a name begins with it (LOOK), one so common that only a postal code beside it makes it a
    place (IDLE), or one that is written alike (ALIKE).
    """

    def __init__(self, geography: Geography, speller: Speller) -> None:
        super().__init__()
        self._communes = geography.communes
        self._territories = geography.longest
        self._speller = speller

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        interest = ALIKE if self._speller.begins_alike(word) else 0
        if word[0].isdigit() or word in self._territories:
            interest |= LOOK
        elif longest := self._communes.longest.get(word):
            named = self._communes.named(word)
            common = longest == 1 and named is not None and named.risk == Risk.COMMON
            interest |= IDLE if common else LOOK
        self[word] = interest
        return interest


def beside_codes(reading: Reading) -> frozenset[int]:
    """Indices of the words that stand near a number, if some number may be a postal code."""
    if not _FIVE_DIGITS.search(reading.text):
        return frozenset()
    digits = (index for index, word in enumerate(reading.words) if word[0].isdigit())
    return frozenset(near for index in digits for near in range(index - _NEAR_A_CODE, index + _NEAR_A_CODE + 1))
