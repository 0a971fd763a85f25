"""What somebody asks, as search understands it: the terms meant, how sure that is, and how much each says."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from helpdesk.knowledge.index import Index
from helpdesk.knowledge.spelling import Reading
from helpdesk.knowledge.synonyms import Synonyms, Term
from helpdesk.stems import Word, words
from helpdesk.text import clean

# A question is told in its first words; what follows in a long mail is read by people.
_CHARACTERS_READ = 2_000
_WORDS_READ = 80
# What a word may also stand for counts this much.
_NEAR = 0.6
# The same where entries know the word itself: what was typed goes first.
_ALSO = 0.4
# Words of nearly every question say little about the subject.
_COMMON = 0.3
# What no entry mentions: a word of another subject, a word that nobody listed, a name of a child or a town.
_FOREIGN, _UNKNOWN, _NAME = 1.8, 0.25, 0.15


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing said. `terms`: what may be meant → how likely, empty when no entry mentions it.

    `weight` is what it brings to an entry's score, `importance` its part in what the question is about.
    """

    terms: Mapping[str, float]
    weight: float
    importance: float


@dataclass(frozen=True, slots=True)
class Question:
    """`suggestion` is the text with its spelling mended, None when there was nothing to mend."""

    units: tuple[Unit, ...]
    suggestion: str | None


def understand(text: str, index: Index) -> Question:
    """Read a question against the vocabulary of an index. Any text will do, of any length and script."""
    text = clean(text[:_CHARACTERS_READ])
    typed = _typed(text, index.synonyms)
    read = index.speller.read([word.folded for word in typed])
    units: dict[str, Unit] = {}
    for term in index.synonyms.terms([reading.folded for reading in read]):
        if _says_something(term, index):
            parts = read[term.first : term.last + 1]
            units.setdefault(term.text, _unit(term, parts, index, _is_name(text, typed[parts[0].first])))
    return Question(tuple(units.values()), _suggestion(text, typed, read, index))


def _typed(text: str, synonyms: Synonyms) -> list[Word]:
    """The words of a question, short forms written out: « jpeu » becomes two words at one place."""
    typed: list[Word] = []
    for word in words(text, _WORDS_READ):
        elided = text[word.end : word.end + 1] in ("'", "’")  # the c of « c’est » is not the one of « c quoi »
        meant = (word.folded,) if elided else synonyms.short.get(word.folded, (word.folded,))
        typed += [Word(folded, word.start, word.end) for folded in meant]
    return typed


def _says_something(term: Term, index: Index) -> bool:
    """Not a lone number or letter, nor a form of a filler that the list does not spell out (« trouvait »)."""
    if term.text in index or term.text in index.synonyms.near:
        return True
    return len(term.text) > 2 and not term.text.isdigit() and term.text not in index.synonyms.filler_roots


def _unit(term: Term, read: Sequence[Reading], index: Index, is_name: bool) -> Unit:
    trust = min(reading.trust for reading in read) or 1.0
    known = term.text in index
    share = _ALSO if known else _NEAR
    terms = {near: share * trust for near in index.synonyms.near.get(term.text, ()) if near in index}
    if known:
        terms[term.text] = trust
    # A word that an editor listed is one of the field; any other may be just a common one.
    tells = 1.0 if term.text in index.synonyms.listed else index.french.tells(read[0].folded)
    if terms:
        rarity = max(index.rarity(one) for one, likely in terms.items() if likely == max(terms.values()))
        # Its root, since in how many of a few entries a word stands is half chance.
        weight = tells * math.sqrt(rarity)
        common = _COMMON if term.text in index.synonyms.common else 1.0
        return Unit(terms, weight, weight * common * (1.0 if known else _NEAR))
    if term.text in index.synonyms.foreign:
        return Unit({}, 0.0, _FOREIGN)
    return Unit({}, 0.0, _NAME if is_name else _UNKNOWN)


def _is_name(text: str, word: Word) -> bool:
    """« Léo », « Grenoble »: a capital first, small letters after, and not where a sentence begins."""
    before = text[: word.start].rstrip(" \t\n«\"'’(-")
    return bool(before) and before[-1] not in ".!?…:" and text[word.start : word.end].istitle()


def _suggestion(text: str, typed: Sequence[Word], read: Sequence[Reading], index: Index) -> str | None:
    """The text as typed with the mended words put in, accents and all; None when nothing but fillers was mended."""
    pieces: list[str] = []
    copied = 0
    for (first, last), together in groupby(read, key=lambda reading: (reading.first, reading.last)):
        meant = list(together)
        if 0 < meant[0].trust < 1 and not all(reading.folded in index.synonyms.fillers for reading in meant):
            pieces.append(text[copied : typed[first].start])
            pieces.append(" ".join(index.written.get(reading.folded, reading.folded) for reading in meant))
            copied = typed[last].end
    return "".join(pieces) + text[copied:] if pieces else None
