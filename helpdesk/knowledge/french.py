"""How common a word is in everyday French, for words that the FAQ does not hold.

Search asks two things of it: whether an unknown word is good French, hence not to be mended into another one, and
whether it is so common that it says little about what is asked (« hier », « semaine »).
"""

import math
from collections import Counter
from functools import lru_cache

from spellchecker import SpellChecker

from helpdesk.text import fold

# Below this, the list (film subtitles) holds many a misspelling.
_RAREST = 100
# From the first count down to the second, a word goes from saying nothing to saying all it can.
_COMMONEST, _TELLING = 200_000, 2_000


class French:
    """Folded words and their counts in the list."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self.words = frozenset(counts)

    def tells(self, folded: str) -> float:
        """How much a word says about a subject: 0 for the commonest, 1 for the rare and for those not in the list."""
        count = self._counts.get(folded, 0)
        if count <= _TELLING:
            return 1.0
        return max(0.0, math.log(_COMMONEST / count) / math.log(_COMMONEST / _TELLING))


@lru_cache(maxsize=1)
def everyday_french() -> French:
    """The words of pyspellchecker's French list, without accents. Takes 0.2 s the first time and 5 MB from then on."""
    counts: Counter[str] = Counter()
    for word, count in SpellChecker(language="fr").word_frequency.items():
        if count >= _RAREST:
            counts[fold(word)] += count
    return French(dict(counts))
