"""From a word as somebody typed it to the words that the configuration knows: endings, SMS spelling, slips, sounds.

Caution first: a word that exists in French is never taken for another (« cours » is not « coups », « menage » is not
« menacé »), and short words are taken as they are.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from helpdesk.text import fold

_REPEATED = re.compile(r"(.)\1{2,}")
_SHORTEST_STEM = 4
_SHORTEST_MENDED = 5
_TWO_SLIPS_FROM = 9
_COMMON_FROM = 100  # occurrences in the frequency list; below, it holds slips of its own
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("th", "t"),
        ("qu|q", "k"),
        ("c(?=[eiy])", "s"),
        ("sch|sh|ch", "x"),
        ("c", "k"),
        ("ge(?=[ao])|g(?=[eiy])", "j"),
        ("h", ""),
        ("eau|au", "o"),
        ("ti(?=on)", "si"),
        ("(?:ei|ai|ay|ey)(?![mn])", "e"),
        ("[ea][mn](?![aeiouymn])", "an"),
        ("(?:ai|ei|i|y)[mn](?![aeiouymn])", "in"),
        ("y", "i"),
        ("z", "s"),
        (r"(.)\1+", r"\1"),
        ("(?:er|es|et|e[sz]|ent|[edtsx])+$", ""),
    )
)


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Folded, and a letter held down (« bloquéééé ») pressed once."""
    return _REPEATED.sub(r"\1", fold(word))


def stem(plain_word: str) -> str:
    """Without the marks of plural and feminine: « perdues » is « perdu », « coupe » is not « coups ».

    Verbs keep their endings.
    """
    if len(plain_word) > _SHORTEST_STEM and plain_word[-1] in "sx":
        plain_word = plain_word[:-1]
    while len(plain_word) > _SHORTEST_STEM + (not plain_word.endswith("ee")) and plain_word[-1] == "e":
        plain_word = plain_word[:-1]
    return plain_word


def sound(plain_word: str) -> str:
    """Roughly how a French reader would say it: « konekssion » and « connexion » come close, « conecter » meets."""
    for pattern, replacement in _SOUNDS:
        plain_word = pattern.sub(replacement, plain_word)
    return plain_word


@cache
def common_french() -> frozenset[str]:
    """Words of current French, plain. About 30,000, read once (0.2 s) from the frequency list of pyspellchecker."""
    counts: dict[str, int] = SpellChecker(language="fr", distance=1).word_frequency.dictionary
    return frozenset(plain(word) for word, count in counts.items() if count >= _COMMON_FROM)


class Mender:
    """Finds the known word that a misspelt one stands for, in a time that does not depend on how many are known."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_deletion: dict[str, list[str]] = {}
        self._by_sound: dict[str, str] = {}
        for word in sorted(set(words)):
            if len(word) < _SHORTEST_MENDED:
                continue
            for rest in _deletions(word, slips=_slips_allowed(word)):
                self._by_deletion.setdefault(rest, []).append(word)
            if len(heard := sound(word)) >= _SHORTEST_STEM:
                self._by_sound.setdefault(heard, word)

    def mend(self, plain_word: str) -> str | None:
        """The known word meant by `plain_word`, None if it is a word of its own or nothing comes near enough."""
        if not _SHORTEST_STEM <= len(plain_word) <= 25 or plain_word.isdigit() or plain_word in common_french():
            return None
        if len(plain_word) >= _SHORTEST_MENDED and (near := self._nearest(plain_word)):
            return near
        return self._by_sound.get(sound(plain_word))

    def _nearest(self, plain_word: str) -> str | None:
        best: tuple[int, str] | None = None
        for rest in _deletions(plain_word, slips=_slips_allowed(plain_word)):
            for known in self._by_deletion.get(rest, ()):
                if known[0] != plain_word[0]:  # first letters are seldom mistyped, and they tell words apart
                    continue
                distance = OSA.distance(known, plain_word)
                if distance <= min(_slips_allowed(known), _slips_allowed(plain_word)):
                    best = min(best, (distance, known)) if best else (distance, known)
        return best[1] if best else None


def _slips_allowed(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _deletions(word: str, slips: int) -> set[str]:
    """`word`, and `word` with one (or two) letters left out: two words one slip apart share one of these."""
    found = {word}
    last = found
    for _ in range(slips):
        last = {rest[:at] + rest[at + 1 :] for rest in last for at in range(len(rest))}
        found |= last
    return found
