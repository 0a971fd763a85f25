"""Lines of a scanned text: without what belongs to the page only, and joined again into passages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.trail import Draft, Repair, Rule
from helpdesk.text import clean, fold

_PAGE_NUMBER = re.compile(r"^(?:page|p\.)?\s*[-–—]?\s*\d{1,3}\s*[-–—]?(?:\s*(?:/|sur|de)\s*\d{1,3})?$", re.IGNORECASE)
_NAMED_PAGE_NUMBER = re.compile(
    r"^(?:page|p\.)\s*\d{1,3}(?:\s*(?:/|sur|de)\s*\d{1,3})?$|^\d{1,3}\s*/\s*\d{1,3}$|^([-–—])\s*\d{1,3}\s*\1$",
    re.IGNORECASE,
)
_HYPHEN_AT_END = re.compile(r"(?P<head>[^\W\d_]{2,40})[-\u00ad]$")
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
    after = {place + 1 for place in furniture}
    kept = [
        replace(line, opens_page=line.opens_page or place in after)
        for place, line in enumerate(lines)
        if place not in furniture
    ]
    return kept, repairs


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Places of lines that belong to the page. A bare number counts beside a page break only."""
    edges = _page_edges(lines)
    found = {place for place in edges if _PAGE_NUMBER.match(lines[place].text)}
    found |= {place for place, line in enumerate(lines) if _NAMED_PAGE_NUMBER.match(line.text)}
    repeated = Counter(_shape(lines[place].text) for place in edges)
    return found | {place for place in edges if repeated[_shape(lines[place].text)] >= _MANY_PAGES}


def _page_edges(lines: Sequence[Line]) -> set[int]:
    """Places of the last line before each page break and of the first after it, empty lines aside."""
    edges: set[int] = set()
    last, is_new_page = None, False
    for place, line in enumerate(lines):
        is_new_page = is_new_page or line.opens_page
        if not line.text:
            continue
        if is_new_page:
            edges |= {place} if last is None else {last, place}
        last, is_new_page = place, False
    return edges if last is None or not edges else edges | {last}


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", fold(text))


def join(lines: Sequence[Line], lexicon: Lexicon) -> Draft:
    """One passage of lines, empty ones among them. A gap inside is on record, and words cut by a hyphen are whole."""
    pieces: list[str] = []
    starts: list[tuple[int, int]] = []
    repairs: list[Repair] = []
    size, is_gap = 0, False
    for line in lines:
        if not line.text:
            is_gap = bool(pieces)
            continue
        last, first = (pieces[-1].split(" ")[-1] if pieces else ""), line.text.split(" ")[0]
        if whole := _whole_word(last, first, lexicon):
            repairs.append(Repair(line.number, f"{last} {first}", whole, Rule.HYPHEN))
            kept = whole[: len(whole) - len(first)]
            pieces[-1] = pieces[-1][: len(pieces[-1]) - len(last)] + kept
            size -= len(last) - len(kept)
        elif is_gap:
            repairs.append(Repair(line.number, f"{last} ¶ {first}", f"{last} {first}", Rule.CUT))
        piece = line.text if not pieces or whole or last.endswith(("’", "'")) else " " + line.text
        starts.append((size, line.number))
        pieces.append(piece)
        size, is_gap = size + len(piece), False
    draft = Draft("".join(pieces), starts or [(0, 1)])
    draft.repairs += repairs
    return draft


def _whole_word(last: str, first: str, lexicon: Lexicon) -> str | None:
    """The word where a line ends in « identi- » and the next begins with « fiant », else None.

    « eux- » and « mêmes » keep their hyphen: without it they would be no word.
    """
    match = _HYPHEN_AT_END.search(last)
    letters = re.match(r"[^\W\d_]+", first)
    if not match or not letters:
        return None
    is_word = lexicon.spellings(match["head"] + letters.group())
    return last[: match.end("head")] + ("" if is_word else "-") + first
