"""A clue while it is being weighed: what it says, whose place it is, how strong that makes it."""

from dataclasses import dataclass

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention, plausible
from helpdesk.routing.clues.spot import Spot
from helpdesk.routing.clues.whose import Context
from helpdesk.routing.clues.zones import Zone
from helpdesk.routing.decision import Clue, Strength
from helpdesk.routing.geography import Geography

_FAMILY = words("maman mere pere papa parent parents eleve fils fille enfant tuteur tutrice responsable")
_AROUND_PARIS = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})
_SCHOOLS_PLACE = (signs.SCHOOL, signs.ACADEMY)
_NEAR_ITS_SCHOOL = 5  # words
_NO_PLACE_OF_OURS = (signs.WORK, signs.ELSEWHERE)


@dataclass(slots=True)
class Finding:
    """A clue with the context it was found in. `at` is the index of its first word, -1 outside of the text's words."""

    clue: Clue
    context: Context
    at: int
    zone: Zone = Zone.FRESH

    @property
    def is_the_schools(self) -> bool:
        return self.clue.strength == Strength.STRONG


def weigh(spot: Spot, geography: Geography, own_child: bool, leaving: bool = False) -> Finding | None:
    """The finding that a mention makes, None if its place does not count: a former school, an office, a job.

    `own_child` tells that the writer speaks of a child of theirs, `leaving` that an account is to be erased: then
    it may be that of a former school.
    """
    reading, mention = spot.reading, spot.mention
    zone = reading.zones[mention.first]
    strength = _strength(spot, zone, own_child)
    if strength is None and leaving and spot.context.time == signs.PAST and spot.owned_by(signs.SCHOOL):
        strength = Strength.LAST
    if strength is None:
        return None
    academies, near = _academies(mention, spot.context, geography)
    if near:
        strength = Strength.WEAK
    start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
    clue = Clue(
        kind="abroad" if mention.kind == "foreign" else mention.kind,
        value=_value(mention),
        academies=academies,
        strength=strength,
        words=reading.text[start:end],
        field=reading.field,
        start=start,
        end=end,
    )
    return Finding(clue, spot.context, mention.first, zone)


def _strength(spot: Spot, zone: Zone, own_child: bool) -> Strength | None:
    context, kind = spot.context, spot.mention.kind
    if context.time == signs.PAST or context.owner in _NO_PLACE_OF_OURS or context.work == "other":
        return None
    if kind in ("ent", "agricultural", "abroad", "cned"):
        return Strength.STRONG if zone == Zone.FRESH else Strength.WEAK
    if kind == "foreign" and not _is_school_abroad(spot):
        return None
    if zone == Zone.QUOTED:
        return Strength.WEAK if context.owner == signs.SCHOOL else None
    if zone == Zone.SIGNATURE:
        return _in_signature(spot)
    if context.work == "writer" and own_child:
        return Strength.WEAK
    of_the_child = context.owner == signs.CHILD and context.time in (signs.NOW, signs.FUTURE)
    return Strength.STRONG if of_the_child or context.owner in _SCHOOLS_PLACE else Strength.WEAK


def _is_school_abroad(spot: Spot) -> bool:
    """« au collège à Casablanca », but not « au collège à Lyon, j'ai un numéro en Belgique »."""
    near = 0 < spot.mention.first - spot.context.governor <= _NEAR_ITS_SCHOOL
    return near and spot.owned_by(signs.SCHOOL, signs.CHILD)


def _in_signature(spot: Spot) -> Strength | None:
    """« maman de Léa, 5e B, collège de Sète » tells of the school; a firm's address tells nothing."""
    reading, mention = spot.reading, spot.mention
    if spot.owned_by(*_SCHOOLS_PLACE):
        family = _FAMILY.intersection(reading.words[spot.context.start : mention.last])
        return Strength.STRONG if family else Strength.WEAK
    parallel = zip(reading.zones, spot.marks, strict=True)
    if any(zone == Zone.SIGNATURE and mark & signs.COMPANY for zone, mark in parallel):
        return None
    return Strength.WEAK if mention.settled or mention.kind == "postal-code" else None


def _academies(mention: Mention, context: Context, geography: Geography) -> tuple[tuple[str, ...], bool]:
    if mention.kind == "foreign":
        return (), False
    departments = mention.departments
    if mention.candidates and not mention.settled:
        departments = plausible(mention.candidates) & departments
    if context.near and "75" in departments:
        return geography.academies_of(_AROUND_PARIS), True
    if mention.academies and not departments:
        return mention.academies, context.near
    return geography.academies_of(departments), context.near


def _value(mention: Mention) -> str:
    if mention.kind == "commune" and not mention.settled and len(mention.departments) == 1:
        return f"{mention.value} ({next(iter(mention.departments))})"
    return mention.value
