"""French words with their frequencies, and the words and names of the field that general lists do not know.

The general list is that of pyspellchecker, from film subtitles: 140,000 forms, correct spelling, lower case. Nothing is
read at import: who needs the words calls `load`, once for a whole document (0.4 s).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from spellchecker import SpellChecker

from helpdesk.errors import ConfigError
from helpdesk.knowledge.morphology import bases, without_prefix
from helpdesk.text import fold

# A word of the field counts as often as a common noun: in a school's document « élève » goes before « élevé ».
_FIELD_FREQUENCY = 20_000


class Lexicon:
    """`frequencies` of plain words; `field` are words of the field, names and acronyms among them (with a capital)."""

    def __init__(self, frequencies: Mapping[str, int], field: Iterable[str] = ()) -> None:
        words = list(field)
        names = [word for word in words if word != word.lower()]
        self._names = {fold(name): name for name in reversed(names)}
        self._exact_names = frozenset(names)
        self._frequencies = dict(frequencies)
        for word in words:
            if word == word.lower():
                self._frequencies[word] = max(self._frequencies.get(word, 0), _FIELD_FREQUENCY)
        self._log_total = math.log(sum(self._frequencies.values()) or 1)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word in self._frequencies:
            self._spellings[word if word.isascii() else fold(word)].append(word)

    def frequency(self, word: str) -> int:
        """How often the word occurs in the general list, 0 where it is in no list. Case and œ do not matter."""
        return self._frequencies.get(_plain(word), 0)

    def rarity(self, word: str) -> float:
        """-ln of the word's share: 3 for « de », 16 for the rarest."""
        return self._log_total - math.log(self.frequency(word) or 1)

    def lists(self, word: str) -> bool:
        """Whether it is a word or a name in a list, or a regular inflection or derivative of one."""
        plain = _plain(word)
        if plain in self._frequencies or word in self._exact_names:
            return True
        return any(base in self._frequencies for base in bases(plain))

    def knows(self, word: str) -> bool:
        """Like `lists`, or made of a listed word and a prefix: « réinscription », « téléservices »."""
        return self.lists(word) or any(self.lists(rest) for rest in without_prefix(_plain(word)))

    def spellings(self, word: str) -> tuple[str, ...]:
        """Listed words with the same letters and any accents, the most frequent first."""
        found = self._spellings.get(fold(word), ())
        return tuple(sorted(found, key=self.frequency, reverse=True))

    def name(self, word: str) -> str | None:
        """The name or acronym that has these letters, written as it should be."""
        return self._names.get(fold(word))

    def is_name(self, word: str) -> bool:
        """Whether the word is a name or acronym of the field, exactly as written."""
        return word in self._exact_names


def _plain(word: str) -> str:
    return word.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")


def read_words(text: str) -> tuple[str, ...]:
    """The words of a word file: several a line if one likes, `#` starts a comment."""
    words = (word for line in text.splitlines() for word in line.partition("#")[0].split())
    return tuple(dict.fromkeys(words))


def load(field_words: Path) -> Lexicon:
    """The general French list and the words of the field. Raises ConfigError when the file cannot be read."""
    try:
        field = read_words(field_words.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{field_words.name} : la liste de mots ne peut pas être lue ({error})."]) from error
    return Lexicon(SpellChecker(language="fr").word_frequency.dictionary, field)
