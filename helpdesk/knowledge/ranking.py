"""Which entries of the FAQ answer a question, in what order, and whether any does.

Pure: an answer depends on the question, the index and nothing else, so it is the same on every database and process.

    text → question.understand → units → every entry with one of their terms gets a score
         → the best fifty are looked at closely → the first few, or the word that nothing fits
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.knowledge.index import Entry, Index
from helpdesk.knowledge.passage import Piece, best_passage
from helpdesk.knowledge.question import Question, Unit, understand

_LOOKED_AT = 50
# An entry whose own question is wholly asked goes before one of which only a part is: this share of the score.
_WHOLE = 0.3
# An entry that covers all that is asked goes before one that has its rarest word: this share of the score.
_COVERED = 0.5
# From this certainty on, the best entry is an answer. Below it the honest word is that nothing here fits. A little more
# than the tuned queries ask for (`python -m tests.knowledge.search_threshold`), since words of other subjects are
# listed for them and not for the next reader; search for it anew when a weight above changes.
ENOUGH = 0.3
# Beside an answer, entries down to this share of its score are shown too.
_BESIDE = 0.2
# A question of which an entry speaks less than this (« mon enfant ») asks it for nothing yet.
_LEAST = 0.6
# A mention this strong covers what was asked wholly: about once in an answer, or in a question.
_FULL_MENTION = 0.6


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, its score (above 0, comparable within one answer), the part of the query that it covers (0 to 1)."""

    entry: Entry
    score: float
    coverage: float
    passage: tuple[Piece, ...]

    @property
    def slug(self) -> str:
        """The entry's address."""
        return self.entry.slug

    @property
    def question(self) -> str:
        """The entry's question."""
        return self.entry.question


@dataclass(frozen=True, slots=True)
class Answer:
    """`hits` are for people, best first; none means that nothing here fits. `nearest` is the ranking in any case.

    `suggestion` is the query with its spelling mended, None when there was nothing to mend. `certainty` is how sure it
    is that the best entry answers, from 0 up; from ENOUGH on it does.
    """

    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    suggestion: str | None
    certainty: float

    @property
    def answered(self) -> bool:
        """Whether something fits."""
        return bool(self.hits)


def rank(query: str, index: Index, limit: int = 5, keep: Callable[[Entry], bool] | None = None) -> Answer:
    """Answer a query from all entries, or from those that `keep` lets pass. Never fails, whatever the text."""
    question = understand(query, index)
    scores = _scores(question, index)
    found = [number for number, score in enumerate(scores) if score]
    if keep:
        found = [number for number in found if keep(index.entries[number])]
    looked_at = heapq.nlargest(max(limit, _LOOKED_AT), found, key=scores.__getitem__)
    closer = [(number, *_look_closely(index, question, number, scores[number])) for number in looked_at]
    closer.sort(key=lambda one: (-one[1], one[0]))
    nearest = tuple(_hit(index, question, number, score, coverage) for number, score, coverage in closer[:limit])
    certainty = _certainty(index, question, closer[0][0], closer[0][1]) if closer else 0.0
    hits = tuple(hit for hit in nearest if certainty >= ENOUGH and hit.score >= _BESIDE * nearest[0].score)
    return Answer(hits, nearest, question.suggestion, certainty)


def _scores(question: Question, index: Index) -> list[float]:
    """A score for each entry, by number. Entries stand in the order of their slugs, so ties fall alike everywhere."""
    scores = [0.0] * len(index.entries)
    for unit in question.units:
        if len(unit.terms) == 1:
            ((term, likelihood),) = unit.terms.items()
            factor = unit.weight * likelihood
            for number, impact in index.postings(term):
                scores[number] += factor * impact
            continue
        best: dict[int, float] = {}
        for term, likelihood in unit.terms.items():
            for number, impact in index.postings(term):
                if likelihood * impact > best.get(number, 0.0):
                    best[number] = likelihood * impact
        for number, value in best.items():
            scores[number] += unit.weight * value
    return scores


def _certainty(index: Index, question: Question, number: int, score: float) -> float:
    """How sure it is that the best entry answers: its score, less when it speaks of little that matters, and less for
    each thing said that no entry speaks of.
    """
    strange = sum(unit.importance for unit in question.units if not unit.terms)
    return round(score * min(1.0, _spoken_of(index, question, number) / _LEAST) / (1 + strange), 4)


def _look_closely(index: Index, question: Question, number: int, score: float) -> tuple[float, float]:
    """The score put right by how much of the question the entry covers and how much of the entry is asked; and the
    former.
    """
    coverage = _coverage(index, question, number)
    share = _share_asked(index, question, number)
    score *= (1 - _WHOLE + _WHOLE * share) * (1 - _COVERED + _COVERED * coverage)
    return round(score, 6), round(coverage, 3)


def _coverage(index: Index, question: Question, number: int) -> float:
    """The part of what is asked that the entry speaks of, from 0 to 1."""
    total = sum(unit.importance for unit in question.units)
    return _spoken_of(index, question, number) / total if total else 0.0


def _spoken_of(index: Index, question: Question, number: int) -> float:
    """How much the entry says of what is asked."""
    return sum(unit.importance * _mention(unit, index, number) for unit in question.units)


def _share_asked(index: Index, question: Question, number: int) -> float:
    """The part of the entry's own question that is asked, from 0 to 1."""
    asked = {term for unit in question.units for term in unit.terms}
    own = sorted(index.question_terms[number])
    everything = sum(index.rarity(term) for term in own)
    return sum(index.rarity(term) for term in own if term in asked) / everything if everything else 0.0


def _hit(index: Index, question: Question, number: int, score: float, coverage: float) -> Hit:
    entry = index.entries[number]
    wanted = {term: unit.weight * likelihood for unit in question.units for term, likelihood in unit.terms.items()}
    return Hit(entry, round(score, 4), coverage, best_passage(entry.answer, wanted, index.synonyms))


def _mention(unit: Unit, index: Index, number: int) -> float:
    """How well an entry speaks of one thing said, from 0 to 1."""
    return max(
        (
            math.sqrt(likelihood) * min(1.0, index.impact(term, number) / _FULL_MENTION)
            for term, likelihood in unit.terms.items()
        ),
        default=0.0,
    )
