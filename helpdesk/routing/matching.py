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
_NEAR_SPANS = 12  # of one part that are compared one by one
_QUOTED_GAP = 6  # words that are quoted rather than replaced by an ellipsis


Span = tuple[int, int]  # the first token and the last, included


class Expression(NamedTuple):
    key: Key
    text: str
    parts: tuple[int, ...]
    others: frozenset[int]  # all parts but the first


def _followers(tokens: list[Token]) -> list[tuple[int, ...]]:
    """For each token those that can follow it in a part: the next one and, if that is a small word, some beyond."""
    followers: list[tuple[int, ...]] = [()] * len(tokens)
    for at in range(len(tokens) - 2, -1, -1):
        following = tokens[at + 1]
        if following.clause == tokens[at].clause:
            followers[at] = (at + 1, *followers[at + 1][:_SKIPPED]) if following.word.small else (at + 1,)
    return followers


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
        self._next = _followers(tokens)
        self._spans: dict[int, list[Span]] = {}

    def find_families(self, tree: Node) -> None:
        """Add the families whose members are several words to those of single words."""
        for edges, found in zip(self._edges, self._walk(tree), strict=True):
            edges += [(str(family), end) for family, end in found]

    def find_parts(self, tree: Node) -> None:
        for at, found in enumerate(self._walk(tree)):
            for number, end in found:
                self._spans.setdefault(int(number), []).append((at, end))

    def hits(self, expressions: Mapping[int, list[Expression]]) -> Iterator[Hit]:
        there = self._spans.keys()
        for number, spans in self._spans.items():
            for expression in expressions.get(number, ()):
                if not expression.others:
                    for span in spans[:_PLACES]:
                        yield self._hit(expression, (span,))
                elif expression.others <= there:
                    for together in self._together(expression.parts):
                        yield self._hit(expression, together)

    def _walk(self, tree: Node) -> list[list[tuple[str | int, int]]]:
        """For each token, what the tree leads to from there, with the last token of each."""
        walked = []
        first_steps = tree.steps
        for at, edges in enumerate(self._edges):
            found: list[tuple[str | int, int]] = []
            for symbol, last in edges:
                if branches := first_steps.get(symbol):
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
                found += [(end, last) for end in following.ends]
            if steps := following.steps:
                for start in self._next[last]:
                    for symbol, stop in self._edges[start]:
                        if further := steps.get(symbol):
                            self._step(further, start, stop, found)

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
            low, high = anchor
            for number in parts[1:]:
                near = self._nearest(self._spans[number], chosen, low, high)
                if near is None:
                    break
                chosen.append(near)
                low, high = min(low, near[0]), max(high, near[1])
            else:
                yield chosen

    def _nearest(self, spans: list[Span], chosen: list[Span], low: int, high: int) -> Span | None:
        """Of `spans`, in order of place, the one nearest to what is chosen (from `low` to `high`), within the window
        and clear of it.
        """
        if len(spans) > _NEAR_SPANS:
            at = bisect_left(spans, (low,))
            spans = spans[max(0, at - 4) : at + 8]
        tokens = self._tokens
        nearest, least = None, WINDOW + 1
        for span in spans:
            first, last = span
            wide = tokens[max(high, last)].position - tokens[min(low, first)].position
            if wide < least and all(last < other[0] or first > other[1] for other in chosen):
                nearest, least = span, wide
        return nearest

    def _hit(self, expression: Expression, spans: Sequence[Span]) -> Hit:
        tokens = self._tokens
        first, last = spans[0]
        if len(spans) == 1 and not tokens[first].denied and not tokens[last].denied:
            start, end = tokens[first].start, tokens[last].end
            bits = ((1 << (last - first + 1)) - 1) << first
            return Hit(expression.key, expression.text, bits, start, end, ((start, end),), self._text)
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
