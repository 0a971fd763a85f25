"""All expressions of the configuration, compiled to be looked for together in one pass over a text.

    text → tokens → symbols (words and families known here) → parts → expressions → hits

The time grows with the length of the text and hardly with the number of expressions: each step looks up what the text
holds instead of trying what the configuration holds.
"""

from collections.abc import Iterable, Mapping

from helpdesk.routing.expressions import Language, Part, parse_expression, parse_member, words_of
from helpdesk.routing.hits import Hit, Key
from helpdesk.routing.matching import Expression, Match, Node
from helpdesk.routing.spelling import Mender, stem
from helpdesk.routing.tokens import Token, Tokenizer


class Lexicon:
    """Built once for a rulebook. To its users it never changes; it remembers words it has met."""

    def __init__(
        self, expressions: Iterable[tuple[Key, str]], families: Mapping[str, Iterable[str]], language: Language
    ) -> None:
        """Raises ValueError, in French, on what cannot be read. Check with `parse_expression` to list every mistake."""
        self._by_word: dict[str, list[str]] = {}
        self._by_beginning: dict[str, list[str]] = {}
        self._families = Node()
        self._parts = Node()
        self._part_numbers: dict[Part, int] = {}
        self._expressions: dict[int, list[Expression]] = {}
        spelled: set[str] = set()
        for family, members in families.items():
            for member in members:
                self._add_member(family, parse_member(member, language))
                spelled.update(words_of(member))
        for key, text in expressions:
            parts = tuple(self._number(part) for part in parse_expression(text, families, language))
            self._expressions.setdefault(parts[0], []).append(Expression(key, text, parts))
            spelled.update(words_of(text))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})
        self._mender = Mender(word for word in spelled if stem(word) in self._by_word)
        self._kept = language.kept
        self._tokenizer = Tokenizer(self._symbols_of, language)

    def find(self, text: str) -> list[Hit]:
        """Every expression that `text` holds, wherever it does, in no particular order."""
        return self.find_in(self.tokens(text), text)

    def tokens(self, text: str) -> list[Token]:
        """`text` in words, as they are understood here."""
        return self._tokenizer.tokens(text)

    def find_in(self, tokens: list[Token], text: str) -> list[Hit]:
        """As `find`, for a text already cut into tokens."""
        match = Match(tokens, text)
        match.find_families(self._families)
        match.find_parts(self._parts)
        return list(match.hits(self._expressions))

    def _add_member(self, family: str, phrase: Part) -> None:
        if len(phrase) == 1 and not phrase[0].denied:
            self._know(phrase[0].symbol, family)
            return
        for item in phrase:
            self._know(item.symbol, item.symbol)
        self._families.add(phrase, family)

    def _number(self, part: Part) -> int:
        if part not in self._part_numbers:
            number = self._part_numbers[part] = len(self._part_numbers)
            self._parts.add(part, number)
            for item in part:
                if not item.symbol.isupper():
                    self._know(item.symbol, item.symbol)
        return self._part_numbers[part]

    def _know(self, word: str, symbol: str) -> None:
        index, word = (self._by_beginning, word[:-1]) if word.endswith("*") else (self._by_word, word)
        symbols = index.setdefault(word, [])
        if symbol not in symbols:
            symbols.append(symbol)

    def _symbols_of(self, plain_word: str, mend: bool) -> tuple[str, ...]:
        symbols = list(self._by_word.get(stem(plain_word), ()))
        for length in self._lengths:
            if length > len(plain_word):
                break
            symbols += self._by_beginning.get(plain_word[:length], ())
        if mend and not symbols and plain_word not in self._kept and (meant := self._mender.mend(plain_word)):
            symbols = self._by_word[stem(meant)]
        return tuple(dict.fromkeys(symbols))
