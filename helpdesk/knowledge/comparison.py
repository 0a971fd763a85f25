"""Two texts side by side, word by word: what stayed, what went, what came."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Words, spaces and signs apart, so that a comma is not a changed word. Line ends stand alone.
_PARTS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MOST_PARTS = 20_000  # beyond it, lines are compared: the time of words grows with their product


class Fate(StrEnum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text with one fate."""

    fate: Fate
    text: str


def compare(before: str, after: str) -> tuple[Part, ...]:
    """The parts in reading order. SAME and GONE put together are `before`, SAME and NEW are `after`."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if len(old) + len(new) > _MOST_PARTS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    found = [Part(Fate.SAME, "".join(old[:head]))]
    # Words that stand everywhere are no landmarks (autojunk): else the time grows with the cube of a monotonous text.
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    for _tag, start, end, first, last in SequenceMatcher(None, old_middle, new_middle).get_opcodes():
        gone, came = "".join(old_middle[start:end]), "".join(new_middle[first:last])
        if gone == came:
            found.append(Part(Fate.SAME, gone))
        else:
            found += [part for part in (Part(Fate.GONE, gone), Part(Fate.NEW, came)) if part.text]
    found.append(Part(Fate.SAME, "".join(old[len(old) - tail :])))
    found = [part for part in found if part.text]
    return tuple(_without_islands(found))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts both begin with."""
    number = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        number += 1
    return number


def is_changed(parts: tuple[Part, ...]) -> bool:
    """Whether the two texts differ."""
    return any(part.fate is not Fate.SAME for part in parts)


def _without_islands(parts: list[Part]) -> list[Part]:
    """A single space left between two changes makes both unreadable: it changes with them."""
    joined: list[Part] = []
    for place, part in enumerate(parts):
        between = 0 < place < len(parts) - 1
        if part.fate is Fate.SAME and part.text.isspace() and "\n" not in part.text and between:
            joined += [Part(Fate.GONE, part.text), Part(Fate.NEW, part.text)]
        else:
            joined.append(part)
    gone = came = ""
    result: list[Part] = []
    for part in [*joined, Part(Fate.SAME, "")]:
        if part.fate is Fate.GONE:
            gone += part.text
        elif part.fate is Fate.NEW:
            came += part.text
        else:
            result += [one for one in (Part(Fate.GONE, gone), Part(Fate.NEW, came), part) if one.text]
            gone = came = ""
    return result
