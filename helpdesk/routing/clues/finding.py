"""A clue while it is being weighed: what it says, whose place it is, how strong that makes it."""

from dataclasses import dataclass

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention, plausible
from helpdesk.routing.clues.reading import Reading
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


def weigh(
    reading: Reading, mention: Mention, context: Context, geography: Geography, own_child: bool
) -> Finding | None:
    """The finding that a mention makes, None if its place does not count: a former school, an office, a job."""
    zone = reading.zones[mention.first]
    strength = _strength(reading, mention, context, zone, own_child)
    if strength is None:
        return None
    academies, near = _academies(mention, context, geography)
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
    return Finding(clue, context, mention.first, zone)


def _strength(reading: Reading, mention: Mention, context: Context, zone: Zone, own_child: bool) -> Strength | None:
    if context.time == signs.PAST or context.owner in _NO_PLACE_OF_OURS or context.work == "other":
        return None
    if mention.kind in ("ent", "agricultural", "abroad", "cned"):
        return Strength.STRONG if zone == Zone.FRESH else Strength.WEAK
    if mention.kind == "foreign" and not _is_school_abroad(mention, context):
        return None
    schools = context.owner in _SCHOOLS_PLACE
    if zone == Zone.QUOTED:
        return Strength.WEAK if context.owner == signs.SCHOOL else None
    if zone == Zone.SIGNATURE:
        return _in_signature(reading, mention, context)
    if context.work == "writer" and own_child:
        return Strength.WEAK
    if schools or (context.owner == signs.CHILD and context.time in (signs.NOW, signs.FUTURE)):
        return Strength.STRONG
    return Strength.WEAK


def _is_school_abroad(mention: Mention, context: Context) -> bool:
    """« au collège à Casablanca », but not « au collège à Lyon, j'ai un numéro en Belgique »."""
    return context.owner in (signs.SCHOOL, signs.CHILD) and 0 < mention.first - context.governor <= _NEAR_ITS_SCHOOL


def _in_signature(reading: Reading, mention: Mention, context: Context) -> Strength | None:
    """« maman de Léa, 5e B, collège de Sète » tells of the school; a firm's address tells nothing."""
    if context.owner in _SCHOOLS_PLACE:
        words = reading.words[context.start : mention.last]
        return Strength.STRONG if _FAMILY.intersection(words) else Strength.WEAK
    return Strength.WEAK if mention.settled or mention.kind == "postal-code" else None


def _academies(mention: Mention, context: Context, geography: Geography) -> tuple[tuple[str, ...], bool]:
    if mention.kind == "foreign":
        return (), False
    departments = mention.departments
    if mention.candidates and not mention.settled:
        departments = plausible(mention.key, mention.candidates, context.ecole) & departments
    if context.near and "75" in departments:
        return geography.academies_of(_AROUND_PARIS), True
    if mention.academies and not departments:
        return mention.academies, context.near
    return geography.academies_of(departments), context.near


def _value(mention: Mention) -> str:
    if mention.kind == "commune" and not mention.settled and len(mention.departments) == 1:
        return f"{mention.value} ({next(iter(mention.departments))})"
    return mention.value
