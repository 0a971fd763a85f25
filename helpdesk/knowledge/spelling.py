"""Mending words that nobody knows: misspelt, written by ear, run together or cut in the wrong place.

Only words absent from the vocabulary are touched; what was typed and is known stays.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helpdesk.knowledge.language import sound
from helpdesk.stems import stem

# Below this length one edit turns almost any word into almost any other.
SHORTEST = 4
# A text with more strange words than this is in a language that the vocabulary does not hold.
MOST_MENDED = 12
# A mended word is a guess, and each edit makes it a weaker one.
_TRUST = (0.95, 0.9, 0.8, 0.7)
_ELIDED = ("l", "d", "j", "m", "t", "s", "c", "n", "qu")
_VOWELS = frozenset("aeiouyh")


@dataclass(frozen=True, slots=True)
class Reading:
    """One word as it is understood. `first` and `last` are places in the words as typed; `trust` goes from 0 (it stays
    unknown) to 1 (it is known as typed).
    """

    folded: str
    first: int
    last: int
    trust: float


class Speller:
    """Mends by the vocabulary of one index. `counts`: folded word → entries it stands in, 0 for words of the lists;
    `phrases`: set phrase without spaces → its words.

    Good French stays as it is (« continue » is no misspelt « cantine ») unless an apostrophe mends it (« lent »), words
    of other subjects stay in any case.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        phrases: Mapping[str, tuple[str, ...]],
        french: Container[str],
        foreign: Container[str],
    ) -> None:
        self._counts = counts
        self._phrases = phrases
        self._french = french
        self._foreign = foreign
        self._stems = frozenset(stem(word) for word in counts if len(stem(word)) >= SHORTEST)
        self._by_length: dict[int, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        for word in sorted(counts):
            if len(word) >= SHORTEST:
                self._by_length.setdefault(len(word), []).append(word)
                self._by_sound.setdefault(sound(word), []).append(word)
        self._guess = lru_cache(maxsize=10_000)(self._guess_word)

    def read(self, typed: Sequence[str]) -> list[Reading]:
        """The typed words, folded, as they are to be understood."""
        result: list[Reading] = []
        strange = 0
        place = 0
        while place < len(typed):
            pieces, length = self._joined(typed, place)
            trust = _TRUST[0]
            if length == 1 and self._knows(typed[place]):
                trust = 1.0
            elif length == 1:
                strange += 1
                pieces, trust = self._guess(typed[place]) if strange <= MOST_MENDED else (pieces, 0.0)
            result += [Reading(piece, place, place + length - 1, trust) for piece in pieces]
            place += length
        return result

    def _knows(self, word: str) -> bool:
        return word in self._counts or stem(word) in self._stems

    def _joined(self, typed: Sequence[str], place: int) -> tuple[tuple[str, ...], int]:
        """« educ onnect », « mot depasse »: neighbours that together are one known word or phrase, cut elsewhere."""
        for length in (2, 3):
            parts = tuple(typed[place : place + length])
            whole = "".join(parts)
            if len(parts) < length or len(whole) < 6 or min(map(len, parts)) < 2:
                continue
            if whole in self._counts and not all(part in self._counts for part in parts):
                return (whole,), length
            phrase = self._phrases.get(whole)
            if phrase and phrase != parts:
                return phrase, length
        return (typed[place],), 1

    def _guess_word(self, word: str) -> tuple[tuple[str, ...], float]:
        """The word or words meant by an unknown one, and how far to trust that; trust 0 when it stays unknown."""
        unknown = (word,), 0.0
        if len(word) < SHORTEST or word.isdigit() or word in self._foreign:
            return unknown
        for rest in self._without_elision(word):
            # « lent » is « l’ENT » where entries speak of it, « monde » never « m’ONDE ».
            if self._counts.get(rest, 0) > 0 or (rest in self._counts and word not in self._french):
                return (rest,), _TRUST[0]
        if word in self._french:
            return unknown
        if pieces := self._cut(word):
            return pieces, _TRUST[0]
        for rest in self._without_elision(word):
            alike = [one for one in self._by_sound.get(sound(rest), ()) if OSA.distance(one, rest) == 1]
            if len(rest) > SHORTEST and alike:
                return (min(alike, key=lambda one: (-self._counts[one], one)),), _TRUST[0]
        return self._nearest(word) or unknown

    def _without_elision(self, word: str) -> Iterator[str]:
        """« lecole », « quil », « jabite »: what is left if the apostrophe was left out."""
        for letter in _ELIDED:
            rest = word.removeprefix(letter)
            if rest != word and len(rest) > 2 and (rest[0] in _VOWELS or (letter == "l" and word not in self._french)):
                yield rest

    def _cut(self, word: str, most: int = 3) -> tuple[str, ...]:
        """« motdepasse », « demonenfant »: a set phrase, or up to `most` known words and phrases, without spaces, one
        of them long enough to be no accident.
        """
        if word in self._phrases:
            return self._phrases[word]
        for first in range(len(word) - 2, 1, -1):
            head, rest = word[:first], word[first:]
            if head in self._counts:
                tail = (rest,) if self._knows(rest) else self._cut(rest, most - 1) if most > 2 else ()
                if tail and max(len(piece) for piece in (head, *tail)) >= SHORTEST:
                    return (head, *tail)
        return ()

    def _nearest(self, word: str) -> tuple[tuple[str], float] | None:
        """The known word that sounds the same or is few edits away: rather vowels than consonants, the first letter
        last.
        """
        alike = frozenset(self._by_sound.get(sound(word), ()))
        found = [
            (edits - (one in alike) - 0.5 * (_frame(one) == _frame(word)) + 0.5 * (one[0] != word[0]), one)
            for one, edits in self._close(word, alike)
        ]
        likely = [(cost, -self._counts[one], one) for cost, one in found if cost <= _allowed(word)]
        if not likely:
            return None
        cost, _, best = min(likely)
        return (best,), _TRUST[max(0, min(int(cost), len(_TRUST) - 1))]

    def _close(self, word: str, alike: frozenset[str]) -> Iterator[tuple[str, int]]:
        for candidate in alike:
            edits = OSA.distance(word, candidate)
            if edits <= max(2, len(word) // 2):
                yield candidate, edits
        allowed = _allowed(word)
        for length in range(max(SHORTEST, len(word) - allowed), len(word) + allowed + 1):
            choices = self._by_length.get(length, ())
            for candidate, edits, _ in process.extract_iter(word, choices, scorer=OSA.distance, score_cutoff=allowed):
                yield candidate, int(edits)


def _allowed(word: str) -> int:
    """How many edits a word of this length may be away from the one meant."""
    return 1 if len(word) < 7 else 2 if len(word) < 11 else 3


def _frame(word: str) -> str:
    """The consonants heard, which hurried people keep: « prevnir » is rather « prévenir » than « prévoir »."""
    return "".join(letter for letter in sound(word) if letter not in _VOWELS)
