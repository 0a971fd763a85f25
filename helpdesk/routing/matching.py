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


def _followers(tokens: list[Token]) -> list[tuple[int, ...]]:
    """For each token those that can follow it in a part: the next one and, if that is a small word, some beyond."""
    followers: list[tuple[int, ...]] = [()] * len(tokens)
    for at in range(len(tokens) - 2, -1, -1):
        following = tokens[at + 1]
        if following.clause == tokens[at].clause:
            followers[at] = (at + 1, *followers[at + 1][:_SKIPPED]) if following.word.small else (at + 1,)
    return followers


class Node:
    """A step in the tree of all parts: those that share their first words share the way.

    `steps` lead on by a symbol as it stands, `denied` by one that must be denied; `ends` are what is reached here.
    """

    __slots__ = ("denied", "ends", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, Node] = {}
        self.denied: dict[str, Node] = {}
        self.ends: list[str | int] = []

    def add(self, part: Part, end: str | int) -> None:
        """Make `part` lead to `end`, the name of a family or the number of a part."""
        node = self
        for symbol, denied in part:
            branches = node.denied if denied else node.steps
            node = branches.setdefault(symbol, Node())
        node.ends.append(end)


Found = tuple[int, str | int, int]  # the first token, what the tree leads to from there, the last token


class Match:
    """The work on one text; used once.

    Most tokens stand only for the symbols of their word and are not denied; what some stand for beside that, as it
    stands (`_beside`) or denied (`_denied`), is kept apart, each symbol with the last token that it covers.
    """

    def __init__(self, tokens: list[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._symbols = [() if token.unhappened else token.word.symbols for token in tokens]
        self._next = _followers(tokens)
        self._beside: dict[int, list[tuple[str, int]]] = {}
        self._denied: dict[int, list[tuple[str, int]]] = {}
        self._spans: dict[int, list[Span]] = {}
        for at, token in enumerate(tokens):
            if token.denied:
                self._denied[at] = [(symbol, at) for symbol in token.word.symbols]
            if token.denies:
                self._add(DENIAL, at, at)

    def find_families(self, tree: Node) -> None:
        """Add the families whose members are several words to those of single words."""
        for first, family, last in self._walk(tree):
            self._add(str(family), first, last)

    def find_parts(self, tree: Node) -> None:
        for first, number, last in self._walk(tree):
            self._spans.setdefault(int(number), []).append((first, last))

    def hits(self, expressions: Mapping[int, list[Expression]]) -> Iterator[Hit]:
        there = self._spans
        for number, spans in there.items():
            for expression in expressions.get(number, ()):
                parts = expression.parts
                if len(parts) == 1:
                    for span in spans[:_PLACES]:
                        yield self._hit(expression, (span,))
                elif parts[1] in there and (len(parts) == 2 or all(part in there for part in parts)):
                    for together in self._together(parts):
                        yield self._hit(expression, together)

    def _add(self, symbol: str, first: int, last: int) -> None:
        tokens = self._tokens[first : last + 1]
        if any(token.denied for token in tokens):
            self._denied.setdefault(first, []).append((symbol, last))
        if not any(token.unhappened for token in tokens):
            self._beside.setdefault(first, []).append((symbol, last))

    def _walk(self, tree: Node) -> list[Found]:
        """All that the tree leads to from any token, in the order of the first token."""
        found: list[Found] = []
        steps, beside, denied = tree.steps, self._beside, self._denied
        for at, symbols in enumerate(self._symbols):
            for symbol in symbols:
                if symbol in steps:
                    self._follow(steps[symbol], at, at, found)
            if at in beside or at in denied:
                self._turn(tree, at, at, found)
        return found

    def _follow(self, node: Node, first: int, last: int, found: list[Found]) -> None:
        """Note what ends here, and go on behind the token `last`. No deeper than the longest part."""
        if node.ends:
            found += [(first, end, last) for end in node.ends]
        steps = node.steps
        if not steps and not node.denied:
            return
        for at in self._next[last]:
            for symbol in self._symbols[at]:
                if symbol in steps:
                    self._follow(steps[symbol], first, at, found)
            if at in self._beside or at in self._denied:
                self._turn(node, first, at, found)

    def _turn(self, node: Node, first: int, at: int, found: list[Found]) -> None:
        """The same by what the token `at` stands for beside its word, and by what is denied."""
        for symbol, last in self._beside.get(at, ()):
            if symbol in node.steps:
                self._follow(node.steps[symbol], first, last, found)
        for symbol, last in self._denied.get(at, ()) if node.denied else ():
            if symbol in node.denied:
                self._follow(node.denied[symbol], first, last, found)

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
            if wide < least and not any(first <= end and last >= start for start, end in chosen):
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
