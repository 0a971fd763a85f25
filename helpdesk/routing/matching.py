"""One text held against all expressions: where families, parts and whole expressions stand in it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpdesk.routing.expressions import DENIAL, Part
from helpdesk.routing.hits import Hit, Key
from helpdesk.routing.tokens import Token

WINDOW = 14  # words: how far apart the parts of one expression may stand; the end of a sentence counts as three
_SKIPPED = 4  # small words that may stand between two words of a part
_PLACES = 50  # of one expression: enough to tell a figure of speech from the thing, even in a long text
_QUOTED_GAP = 6  # words that are quoted rather than replaced by an ellipsis


class Span(NamedTuple):
    first: int
    last: int  # included


class Expression(NamedTuple):
    key: Key
    text: str
    parts: tuple[int, ...]


class Node:
    """A step in the tree of all parts: those that share their first words share the way."""

    __slots__ = ("ends", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, list[tuple[bool, Node]]] = {}
        self.ends: list[str | int] = []

    def add(self, part: Part, end: str | int) -> None:
        """Make `part` lead to `end`, the name of a family or the number of a part."""
        node = self
        for symbol, denied in part:
            for same, following in node.steps.setdefault(symbol, []):
                if same == denied:
                    node = following
                    break
            else:
                following = Node()
                node.steps[symbol].append((denied, following))
                node = following
        node.ends.append(end)


class Match:
    """The work on one text; used once."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._edges = [[(symbol, at) for symbol in token.word.symbols] for at, token in enumerate(tokens)]
        for at, token in enumerate(tokens):
            if token.denies:
                self._edges[at].append((DENIAL, at))
        self._reached: dict[int, list[tuple[str, int, int]]] = {}
        self._spans: dict[int, list[Span]] = {}

    def find_families(self, tree: Node) -> None:
        """Add the families whose members are several words to those of single words."""
        for edges, found in zip(self._edges, self._walk(tree), strict=True):
            edges += [(str(family), end) for family, end in found]
        self._reached.clear()

    def find_parts(self, tree: Node) -> None:
        for at, found in enumerate(self._walk(tree)):
            for number, end in found:
                self._spans.setdefault(int(number), []).append(Span(at, end))

    def hits(self, expressions: Mapping[int, list[Expression]]) -> Iterator[Hit]:
        for number, spans in self._spans.items():
            for expression in expressions.get(number, ()):
                if len(expression.parts) == 1:
                    for span in spans[:_PLACES]:
                        yield self._hit(expression, (span,))
                elif all(part in self._spans for part in expression.parts):
                    for together in self._together(expression.parts):
                        yield self._hit(expression, together)

    def _walk(self, tree: Node) -> list[list[tuple[str | int, int]]]:
        """For each token, what the tree leads to from there, with the last token of each."""
        walked = []
        for at, edges in enumerate(self._edges):
            found: list[tuple[str | int, int]] = []
            for symbol, last in edges:
                if branches := tree.steps.get(symbol):
                    self._step(branches, at, last, found)
            walked.append(found)
        return walked

    def _step(
        self, branches: list[tuple[bool, Node]], first: int, last: int, found: list[tuple[str | int, int]]
    ) -> None:
        """Follow the branches whose item stands from `first` to `last`. No deeper than the longest part."""
        for denied, following in branches:
            if not self._fits(denied, first, last):
                continue
            if following.ends:
                found.extend([(end, last) for end in following.ends])
            if following.steps:
                for symbol, start, stop in self._after(last):
                    if further := following.steps.get(symbol):
                        self._step(further, start, stop, found)

    def _after(self, last: int) -> list[tuple[str, int, int]]:
        """Symbols that can follow the token `last` in a part, with their tokens: small words are stepped over."""
        known = self._reached.get(last)
        if known is not None:
            return known
        tokens = self._tokens
        found: list[tuple[str, int, int]] = []
        for at in range(last + 1, min(last + 2 + _SKIPPED, len(tokens))):
            if tokens[at].clause != tokens[last].clause:
                break
            found += [(symbol, at, end) for symbol, end in self._edges[at]]
            if not tokens[at].word.small:
                break
        self._reached[last] = found
        return found

    def _fits(self, denied: bool, first: int, last: int) -> bool:
        tokens = self._tokens
        if first == last:
            return tokens[first].denied if denied else not tokens[first].unhappened
        if denied:
            return any(token.denied for token in tokens[first : last + 1])
        return not any(token.unhappened for token in tokens[first : last + 1])

    def _together(self, parts: tuple[int, ...]) -> Iterator[list[Span]]:
        """For each place of the first part, one span of every other near it and clear of the rest, if there are.

        All parts are somewhere.
        """
        for anchor in self._spans[parts[0]][:_PLACES]:
            chosen = [anchor]
            for number in parts[1:]:
                near = self._nearest(self._spans[number], chosen)
                if near is None:
                    break
                chosen.append(near)
            else:
                yield chosen

    def _nearest(self, spans: list[Span], chosen: list[Span]) -> Span | None:
        """Of `spans`, in order of place, the one nearest to what is chosen, within the window and clear of it."""
        tokens = self._tokens
        low = min(span.first for span in chosen)
        high = max(span.last for span in chosen)
        at = bisect_left(spans, (low,))
        best: tuple[int, Span] | None = None
        for span in spans[max(0, at - 4) : at + 8]:
            wide = tokens[max(high, span.last)].position - tokens[min(low, span.first)].position
            clear = all(span.last < other.first or span.first > other.last for other in chosen)
            if clear and wide <= WINDOW and (best is None or wide < best[0]):
                best = (wide, span)
        return best[1] if best else None

    def _hit(self, expression: Expression, spans: Sequence[Span]) -> Hit:
        tokens = self._tokens
        covered = 0
        pieces: list[tuple[int, int]] = []
        for first, last in sorted(spans):
            covered |= ((1 << (last - first + 1)) - 1) << first
            if tokens[first].denied and first > 0 and tokens[first - 1].denies:
                first -= 1
            if tokens[last].denied and last + 1 < len(tokens) and tokens[last + 1].denies:
                last += 1
            if pieces and first - pieces[-1][1] <= _QUOTED_GAP:
                first = pieces.pop()[0]
            pieces.append((first, last))
        places = tuple((tokens[first].start, tokens[last].end) for first, last in pieces)
        return Hit(expression.key, expression.text, covered, places[0][0], places[-1][1], places, self._text)
