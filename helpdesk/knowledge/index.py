"""The entries of the FAQ made ready for ranking: which term stands where, and how much it weighs there.

The index lives in memory and is made anew when the FAQ changes. So what means the same can be one term on both sides,
and nothing depends on the database the entries came from.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.knowledge.french import everyday_french
from helpdesk.knowledge.passage import plain
from helpdesk.knowledge.spelling import Speller
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.stems import words
from helpdesk.vocabulary import Readers

# field → weight, typical number of terms, pull of its length. A question says what its entry is about, an answer
# mentions much else. Lengths are compared with fixed ones, so a new entry leaves the scores of the others alone.
_FIELDS = {"question": (3.0, 9, 0.3), "answer": (1.0, 20, 0.3), "section": (0.7, 3, 0.0)}
# How soon saying it again adds nothing.
_SATURATION = 1.2


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the FAQ as search needs it; `answer` is Markdown."""

    slug: str
    section: str
    question: str
    answer: str
    readers: Readers = Readers.FAMILIES


class Index:
    """Entries by their terms. Read-only once made, so threads may share it."""

    def __init__(self, entries: Iterable[Entry], synonyms: Synonyms) -> None:
        self.synonyms = synonyms
        self.entries = tuple(sorted(entries, key=lambda entry: entry.slug))
        self.question_terms: list[frozenset[str]] = []
        self._numbers: dict[str, array[int]] = {}
        self._impacts: dict[str, array[float]] = {}
        counts: Counter[str] = Counter(dict.fromkeys(synonyms.written, 0))
        self.written: dict[str, str] = dict(synonyms.written)
        for number, entry in enumerate(self.entries):
            counts.update(self._add(number, entry))
        self.french = everyday_french()
        self._asked = frozenset[str]().union(*self.question_terms)
        self.speller = Speller(counts, synonyms.run_together, self.french.words, synonyms.foreign_words)
        self._rarity = {term: self._rarity_of(len(numbers)) for term, numbers in self._numbers.items()}

    def __contains__(self, term: str) -> bool:
        """Whether entries speak of it. One of another subject must be in a question: in passing it is no answer."""
        return term in (self._asked if term in self.synonyms.foreign else self._numbers)

    def rarity(self, term: str) -> float:
        """From almost 0 (in every entry) to 1 (in one only); 0 when no entry has it."""
        return self._rarity.get(term, 0.0)

    def postings(self, term: str) -> Iterable[tuple[int, float]]:
        """The places in `entries` where the term stands, rising, each with its impact from 0 to 1."""
        return zip(self._numbers.get(term, ()), self._impacts.get(term, ()), strict=True)

    def impact(self, term: str, number: int) -> float:
        """How much the term weighs in one entry; 0 when it is not there."""
        numbers = self._numbers.get(term)
        if numbers is None:
            return 0.0
        place = bisect_left(numbers, number)
        return self._impacts[term][place] if place < len(numbers) and numbers[place] == number else 0.0

    def _add(self, number: int, entry: Entry) -> set[str]:
        """Note the terms of one entry; returns its words."""
        weights: dict[str, float] = {}
        seen: set[str] = set()
        texts = {"question": entry.question, "answer": plain(entry.answer), "section": entry.section}
        for field, text in texts.items():
            found = words(text)
            folded = [word.folded for word in found]
            seen.update(folded)
            for word in found:
                if word.folded not in self.written:
                    self.written[word.folded] = text[word.start : word.end].lower()
            terms = Counter(term.text for term in self.synonyms.terms(folded))
            if field == "question":
                self.question_terms.append(frozenset(terms))
            weight, typical, pull = _FIELDS[field]
            length = 1 - pull + pull * terms.total() / typical
            for term, times in terms.items():
                weights[term] = weights.get(term, 0.0) + weight * (1 if field == "question" else times) / length
        for term, weight in weights.items():
            self._numbers.setdefault(term, array("L")).append(number)
            self._impacts.setdefault(term, array("d")).append(weight / (weight + _SATURATION))
        return seen

    def _rarity_of(self, holders: int) -> float:
        """The inverse document frequency of BM25, as a share of that of a term in one entry only."""
        total = len(self.entries)
        return math.log(1 + (total - holders + 0.5) / (holders + 0.5)) / math.log(1 + (total - 0.5) / 1.5)
