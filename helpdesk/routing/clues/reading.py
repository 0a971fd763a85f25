"""A text cut into words that keep their places, with what separates them and who wrote them when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.wording import Wording
from helpdesk.routing.clues.zones import Zone, zones
from helpdesk.text import fold_in_place

READ_AT_MOST = 20_000  # characters: a longer message says where the school is in its first pages, or never
_WORD = re.compile(r"[a-z0-9]+")
_ADDRESS = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w.\-]{1,120}|(?:https?://|www\.)[^\s<>\"]{1,300}"
    r"|(?<![\w.\-])(?:[\w\-]{1,63}\.){1,4}(?:fr|com|net|org|eu|nc|pf|wf)(?![\w\-])"
)
_ADDRESS_SIGNS = ("@", "www.", "://", ".fr", ".com", ".net", ".org", ".eu", ".nc", ".pf", ".wf")
_ABBREVIATIONS = words("st ste coll clg m mr mme mlle dr av bd bld dept acad tel cf ex lyc etab")
_NEVER_FIRST = frozenset({"de", "du", "des", "d", "a", "au", "aux", "et", "qui", "que", "en", "sur", "pour"})
_WRAPPED_FROM = 55  # characters: a line as long as this was cut by the mail program, not by the writer


class Break(IntEnum):
    """What stands between a word and the one before it."""

    NONE = 0  # a space, a hyphen, an apostrophe
    SOFT = 1  # a comma, a bracket, a dash
    LINE = 2  # the end of a line that the writer ended
    HARD = 3  # the end of a sentence, an empty line


@dataclass(slots=True)
class Reading:
    """One field of a message. Lists run in parallel, one item a word; `words` are folded, mended, « st » is "saint".

    `cased` tells that the writer puts capitals inside sentences, so that the lack of one means something.
    `addresses` are mail and web addresses with their places; their characters are in no word. `guesses` is how many
    more words may be compared with the names of towns.
    """

    field: str
    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: list[Break]
    zones: list[Zone]
    addresses: list[tuple[int, int]]
    cased: bool
    guesses: int = 60

    def capital(self, index: int) -> bool:
        return self.text[self.starts[index]].isupper()

    def written(self, first: int, last: int) -> str:
        """The words from `first` to `last` (not included), as written."""
        return self.text[self.starts[first] : self.ends[last - 1]]


def read(text: str, field: str, wording: Wording) -> Reading:
    """Cut `text`, of which only the first `READ_AT_MOST` characters are looked at. `wording` gives the forms in
    which its words are looked up.
    """
    text = text[:READ_AT_MOST]
    folded = fold_in_place(text)
    addresses = []
    if any(sign in folded for sign in _ADDRESS_SIGNS):
        addresses = [match.span() for match in _ADDRESS.finditer(folded)]
        for start, end in addresses:
            folded = folded[:start] + "|" * (end - start) + folded[end:]
    reading = Reading(field, text, [], [], [], [], [], addresses, cased=False)
    _cut(reading, folded, zones(folded) if field == "text" else ((len(text), Zone.FRESH),), wording)
    reading.cased = _is_cased(reading)
    return reading


def _cut(reading: Reading, folded: str, stretches: Sequence[tuple[int, Zone]], wording: Wording) -> None:
    text, words, breaks, every_zone = reading.text, reading.words, reading.breaks, reading.zones
    nothing, line, hard = Break.NONE, Break.LINE, Break.HARD  # looked up once, not at each word
    stretch, (until, zone) = 0, stretches[0]
    before, end = "", -1
    for match in _WORD.finditer(folded):
        start, stop = match.span()
        word = folded[start:stop]
        while start >= until:
            stretch += 1
            until, zone = stretches[stretch]
        if end < 0:
            gap = hard
        elif start == end + 1 and folded[end] in " -'":
            gap = nothing
        else:
            gap = _break(folded, end, start, before, word)
        like_a_name = text[start].isupper() and gap < line
        words.append(wording.of_name(word) if like_a_name else wording[word])
        breaks.append(gap)
        every_zone.append(zone)
        reading.starts.append(start)
        reading.ends.append(stop)
        before, end = word, stop


def _break(folded: str, end: int, start: int, before: str, word: str) -> Break:
    gap = folded[end:start]
    if not gap:
        return Break.NONE
    if "\n" in gap:
        return _line_break(folded, gap, end, word)
    bare = gap.strip()
    if bare in ("", "-", "'") and not (bare == "-" and len(gap) == 3):
        return Break.NONE
    if bare == "." and before in _ABBREVIATIONS:
        return Break.NONE
    if bare == "/" and before in ("s", "lez", "les"):  # « Chalon s/ Saône »
        return Break.NONE
    return Break.HARD if any(char in ".!?;…" for char in gap) else Break.SOFT


def _line_break(folded: str, gap: str, end: int, word: str) -> Break:
    if gap.count("\n") > 1 or any(char in ".!?;…" for char in gap):
        return Break.HARD
    if "," in gap:
        return Break.SOFT
    line_start = folded.rfind("\n", 0, end) + 1
    if gap.strip() == "" and (word in _NEVER_FIRST or end - line_start >= _WRAPPED_FROM):
        return Break.NONE
    return Break.LINE


def _is_cased(reading: Reading) -> bool:
    text, first_zone, line = reading.text, reading.zones[:1], Break.LINE
    capital = small = False
    for start, gap, zone in zip(reading.starts, reading.breaks, reading.zones, strict=True):
        if zone is not first_zone[0]:
            continue
        char = text[start]
        if char.islower():
            small = True
        elif gap >= line:
            continue
        elif char.isupper() and text[start + 1 : start + 2].islower():
            capital = True
        if capital and small:
            return True
    return False
