"""What an office document holds, whatever its program: headings, paragraphs and items in their order, read as Q&A.

blocks ─► headings that ask are questions, those one level above are sections ─► the reviewed form
       ─► no heading asks ─► plain lines, read like a scan
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ONLY_SECTION = "Questions et réponses"
_MARKUP = re.compile(r"([\\*\[\]`])")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. `level` is that of a heading, 0 for other text; `mark` is « - » or « 1. » for an item."""

    text: str
    level: int = 0
    mark: str = ""


def reviewed_form(blocks: Sequence[Block]) -> tuple[str, list[str]] | None:
    """The blocks as a text in the reviewed form, and what stands before the first question of it and was left out; None
    where no level of headings asks questions.
    """
    asking = _asking_level(blocks)
    if asking is None:
        return None
    above = [block.level for block in blocks if 0 < block.level < asking]
    sections = max(above, default=0)
    lines: list[str] = []
    left_out: list[str] = []
    after_item = inside = False
    has_section = False
    for block in blocks:
        if 0 < block.level < sections or (not inside and block.level not in (sections, asking)):
            left_out.append(block.text)
        elif block.level and block.level == sections:
            lines += ["", f"# {block.text}", ""]
            inside, has_section = False, True
        elif block.level == asking:
            lines += [] if has_section else ["", f"# {_ONLY_SECTION}", ""]
            lines += ["", f"## {block.text}", ""]
            inside = has_section = True
        else:
            together = bool(block.mark) and after_item
            lines += [_line(block)] if together else ["", _line(block)]
        after_item = bool(block.mark)
    return "\n".join(_without_empty(lines)) + "\n", left_out


def plain_lines(blocks: Sequence[Block]) -> str:
    """One line a block, as a scan would have it."""
    return "\n".join(f"{block.mark} {block.text}".strip() for block in blocks) + "\n"


def _asking_level(blocks: Sequence[Block]) -> int | None:
    for level in sorted({block.level for block in blocks if block.level}):
        headings = [block.text for block in blocks if block.level == level]
        if 2 * sum("?" in text for text in headings) >= len(headings):
            return level
    return None


def _line(block: Block) -> str:
    text = _MARKUP.sub(r"\\\1", block.text)
    if block.level:
        return f"### {text}"
    if block.mark:
        return f"{block.mark} {text}"
    return f"\\{text}" if text.startswith("#") else text  # no heading of the form; typed « 1. » and « - » are items


def _without_empty(lines: Sequence[str]) -> list[str]:
    """A section without questions has nothing to say; lines of one only stay."""
    kept: list[str] = []
    for place, line in enumerate(lines):
        following = next((each for each in lines[place + 1 :] if each), "# ")
        if line.startswith("# ") and following.startswith("# "):
            continue
        kept.append(line)
    return kept
