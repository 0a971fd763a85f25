"""A text under repair, and the record of everything that was done to it."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

_LONGEST_SHOWN = 60


class Rule(StrEnum):
    """Why something was changed. The value is what the dry run shows."""

    FURNITURE = "habillage de page"
    LEFT_OUT = "ligne hors de toute question"
    UNANSWERED = "question sans réponse"
    CUT = "passage coupé"
    HYPHEN = "mot coupé en fin de ligne"
    MARK = "point d’interrogation"
    SPACE = "espaces"
    QUOTE = "guillemets"
    LIGATURE = "ligature"
    APOSTROPHE = "apostrophe"
    ACCENT = "accents"
    LETTER = "lettres confondues, en trop ou manquantes"
    TOGETHER = "mots collés"
    APART = "mot coupé"
    NAME = "nom propre ou sigle"
    CAPITAL = "majuscule de titre"
    CONTEXT = "mot choisi d’après ses voisins"


@dataclass(frozen=True, slots=True)
class Repair:
    """One change. `line` is the line of the source, from 1; `before` and `after` show the words it touched."""

    line: int
    before: str
    after: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` is to become `new`."""

    start: int
    end: int
    new: str
    rule: Rule


class Draft:
    """One passage of the source, its lines joined. `lines` are (place in the text, line of the source), in order."""

    def __init__(self, text: str, lines: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.repairs: list[Repair] = []
        self._latest: dict[tuple[int, str, Rule], int] = {}
        self._starts = [start for start, _ in lines]
        self._lines = [line for _, line in lines]

    def line_at(self, place: int) -> int:
        """The line of the source that stands at `place` of the present text."""
        return self._lines[max(bisect_right(self._starts, place) - 1, 0)]

    def apply(self, edits: Iterable[Edit]) -> None:
        """Make the changes, which may not overlap, and record those that change something."""
        kept = sorted((edit for edit in edits if self.text[edit.start : edit.end] != edit.new), key=lambda e: e.start)
        if not kept:
            return
        for edit in kept:
            self._note(self._record(edit))
        pieces, done, grown, starts = [], 0, 0, deque(self._starts)
        moved = []
        for edit in kept:
            while starts and starts[0] < edit.end:
                moved.append(starts.popleft() + grown)
            pieces += [self.text[done : edit.start], edit.new]
            grown += len(edit.new) - (edit.end - edit.start)
            done = edit.end
        self.text = "".join(pieces) + self.text[done:]
        self._starts = moved + [start + grown for start in starts]

    def _note(self, repair: Repair) -> None:
        """A word that one rule changes twice, step by step, is one repair."""
        place = self._latest.pop((repair.line, repair.before, repair.rule), None)
        if place is None:
            place = len(self.repairs)
            self.repairs.append(repair)
        else:
            self.repairs[place] = replace(repair, before=self.repairs[place].before)
        self._latest[repair.line, repair.after, repair.rule] = place

    def _record(self, edit: Edit) -> Repair:
        start, end = self._word_start(edit.start), self._word_end(edit.end)
        if edit.rule is Rule.CONTEXT:
            start, end = self._word_start(max(start - 1, 0)), self._word_end(min(end + 1, len(self.text)))
        after = self.text[start : edit.start] + edit.new + self.text[edit.end : end]
        return Repair(self.line_at(edit.start), self.text[start:end].strip(), after.strip(), edit.rule)

    def _word_start(self, place: int) -> int:
        start = max(place - _LONGEST_SHOWN, 0)
        return max(self.text.rfind(" ", start, place) + 1, start)

    def _word_end(self, place: int) -> int:
        limit = min(place + _LONGEST_SHOWN, len(self.text))
        end = self.text.find(" ", place, limit)
        return limit if end < 0 else end
