"""Lines of a scanned text: without what belongs to the page only, and joined again into passages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.trail import Draft, Repair, Rule
from helpdesk.text import clean, fold

_PAGE_NUMBER = re.compile(r"^(?:page|p\.)?\s*[-–—]?\s*\d{1,3}\s*[-–—]?(?:\s*(?:/|sur|de)\s*\d{1,3})?$", re.IGNORECASE)
_NAMED_PAGE_NUMBER = re.compile(r"^(?:page|p\.)\s*\d{1,3}(?:\s*(?:/|sur|de)\s*\d{1,3})?$|^\d{1,3}\s*/\s*\d{1,3}$", re.IGNORECASE)
_HYPHEN_AT_END = re.compile(r"(?P<head>[^\W\d_]{2,})[-\u00ad]$")
_MANY_PAGES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source, from 1, without spaces at its ends; empty for an empty line."""

    number: int
    text: str
    opens_page: bool = False


def read_lines(text: str) -> tuple[list[Line], list[Repair]]:
    """The lines of a text, and what was left out of them: page numbers, and lines that every page repeats."""
    lines = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        for place, piece in enumerate(raw.split("\f")):
            lines.append(Line(number, " ".join(clean(piece).split(" ")).strip(), opens_page=place > 0))
    furniture = _furniture(lines)
    repairs = [Repair(lines[place].number, lines[place].text, "", Rule.FURNITURE) for place in sorted(furniture)]
    return [line for place, line in enumerate(lines) if place not in furniture], repairs


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Places of lines that belong to the page. A bare number counts beside a page break only."""
    breaks = {place for place, line in enumerate(lines) if line.opens_page}
    edges = {edge for place in breaks for edge in _first_and_last(lines, place)}
    found = {place for place in edges if _PAGE_NUMBER.match(lines[place].text)}
    found |= {place for place, line in enumerate(lines) if _NAMED_PAGE_NUMBER.match(line.text)}
    repeated = Counter(_shape(lines[place].text) for place in edges)
    if len(breaks) >= _MANY_PAGES:
        found |= {place for place in edges if repeated[_shape(lines[place].text)] >= _MANY_PAGES}
    return {place for place in found if lines[place].text}


def _first_and_last(lines: Sequence[Line], place: int) -> list[int]:
    """The last line before a page break and the first after it that are not empty."""
    after = next((i for i in range(place, len(lines)) if lines[i].text), None)
    before = next((i for i in range(place - 1, -1, -1) if lines[i].text), None)
    return [i for i in (before, after) if i is not None]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", fold(text))


def join(lines: Sequence[Line], lexicon: Lexicon) -> Draft:
    """One passage of lines, empty ones among them. A gap inside is on record, and words cut by a hyphen are whole."""
    text, starts, repairs = "", [], []
    is_gap = False
    for line in lines:
        if not line.text:
            is_gap = bool(text)
            continue
        head = _cut_word(text, line.text, lexicon)
        if head is not None:
            repairs.append(Repair(line.number, text.split(" ")[-1] + " " + line.text.split(" ")[0], head, Rule.HYPHEN))
            text = text[: text.rfind(" ") + 1] + head[: len(head) - len(line.text.split(" ")[0])]
        elif is_gap:
            repairs.append(Repair(line.number, f"{text.split(' ')[-1]} ¶ {line.text.split(' ')[0]}", "", Rule.CUT))
        is_tied = head is not None or text.endswith(("’", "'")) or not text
        starts.append((len(text) + (0 if is_tied else 1), line.number))
        text += line.text if is_tied else " " + line.text
        is_gap = False
    draft = Draft(text, starts or [(0, 1)])
    draft.repairs += [_with_joined(repair) for repair in repairs]
    return draft


def _with_joined(repair: Repair) -> Repair:
    if repair.rule is not Rule.CUT:
        return repair
    return Repair(repair.line, repair.before, repair.before.replace(" ¶", ""), repair.rule)


def _cut_word(text: str, following: str, lexicon: Lexicon) -> str | None:
    """The whole word where a line ends in « identi- » and the next begins with « fiant », else None.

    « eux- » and « mêmes » keep their hyphen: without it they would be no word.
    """
    match = _HYPHEN_AT_END.search(text)
    if not match:
        return None
    first_word = following.split(" ")[0]
    letters = re.match(r"[^\W\d_]+", first_word)
    if letters and lexicon.spellings(match["head"] + letters.group()):
        return match["head"] + first_word
    return match["head"] + "-" + first_word
