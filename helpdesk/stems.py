"""Words of a text as search sees them: folded and stemmed. Whatever is searched by words, is searched by these.

Everything here is pure and knows no list of words.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.french_stemmer import FrenchStemmer  # type: ignore[import-untyped]  # ships no types

from helpdesk.text import fold

# Letters and digits of any script. The longest French word has 25 letters; a longer run is noise.
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded, and its place in the text it was read from."""

    folded: str
    start: int
    end: int


def words(text: str, limit: int | None = None) -> list[Word]:
    """The words of a text (composed, see `text.clean`) in their order, at most `limit`. Apostrophes and hyphens part
    words: « l’élève » is two.
    """
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if limit is not None and len(found) >= limit:
            break
        if match.end() - match.start() <= _LONGEST and (folded := _folded(match.group())):
            found.append(Word(folded, match.start(), match.end()))
    return found


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    # « n° » folds to « no », a lone accent to nothing: what is left are letters and digits only.
    return "".join(_WORD.findall(fold(word)))


@lru_cache(maxsize=100_000)
def stem(folded: str) -> str:
    """The root that forms of one French word share: « notifier », « notifiés », « notifie » → « notif »."""
    # A fresh stemmer each time: the library keeps the word being worked on in the object, and threads share this.
    stemmer = FrenchStemmer()
    root: str = stemmer.stemWord(folded)
    # It knows « active » but not « activent », which it takes for a noun.
    if len(root) > 6 and root.endswith("ent"):
        root = stemmer.stemWord(root[:-2])
    # The library leaves « notifi » of « notifier » but « notif » of « notifie ».
    return root[:-1] if len(root) > 4 and root.endswith("i") else root
