"""The part of an answer that speaks of what was asked, with the words that say so marked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.stems import words

_MARKUP = (
    (re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"<[a-zA-Z/!][^>]*>"), " "),
    (re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"[*`|]+|(?<!\w)_+|_+(?!\w)|~~|\\(?=[^\w\s])"), ""),
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ÿ]|[«\"])|\n+")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked` when it says what was asked for."""

    text: str
    marked: bool


def plain(markdown: str) -> str:
    """The words of a Markdown text without its markup: for search and for passages, not for showing an answer."""
    for pattern, kept in _MARKUP:
        markdown = pattern.sub(kept, markdown)
    return markdown.strip()


def best_passage(answer: str, wanted: Mapping[str, float], synonyms: Synonyms) -> tuple[Piece, ...]:
    """The sentence of a Markdown answer that holds most of `wanted` (term → weight), the first one when none does."""
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(plain(answer)) if sentence.strip()]
    if not sentences:
        return ()

    def value(sentence: str) -> float:
        found = {term.text for term in synonyms.terms([word.folded for word in words(sentence)])}
        return sum(wanted.get(term, 0.0) for term in sorted(found))

    return marked(_shortened(max(sentences, key=value)), wanted, synonyms)


def marked(text: str, wanted: Mapping[str, float], synonyms: Synonyms) -> tuple[Piece, ...]:
    """`text` cut into pieces, those that are a wanted term marked. The pieces put together are `text`."""
    found = words(text)
    pieces: list[Piece] = []
    copied = 0
    for term in synonyms.terms([word.folded for word in found]):
        if term.text in wanted:
            start, end = found[term.first].start, found[term.last].end
            pieces += [Piece(text[copied:start], False), Piece(text[start:end], True)]
            copied = end
    pieces.append(Piece(text[copied:], False))
    return tuple(piece for piece in pieces if piece.text)


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
