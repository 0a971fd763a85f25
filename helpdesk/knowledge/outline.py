"""Where a plain text document has its sections, questions and answers.

It has no marks for them, only habits of writing: a question ends in a question mark at the end of a line, an answer
follows it, a heading is short, ends without a stop and stands before a question. Scans disturb the empty lines, so
these only help where they are; no rule stands on them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from helpdesk.knowledge.layout import Line
from helpdesk.knowledge.signs import (
    asks_only,
    dangles,
    has_question_form,
    is_bare,
    is_ended,
    is_item,
    is_title,
    marker_end,
    opens_question,
    without_answer_sign,
    without_number,
    without_question_sign,
)

_HEADING_LENGTH = 120
_FULL_LINE = 40
_QUESTION_LINES = 8
_QUESTION_WORDS = 60


@dataclass
class Entry:
    """Lines of a question and of its answer; an answer begins with a line that is not empty."""

    question: list[Line]
    answer: list[Line] = field(default_factory=list)
    lacks_mark: bool = False

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)


@dataclass
class Part:
    """Lines of a heading, its marker taken off, and the entries under it. No heading before the first one."""

    heading: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Outline:
    """What the document is made of. `left_out` are lines that stand under no question, as a title does."""

    parts: list[Part]
    left_out: list[Line]


def outline(lines: Sequence[Line]) -> Outline:
    """Sort the lines of a document."""
    reader = _Reader(lines)
    parts, left_out = [Part()], []
    place = 0
    while place < len(lines):
        entries = parts[-1].entries
        is_answered = not entries or entries[-1].is_answered
        if heading := reader.heading_at(place, is_first=not entries, may_be_plain=is_answered):
            parts.append(Part(heading[0]))
            place = heading[1]
        elif end := reader.question_at(place, is_first=not entries and bool(parts[-1].heading)):
            _open_entry(entries, list(lines[place:end]))
            place = end
        elif is_answered and (end := reader.unmarked_question_at(place)):
            entries.append(Entry(list(lines[place:end]), lacks_mark=True))
            place = end
        else:
            if entries and (lines[place].text or is_answered):
                entries[-1].answer.append(lines[place])
            elif not entries and _goes_on(parts[-1].heading, lines[place]):
                parts[-1].heading.append(lines[place])
            elif lines[place].text:
                left_out.append(lines[place])
            place += 1
    return Outline([part for part in parts if part.entries], left_out)


def _goes_on(heading: list[Line], line: Line) -> bool:
    """Whether a short line between a heading and its first question is the rest of the heading, torn off."""
    if not heading or not line.text or any(char.isdigit() for char in line.text):
        return False
    return len(line.text) < _FULL_LINE and is_title(line.text)


def _open_entry(entries: list[Entry], question: list[Line]) -> None:
    """A question straight after a question is the rest of it."""
    if entries and not entries[-1].is_answered:
        entries[-1].question += question
    else:
        entries.append(Entry(question))


class _Reader:
    """Looks at places of the document; each look stands by itself."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._ends: dict[int, int | None] = {}
        self._has_markers = any(marker_end(line.text) for line in lines)

    def heading_at(
        self, place: int, *, is_first: bool = False, may_be_plain: bool = True
    ) -> tuple[list[Line], int] | None:
        """The lines of the heading that starts here, without its marker, and the place after them.

        A plain one cannot stand between a question and its answer.
        """
        line = self._lines[place]
        if (end := marker_end(line.text)) is not None:
            rest = self._heading_end(place + 1, line.text[end:])
            first = [replace(line, text=line.text[end:])] if line.text[end:] else []
            return first + list(self._lines[place + 1 : rest]), rest
        return self._plain_heading_at(place, is_first=is_first) if may_be_plain and not self._has_markers else None

    def question_at(self, place: int, *, is_first: bool = False) -> int | None:
        """The place after the question that starts here; the first below a heading needs no other sign."""
        line = self._lines[place]
        if not line.text or not (is_first or self._starts_passage(place)):
            return None
        end = self._question_end(place)
        is_apart = is_first or place == 0 or not self._lines[place - 1].text or line.opens_page
        return end if end and (is_apart or has_question_form(self._text(place, end))) else None

    def unmarked_question_at(self, place: int) -> int | None:
        """The place after a question whose mark is lost: it opens like one, stands apart, and a statement follows."""
        if not self._lines[place].text or not opens_question(self._lines[place].text):
            return None
        end = next((i for i in range(place, len(self._lines)) if not self._lines[i].text), len(self._lines))
        text = self._text(place, end)
        following = self._next_text(end)
        if not is_bare(text) or len(text.split()) > _QUESTION_WORDS or following is None:
            return None
        return None if self._question_end(following) or self.heading_at(following) else end

    def _plain_heading_at(self, place: int, *, is_first: bool) -> tuple[list[Line], int] | None:
        """A heading without a marker: numbered, in capitals, or a short line by itself, and then a question."""
        line = self._lines[place]
        text = without_number(line.text)
        is_shown = text != line.text or (line.text.isupper() and len(line.text) > 3)
        is_apart = is_first or place == 0 or not self._lines[place - 1].text or line.opens_page
        if not text or not (is_shown or (text[0].isupper() and is_apart)):
            return None
        if not is_first and not self._is_settled(place):
            return None
        end = self._heading_end(place + 1, line.text) if self._wraps(place) else place + 1
        title, following = self._text(place, end), self._next_text(end)
        if len(title) > _HEADING_LENGTH or not is_title(title) or following is None:
            return None
        question = self._question_end(following)
        stands_apart = is_shown or not self._lines[end].text or opens_question(self._lines[end].text)
        if not question or self._question_end(place) not in (None, question) or not stands_apart:
            return None
        return [replace(line, text=text), *self._lines[place + 1 : end]], end

    def _wraps(self, place: int) -> bool:
        """Whether a plain heading goes on in the next line, rather than a title standing above it."""
        line, following = self._lines[place].text, self._lines[place + 1].text if place + 1 < len(self._lines) else ""
        return len(line) >= _FULL_LINE or dangles(line) or following[:1].islower()

    def _heading_end(self, place: int, so_far: str) -> int:
        """The place after a heading that may wrap: up to an empty line or to a question."""
        while place < len(self._lines) and len(so_far) < _HEADING_LENGTH:
            text = self._lines[place].text
            if not text and so_far and not dangles(so_far):
                return place
            if text and (marker_end(text) is not None or self._is_question_opening(place, so_far)):
                return place
            so_far = f"{so_far} {text}".strip()
            place += 1
        return place

    def _is_question_opening(self, place: int, heading: str) -> bool:
        """Whether a question starts here, below `heading`, rather than on one of the next lines."""
        end, text = self._question_end(place), self._lines[place].text
        if end is None:
            return False
        if opens_question(text):
            return True
        if heading and (text[0].islower() or dangles(heading)):
            return False
        return not any(opens_question(line.text) for line in self._lines[place + 1 : end])

    def _question_end(self, place: int) -> int | None:
        """The place after the lines from here that make one question, or several that follow on one line."""
        if place not in self._ends:
            self._ends[place] = self._find_question_end(place)
        return self._ends[place]

    def _find_question_end(self, place: int) -> int | None:
        text = ""
        for here in range(place, min(place + _QUESTION_LINES, len(self._lines))):
            line = self._lines[here].text
            if not line:
                following = self._next_text(here)
                if not text or following is None:
                    return None
                if not self._lines[following].text[0].islower() and (is_ended(text) or not has_question_form(text)):
                    return None
                continue
            if marker_end(line) is not None:
                return None
            text = f"{text} {line}".strip()
            if not asks_only(text) or len(text.split()) > _QUESTION_WORDS:
                return None
            if text.rstrip('»"” )').endswith("?"):
                return here + 1
        return None

    def _starts_passage(self, place: int) -> bool:
        line = self._lines[place]
        if place == 0 or line.opens_page or self._is_settled(place):
            return True
        return not self._lines[place - 1].text and not line.text[0].islower()

    def _is_settled(self, place: int) -> bool:
        """Whether what stands before is finished: nothing, or a full stop."""
        before = next((self._lines[i].text for i in range(place - 1, -1, -1) if self._lines[i].text), "")
        return not before or is_ended(before) or self._lines[place].opens_page

    def _text(self, place: int, end: int) -> str:
        return " ".join(line.text for line in self._lines[place:end] if line.text)

    def _next_text(self, place: int) -> int | None:
        return next((i for i in range(place, len(self._lines)) if self._lines[i].text), None)


def question_lines(entry: Entry) -> list[Line]:
    """The lines of a question without « Q : », « 3. » or a bullet before it."""
    first, *rest = entry.question
    return [replace(first, text=without_question_sign(first.text)), *rest]


def answer_passages(entry: Entry) -> list[list[Line]]:
    """The lines of an answer, passage by passage. An empty line inside a sentence parts nothing; a list item does."""
    passages: list[list[Line]] = []
    is_gap = True
    for line in entry.answer:
        if not line.text:
            is_gap = True
            if passages:
                passages[-1].append(line)
            continue
        if not passages:
            line = replace(line, text=without_answer_sign(line.text))
        if not passages or is_item(line.text) or (is_gap and _parts(passages[-1], line)):
            passages.append([])
        passages[-1].append(line)
        is_gap = False
    return passages


def _parts(passage: list[Line], line: Line) -> bool:
    """Whether an empty line between the two parts passages, rather than cutting a sentence."""
    before = next(each.text for each in reversed(passage) if each.text)
    if line.text[0].islower() or line.text[0] in ",;)»":
        return False
    return is_ended(before) or not dangles(before)
