"""What an import would change: the entries of two documents paired, and what became of each."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz

from helpdesk.knowledge.document import Document, Question, addressed, slug_of
from helpdesk.text import fold

_ALIKE = 75


class Kind(StrEnum):
    """What became of an entry. A changed one may have moved too."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and the title of its section."""

    section: str
    question: Question


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that is not as it was. `slug` is the address it has from now on; `before` holds the former one.

    The two differ only where the new document gives another address itself: the former then needs a redirect.
    """

    kind: Kind
    slug: str
    before: Placed | None
    after: Placed | None


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """What turns `old`, as it is kept, into `new`: first what the new document holds, in its order, then what is gone.

    An entry is known again by its address, else by the same question, else by a like one: a reworded question keeps
    its address.
    """
    before, after = _placed(addressed(old)), _placed(new)
    pairs = _pairs(before, after)
    stayed = _in_order([pairs.get(place, -1) for place in range(len(after))])
    taken = {entry.question.slug for entry in before} | {entry.question.slug for entry in after}
    found = []
    for place, entry in enumerate(after):
        former = before[pairs[place]] if place in pairs else None
        slug = entry.question.slug or (former.question.slug if former else slug_of(entry.question.question, taken))
        taken.add(slug)
        entry = replace(entry, question=replace(entry.question, slug=slug))
        kind = _kind(former, entry, place in stayed)
        if kind:
            found.append(Change(kind, slug, former, entry))
    gone = [entry for place, entry in enumerate(before) if place not in pairs.values()]
    return (*found, *(Change(Kind.GONE, entry.question.slug, entry, None) for entry in gone))


def _placed(document: Document) -> list[Placed]:
    return [Placed(section.title, question) for section in document.sections for question in section.questions]


def _kind(former: Placed | None, entry: Placed, stayed: bool) -> Kind | None:
    if former is None:
        return Kind.ADDED
    if former.question != entry.question:
        return Kind.CHANGED
    return None if stayed and former.section == entry.section else Kind.MOVED


def _pairs(before: list[Placed], after: list[Placed]) -> dict[int, int]:
    """Places of `after` → places of `before`, each used once. The surest signs go first."""
    pairs: dict[int, int] = {}
    for is_same in (_has_the_address, _asks_the_same_there, _asks_the_same):
        for place, entry in enumerate(after):
            used = set(pairs.values())
            free = (i for i, former in enumerate(before) if i not in used and is_same(entry, former))
            if place not in pairs and (match := next(free, None)) is not None:
                pairs[place] = match
    used = set(pairs.values())
    likes = sorted(
        ((_likeness(entry, former), -place, -match) for place, entry in enumerate(after) if place not in pairs
         for match, former in enumerate(before) if match not in used),
        reverse=True,
    )  # fmt: skip
    for score, place, match in likes:
        if score >= _ALIKE and -place not in pairs and -match not in pairs.values():
            pairs[-place] = -match
    return pairs


def _has_the_address(one: Placed, other: Placed) -> bool:
    return one.question.slug == other.question.slug


def _asks_the_same(one: Placed, other: Placed) -> bool:
    return fold(one.question.question) == fold(other.question.question)


def _asks_the_same_there(one: Placed, other: Placed) -> bool:
    return one.section == other.section and _asks_the_same(one, other)


def _likeness(one: Placed, other: Placed) -> float:
    """0 to 100. A shared answer vouches for a question put in other words."""
    asked = fuzz.token_sort_ratio(fold(one.question.question), fold(other.question.question))
    answered = fuzz.ratio(fold(one.question.answer), fold(other.question.answer))
    return max(asked, (asked + 2 * answered) / 3 if answered > 90 else 0)


def _in_order(places: list[int]) -> set[int]:
    """Positions whose values, -1 aside, keep their order: a longest rising row, so that one entry that moved is one."""
    tails: list[int] = []
    tail_positions: list[int] = []
    previous: dict[int, int] = {}
    for position, value in enumerate(places):
        if value < 0:
            continue
        rank = bisect_left(tails, value)
        tails[rank : rank + 1] = [value]
        tail_positions[rank : rank + 1] = [position]
        if rank:
            previous[position] = tail_positions[rank - 1]
    kept: set[int] = set()
    position = tail_positions[-1] if tail_positions else -1
    while position >= 0:
        kept.add(position)
        position = previous.get(position, -1)
    return kept
