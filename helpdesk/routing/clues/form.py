"""What the form's fields on the school tell. They are typed for the school, so they are strong."""

from collections.abc import Callable, Sequence

from helpdesk.intake.message import SchoolHint
from helpdesk.routing import postal_codes
from helpdesk.routing import uai as codes
from helpdesk.routing.academy import UNKNOWN_CODE
from helpdesk.routing.clues import signs
from helpdesk.routing.clues.finding import weigh
from helpdesk.routing.clues.meant import is_meant
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.places import Places
from helpdesk.routing.clues.reading import Reading
from helpdesk.routing.clues.spot import PLACING, Spot, spot
from helpdesk.routing.clues.whose import context
from helpdesk.routing.communes import name_key
from helpdesk.routing.decision import Clue, Strength
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_names import read_town
from helpdesk.routing.schools import School, SchoolDirectory

Read = Callable[[str, str], Reading]  # a text and the name of its field
_FIELD_AT_MOST = 300  # characters


def clues_of_form(
    hint: SchoolHint, geography: Geography, places: Places, read: Read, directory: SchoolDirectory | None
) -> list[Clue]:
    """Clues of all fields that were filled in."""
    clues: list[Clue] = []
    if not hint:
        return clues
    if hint.uai:
        clues += _of_code(hint.uai[:_FIELD_AT_MOST], geography, directory)
    commune = _commune(hint, places, read)
    clues += _of_place(hint, commune, geography)
    if hint.name:
        told = [clue for clue in clues if clue.academies]
        clues += _of_name(read(hint.name[:_FIELD_AT_MOST], "school.name"), geography, places, told)
    if directory is not None and not any(clue.uai for clue in clues):
        mentions = [commune[1]] if commune else places.mentions(read(hint.name[:_FIELD_AT_MOST], "school.name"))
        clues += _of_directory(hint, directory, mentions, clues)
    return clues


def uai_clue(
    code: str, words: str, field: str, start: int, geography: Geography, directory: SchoolDirectory | None
) -> Clue:
    """The clue of something that looks like a school code, in normal form; with a wrong letter it points nowhere."""
    end = start + len(words)
    if not codes.is_right(code):
        return Clue("uai-wrong", code, (), Strength.WEAK, words, field, start, end)
    department = codes.department(code)
    academies = geography.academies_of([department]) if department else ()
    school = directory.by_uai(code) if directory is not None else None
    if school is not None:
        return school_clue([school], "uai", code, Strength.STRONG, words, field, start)
    if not academies:
        return Clue(UNKNOWN_CODE, code, (), Strength.STRONG, words, field, start, end)
    if directory is not None and department and directory.covers([department]):
        # One slip in twenty-three leaves the letter right: a code that no school bears must not win over a town.
        return Clue("uai-unlisted", code, academies, Strength.WEAK, words, field, start, end)
    return Clue("uai", code, academies, Strength.STRONG, words, field, start, end, code)


def school_clue(
    schools: Sequence[School], kind: str, value: str, strength: Strength, words: str, field: str, start: int
) -> Clue:
    """The clue of one school of the directory, or of several that nothing tells apart."""
    academies = tuple(sorted({school.academy for school in schools}))
    if all(school.agricultural for school in schools):
        kind, academies = "agricultural", ()
    uai = schools[0].uai if len(schools) == 1 else ""
    return Clue(kind, value, academies, strength, words, field, start, start + len(words), uai)


def _of_code(typed: str, geography: Geography, directory: SchoolDirectory | None) -> list[Clue]:
    code = codes.normal_form(typed)
    if code is None:
        return []
    words = typed.strip()
    return [uai_clue(code, words, "school.uai", typed.index(words), geography, directory)]


def _commune(hint: SchoolHint, places: Places, read: Read) -> tuple[Reading, Mention] | None:
    if not hint.commune:
        return None
    reading = read(hint.commune[:_FIELD_AT_MOST], "school.commune")
    mentions = [m for m in places.mentions(reading, expected=True) if m.kind not in ("number", "postal-code", "ent")]
    return (reading, mentions[0]) if mentions else None


def _of_place(hint: SchoolHint, commune: tuple[Reading, Mention] | None, geography: Geography) -> list[Clue]:
    key = [commune[1].key] if commune else []
    typed = "".join(char for char in hint.postal_code[:20] if not char.isspace())
    typed = typed[:5] if typed[:5].isdecimal() else typed  # « 51084 CEDEX »
    department = postal_codes.department(typed, key) if typed else None
    if department is None and typed and geography.academy_of(typed.upper().zfill(2)):
        department = typed.upper().zfill(2)  # « 38 » for the code: the département at least
    clues = []
    if department and (academies := geography.academies_of([department])):
        code = hint.postal_code
        clues.append(Clue("postal-code", typed, academies, Strength.STRONG, code, "school.postal_code", 0, len(code)))
    if commune is not None:
        reading, mention = commune
        if department in mention.departments and mention.candidates:
            mention = mention.narrowed(frozenset({department}), mention.value, mention.first, mention.last)
        here = _schools_spot(reading, [0] * len(reading.words), mention)
        if (finding := weigh(here, geography, own_child=False)) is not None:
            clues.append(finding.clue)
    return clues


def _of_name(reading: Reading, geography: Geography, places: Places, told: Sequence[Clue]) -> list[Clue]:
    """Places in the name of the school. Where fields made for it have told the place, another one in the name is only a
    part of the name, unless the school is said to be at it.
    """
    marks = signs.mark(reading.words)
    clues = []
    for mention in places.mentions(reading):
        here = _schools_spot(reading, marks, mention)
        finding = weigh(here, geography, own_child=False)
        if finding is None or not is_meant(here, places.postal_codes):
            continue
        academies = set(finding.clue.academies)
        if not academies or here.before in PLACING or all(academies.intersection(clue.academies) for clue in told):
            clues.append(finding.clue)
    return clues


def _schools_spot(reading: Reading, marks: list[int], mention: Mention) -> Spot:
    """The spot of a mention in a field that is about the school, now."""
    found = context(reading, marks, mention)
    found.owner = found.owner if found.owner == signs.ACADEMY else signs.SCHOOL
    found.time = signs.NOW
    return spot(reading, marks, mention, found)


def _of_directory(
    hint: SchoolHint, directory: SchoolDirectory, mentions: Sequence[Mention], told: Sequence[Clue]
) -> list[Clue]:
    """The school that was typed. Several that nothing tells apart are a clue where no field told the académie."""
    schools = directory.candidates(hint.name, hint.commune, hint.postal_code)
    towns = {read_town(school.commune).key for school in schools}
    namesakes = {d for mention in mentions if mention.key in towns for d in mention.departments}
    elsewhere = namesakes - {school.department for school in schools}
    settled = any(clue.kind == "postal-code" for clue in told)
    if not schools or not (settled or directory.covers(elsewhere)):
        return []
    if len(schools) > 1 and any(clue.academies for clue in told):
        return []
    field = "school.name" if hint.name else "school.commune"
    words = hint.name or hint.commune
    value = f"{schools[0].name} ({schools[0].commune})" if len(schools) == 1 else words
    placed = hint.commune or hint.postal_code or any(f" {town}" in f" {name_key(hint.name)}" for town in towns)
    return [school_clue(schools, "school", value, Strength.STRONG if placed else Strength.WEAK, words, field, 0)]
