"""The words of a passage with their places, as the rules of repair look at them."""

import re
from dataclasses import dataclass

# Addresses, mail boxes and file names come first: nothing in them is French spelling.
_PIECE = re.compile(
    r"(?P<verbatim>[\w.+-]{1,64}@\S+|(?:https?://|www\.)\S+"
    r"|[\w-]{1,64}(?:\.[\w-]{1,64}){0,9}\.(?:fr|com|org|net|eu|gouv|pdf|odt|docx?)\b\S*)"
    r"|(?P<word>[^\W_]+)"
)
_SENTENCE_END = frozenset(".!?…:")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters and digits. `before` and `after` are the characters between it and its neighbours."""

    text: str
    start: int
    end: int
    before: str
    after: str

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def opens_sentence(self) -> bool:
        """Whether it stands first, or after a full stop, quotation marks and brackets aside."""
        lead = self.before.strip(" «(\"’'\u00a0\u202f-–•*\n")
        return self.start == len(self.before) or lead[-1:] in _SENTENCE_END

    @property
    def is_tied(self) -> bool:
        """Whether an apostrophe or a hyphen ties it to what stands before."""
        return self.before[-1:] in ("’", "'", "-")


def tokens(text: str) -> list[Token]:
    """All words of `text` but those inside addresses."""
    spans = [match.span() for match in _PIECE.finditer(text) if match["word"]]
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [
        Token(text[start:end], start, end, text[ends[place] : start], text[end : starts[place + 1]])
        for place, (start, end) in enumerate(spans)
    ]
