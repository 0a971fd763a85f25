"""A text cut into words that keep their places, with what separates them and who wrote them when."""

import re
from dataclasses import dataclass
from enum import IntEnum

from helpdesk.routing.clues.zones import Zone, zones
from helpdesk.text import fold_in_place

READ_AT_MOST = 20_000  # characters: a longer message says where the school is in its first pages, or never
_WORD = re.compile(r"[a-z0-9]+")
_ADDRESS = re.compile(
    r"[\w.+\-]{1,64}@[\w.\-]{1,120}|(?:https?://|www\.)[^\s<>\"]{1,300}"
    r"|(?<![\w.\-])(?:[\w\-]{1,63}\.){1,4}(?:fr|com|net|org|eu|nc|pf|wf)(?![\w\-])"
)
_ABBREVIATIONS = frozenset("st ste coll clg m mr mme mlle dr av bd bld dept acad tel cf ex lyc etab".split())
_IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
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
    """One field of a message. The lists run in parallel, one item a word; `words` are folded, « st » is "saint".

    `cased` tells that the writer puts capitals inside sentences, so that the lack of one means something.
    `addresses` are mail and web addresses with their places; their characters are in no word.
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

    def capital(self, index: int) -> bool:
        return self.text[self.starts[index]].isupper()

    def written(self, first: int, last: int) -> str:
        """The words from `first` to `last` (not included), as written."""
        return self.text[self.starts[first] : self.ends[last - 1]]


class Folding(dict[int, str]):
    """A table for `str.translate` that folds character by character and remembers: 30 times faster on long texts."""

    def __missing__(self, code: int) -> str:
        folded = fold_in_place(chr(code))
        if code < 0x2000:
            self[code] = folded
        return folded


def read(text: str, field: str, folding: Folding) -> Reading:
    """Cut `text`, of which only the first `READ_AT_MOST` characters are looked at."""
    text = text[:READ_AT_MOST]
    folded = text.translate(folding)
    addresses = []
    if "." in folded:
        addresses = [match.span() for match in _ADDRESS.finditer(folded)]
        for start, end in addresses:
            folded = folded[:start] + "|" * (end - start) + folded[end:]
    reading = Reading(field, text, [], [], [], [], [], addresses, cased=False)
    _cut(reading, folded, zones(folded) if field == "text" else [(len(text), Zone.FRESH)])
    reading.cased = _is_cased(reading)
    return reading


def _cut(reading: Reading, folded: str, stretches: list[tuple[int, Zone]]) -> None:
    stretch = 0
    before = ""
    end = 0
    for match in _WORD.finditer(folded):
        start = match.start()
        word = match[0]
        while start >= stretches[stretch][0]:
            stretch += 1
        reading.breaks.append(_break(folded, end, start, before, word) if reading.words else Break.HARD)
        reading.words.append(_IN_FULL.get(word, word))
        reading.starts.append(start)
        end = match.end()
        reading.ends.append(end)
        reading.zones.append(stretches[stretch][1])
        before = word


def _break(folded: str, end: int, start: int, before: str, word: str) -> Break:
    gap = folded[end:start]
    if gap in (" ", "-", "'", ""):
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
    capitals = small = 0
    for start, gap, zone in zip(reading.starts, reading.breaks, reading.zones, strict=True):
        if gap >= Break.LINE or zone != reading.zones[0]:
            continue
        if reading.text[start].islower():
            small += 1
        elif reading.text[start].isupper() and reading.text[start + 1 : start + 2].islower():
            capitals += 1
    return capitals > 0 and small > 0
