"""The words of a passage with their places, as the rules of repair look at them."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
# Addresses, mail boxes and file names: nothing in them is French spelling.
_VERBATIM = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|gouv|pdf|odt|docx?)\b\S*")
_SENTENCE_END = ".!?…:"


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
        return self.text.lower()

    @property
    def opens_sentence(self) -> bool:
        """Whether it stands first, after a full stop or after an opening quotation mark that follows one."""
        lead = self.before.strip(" «(\"’'\u00a0\u202f-–•*\n")
        return self.start == len(self.before) or lead[-1:] in set(_SENTENCE_END)

    @property
    def is_tied(self) -> bool:
        """Whether an apostrophe or a hyphen ties it to what stands before."""
        return self.before[-1:] in {"’", "'", "-"}


def tokens(text: str) -> list[Token]:
    """All words of `text` but those inside addresses."""
    closed = [match.span() for match in _VERBATIM.finditer(text)]
    spans = [match.span() for match in _WORD.finditer(text)]
    spans = [span for span in spans if not any(start <= span[0] < end for start, end in closed)]
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [
        Token(text[start:end], start, end, text[ends[place] : start], text[end : starts[place + 1]])
        for place, (start, end) in enumerate(spans)
    ]
