"""What the lexicon hands back: which expression was found, whose it is, and the words that said so."""

from typing import NamedTuple

_QUOTED_AT_MOST = 80


class Key(NamedTuple):
    """Whose expression it is (« topic », « franceconnect ») and in which of its lists (« strong »)."""

    kind: str
    name: str
    column: str


class Hit(NamedTuple):
    """An expression found. `covered` has one bit per token; `start` and `end` are characters of the text read.

    `pieces` are the characters of its words, several when much stands between them.
    """

    key: Key
    expression: str
    covered: int
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]
    text: str

    @property
    def words(self) -> str:
        """As written, on one line, with an ellipsis for what is left out."""
        line = " … ".join([" ".join(self.text[start:end].split()) for start, end in self.pieces])
        return line if len(line) <= _QUOTED_AT_MOST else line[: _QUOTED_AT_MOST - 1].rstrip() + "…"
