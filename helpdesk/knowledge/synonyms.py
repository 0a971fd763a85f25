"""What words stand for: words and set phrases of one meaning become one term, fillers go.

The lists themselves are in `config/synonyms.toml`, which editors change; `wordlists` reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpdesk.stems import stem

_SHORTEST_ROOT = 4


@dataclass(frozen=True, slots=True)
class Term:
    """What one word or one set phrase stands for. `first` and `last` are places in the list of words it was read from.

    `text` is a stem; for what is in the lists, the stems of the first word of its meaning, which all its words share.
    """

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Synonyms:
    """The lists, ready for use. Words are folded; a term is what `Term.text` is.

    `meanings`: stems of a word or phrase → term. `near`: term → the terms it may also stand for, one way only.
    `run_together`: set phrase without its spaces → its words. `short`: short form → the words it is short for.
    `fillers`: words without meaning of their own. `common`: terms of nearly every question of the field. `foreign`:
    terms of other subjects, and `foreign_words` their words. `written`: words that may be meant → as the file has them.
    """

    meanings: Mapping[tuple[str, ...], str]
    near: Mapping[str, tuple[str, ...]]
    run_together: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    common: frozenset[str]
    foreign: frozenset[str]
    foreign_words: frozenset[str]
    written: Mapping[str, str]

    @cached_property
    def listed(self) -> frozenset[str]:
        """Every term that an editor put into words."""
        return frozenset(self.meanings.values())

    @cached_property
    def filler_roots(self) -> frozenset[str]:
        """The stems of fillers, for their other forms; not of the short ones, which share theirs with true words."""
        return frozenset(stem(word) for word in self.fillers if len(stem(word)) >= _SHORTEST_ROOT)

    def terms(self, folded: Sequence[str]) -> Iterator[Term]:
        """The terms of a text, given its folded words: longest set phrase first, fillers left out."""
        stems = [stem(word) for word in folded]
        place = 0
        while place < len(stems):
            meaning, length = self._phrase(stems, place)
            # « seulement » says nothing although it shares its root with « seul ».
            if length > 1 or folded[place] not in self.fillers:
                yield Term(meaning or stems[place], place, place + length - 1)
            place += length

    def _phrase(self, stems: Sequence[str], place: int) -> tuple[str | None, int]:
        """The meaning of the longest phrase or word of the lists that begins at `place`, and its length in words."""
        for length in self._lengths.get(stems[place], ()):
            meaning = self.meanings.get(tuple(stems[place : place + length])) if place + length <= len(stems) else None
            if meaning:
                return meaning, length
        return None, 1

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """First stem → how many words the phrases that begin with it have, longest first."""
        lengths: dict[str, set[int]] = {}
        for stems in self.meanings:
            lengths.setdefault(stems[0], set()).add(len(stems))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
