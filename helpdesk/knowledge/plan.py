"""What an import may do to entries that people edit here as well: three sides, no word lost.

What the document says now is held against what it said last and what readers see. Changed on one side only, that side
has it; changed on both, people decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from helpdesk.knowledge.differences import Change, Kind, Placed, changes
from helpdesk.knowledge.document import Document, Question
from helpdesk.vocabulary import Readers


class Verdict(StrEnum):
    """What is to be done with a change."""

    APPLY = "apply"
    KEEP = "keep"  # edited here, the document says what it always said
    ASK = "ask"  # edited here and in the document


@dataclass(frozen=True, slots=True)
class Here:
    """What is known of an entry beside what readers see. `said` is what a document said of it last, None if it was made
    here; `hidden` if people took it away or have not published it yet; `versions` are its former texts by number.
    """

    said: Placed | None
    hidden: bool = False
    versions: Mapping[int, Placed] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a document and the verdict on it."""

    change: Change
    verdict: Verdict

    @property
    def slug(self) -> str:
        """The address of the entry from now on; unique in a plan."""
        return self.change.slug


def plan(stored: Document, document: Document, here: Mapping[str, Here]) -> tuple[Step, ...]:
    """Each change that leads from `stored` to `document`; `here` knows the entries by their present address. What was
    made here and is in no document is none.
    """
    steps = []
    for change in changes(stored, document):
        known = here.get(change.before.question.slug if change.before else change.slug)
        if change.kind is Kind.GONE and known is not None and known.said is None:
            continue
        steps.append(Step(change, _verdict(change, known)))
    return tuple(steps)


def without_address(placed: Placed) -> Placed:
    """The content alone: section, question, answer, audience."""
    return replace(placed, question=replace(placed.question, slug="", version=0))


def as_said(placed: Placed) -> dict[str, Any]:
    """The form in which an entry remembers what a document said."""
    question = placed.question
    return {
        "section": placed.section,
        "question": question.question,
        "answer": question.answer,
        "readers": question.audience.value,
    }


def from_said(said: Mapping[str, Any]) -> Placed:
    """Back from `as_said`."""
    return Placed(said["section"], Question(said["question"], said["answer"], Readers(said["readers"])))


def _verdict(change: Change, known: Here | None) -> Verdict:
    before, after = change.before, change.after
    if known is None:
        return Verdict.APPLY
    if before is None:
        return Verdict.ASK if known.hidden else Verdict.APPLY
    ours = without_address(before)
    theirs = without_address(after) if after else None
    # What both sides may have started from: the version that an export names, and what the document said last.
    named = (known.versions or {}).get(after.question.version) if after else None
    bases = [base for base in (named, known.said) if base is not None]
    if ours == theirs or (known.said is not None and after is None and ours == known.said):
        return Verdict.APPLY
    if theirs in bases:
        return Verdict.KEEP
    return Verdict.APPLY if ours in bases else Verdict.ASK
