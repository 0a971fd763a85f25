"""Schools named in a text, looked up in the directory: « mon fils est au collège de la Fontaine à Sète »."""

from collections.abc import Sequence
from dataclasses import replace

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.finding import Finding
from helpdesk.routing.clues.form import school_clue
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.reading import Break, Reading
from helpdesk.routing.clues.whose import context
from helpdesk.routing.clues.zones import Zone
from helpdesk.routing.decision import Clue, Strength
from helpdesk.routing.schools import School, SchoolDirectory

_NOUNS = words(
    """
    college clg coll colege colleg lycee lyc lyce licee lp lep lgt lpo ecole ecol maternelle elementaire primaire
    segpa erea institution
    """
)
_ENDS = words(
    """
    mais qui car est sont ou pour depuis dans avec il elle ils elles je j nous on mon ma mes son sa ses notre et
    impossible quand comme si ne n que qu dont en cette ce cet actuellement ca
    """
)
_BEFORE_A_TOWN = words("a de d du des au en sur la le les l academie ville commune departement et")
_NAME_AT_MOST = 9  # words
_LOOKED_UP_AT_MOST = 4  # schools of one message: a list of them tells of no child's


def schools_told(
    reading: Reading, marks: list[int], places: Sequence[tuple[Finding, Mention]], directory: SchoolDirectory
) -> list[Finding]:
    """A finding for each school that is named and that the directory knows, with the strength of its town."""
    found: list[Finding] = []
    looked_up: set[tuple[str, ...]] = set()
    for start in _nouns(reading):
        end = _end(reading, start)
        said = tuple(reading.words[start:end])
        if len(said) < 2 or said in looked_up:
            continue
        if len(looked_up) == _LOOKED_UP_AT_MOST:
            break
        looked_up.add(said)
        towns = [place for place in places if start < place[1].first < end + 3 or place[0].context.governor == start]
        finding = _with_town(reading, start, end, towns, directory) if towns else None
        finding = finding or (None if towns else _alone(reading, marks, start, end, directory))
        if finding is not None:
            found.append(finding)
    return found


def _nouns(reading: Reading) -> list[int]:
    """Where a school's name may begin: « école » of « école élémentaire », not « élémentaire »."""
    return [
        index
        for index, word in enumerate(reading.words)
        if word in _NOUNS
        and reading.zones[index] != Zone.QUOTED
        and not (index and reading.words[index - 1] in _NOUNS and reading.breaks[index] == Break.NONE)
    ]


def _end(reading: Reading, start: int) -> int:
    """Just past the last word that may belong to the name or its town."""
    end = start + 1
    while end < min(start + _NAME_AT_MOST, len(reading.words)) and reading.breaks[end] == Break.NONE:
        word = reading.words[end]
        if word in _ENDS and not (reading.cased and reading.capital(end)) and not _joins_names(reading, end):
            break
        end += 1
    return end


def _joins_names(reading: Reading, index: int) -> bool:
    """« Pierre et Marie Curie »."""
    following = index + 1 < len(reading.words) and reading.capital(index + 1)
    return reading.words[index] == "et" and reading.cased and following


def _with_town(
    reading: Reading,
    start: int,
    end: int,
    towns: Sequence[tuple[Finding, Mention]],
    directory: SchoolDirectory,
) -> Finding | None:
    for finding, mention in reversed(towns):
        last = min(end, mention.first) if mention.first > start else end
        while last > start + 1 and reading.words[last - 1] in _BEFORE_A_TOWN:
            last -= 1
        name = reading.written(start, last)
        code = mention.value if mention.kind == "postal-code" else ""
        commune = "" if code else mention.key
        if not (code or commune):
            continue
        schools = [
            school
            for school in directory.candidates(name, commune, code)
            if not mention.departments or school.department in mention.departments
        ]
        elsewhere = mention.departments - {school.department for school in schools}
        if schools and directory.covers(elsewhere):
            written = reading.written(min(start, mention.first), max(last, mention.last))
            clue = _clue(schools, finding.clue, written, reading.starts[min(start, mention.first)])
            return None if clue is None else replace(finding, clue=clue, at=start)
    return None


def _clue(schools: Sequence[School], place: Clue, written: str, start: int) -> Clue | None:
    """Of several schools only one that leaves fewer académies than the town is worth telling."""
    clue = school_clue(schools, "school", _value(schools, written), place.strength, written, place.field, start)
    narrows = bool(clue.academies) and len(clue.academies) < len(place.academies)
    return clue if clue.uai or narrows else None


def _alone(reading: Reading, marks: list[int], start: int, end: int, directory: SchoolDirectory) -> Finding | None:
    """A school told without a town that was understood: its name is rare, or holds the town after all."""
    written = reading.written(start, end)
    schools = directory.candidates(written, "", "")
    if len(schools) != 1:
        return None
    here = context(reading, marks, Mention("place", "", end, end))
    if here.time == signs.PAST or here.work == "other":
        return None
    value = _value(schools, written)
    clue = school_clue(schools, "school", value, Strength.WEAK, written, reading.field, reading.starts[start])
    return Finding(clue, here, start, reading.zones[start])


def _value(schools: Sequence[School], written: str) -> str:
    return f"{schools[0].name} ({schools[0].commune})" if len(schools) == 1 else written
