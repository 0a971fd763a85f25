"""Whose a place is and of what time, from the words around it."""

from dataclasses import dataclass

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.reading import Break, Reading

# How many words away each sign is still about the place.
_REACH = {
    signs.SCHOOL: 14,
    signs.HOME: 10,
    signs.CHILD: 7,
    signs.WORK: 5,
    signs.ELSEWHERE: 4,
    signs.OFFICE: 4,
    signs.ACADEMY: 4,
    signs.CLOSING: 12,
}
_FARTHEST = max(_REACH.values())
_BUT = frozenset({"mais", "but", "pero"})  # « il est au lycée mais dort à Pau »
_FROM = frozenset({"de", "du", "d", "des", "depuis", "from"})
_FILLERS = words("son sa leur leurs un une l le la les notre mon ma nouveau nouvelle autre")
_BEING = words("est va a vont sont au en sur dans suit rentre entre is goes esta f fi")
_IS = frozenset({"est", "sont", "is", "esta"})
_AM = frozenset({"suis", "sommes", "am", "soy"})
_KIN = frozenset({"parent", "parents", "seul", "seule", "solo", "actuellement", "aussi", "toujours", "bien"})
_ANOTHER = frozenset({"il", "elle", "ils", "elles", "he", "she", "they"})
_WITH = frozenset({"chez", "avec"})
_THEIRS = frozenset({"leur", "sa", "son"})  # « leur mère à Lille »
_WRITER = frozenset({"je", "j", "nous", "on", "moi", "suis", "i", "we", "ana", "jhabite", "m"})
_ECOLE = words("ecole ecoles ecol maternelle primaire elementaire cp ce1 ce2 cm1 cm2 section")
_LEAVING = ("quitt", "demenag", "mut", "parti", "part")
_AFTER = 8
_SHORT_LINE = 10
_SENTENCE_AT_MOST = 40  # words looked at before a place


@dataclass(slots=True)
class Context:
    """What the words around a mention tell.

    `owner` is the sign that governs it (0 for none) and `governor` the index of its word; `time` one of the signs of
    time or 0. `work` is "writer" or "other" for a school where somebody works. `child` is the last child named before;
    `ecole` that the school is of the first degree; `anothers` that somebody called he or she lives there.
    """

    owner: int = 0
    governor: int = -1
    time: int = 0
    near: bool = False
    work: str = ""
    child: str = ""
    ecole: bool = False
    anothers: bool = False
    start: int = 0


def context(reading: Reading, marks: list[int], mention: Mention) -> Context:
    """The context of a mention. `marks` are the signs of the reading's words."""
    found = Context(start=_sentence_start(reading, marks, mention.first))
    _look_back(reading, marks, mention, found)
    leads_on = mention.last < len(reading.words) and reading.words[mention.last] == "ou"
    if found.owner in (0, signs.CHILD) or (found.owner == signs.HOME and leads_on):
        _look_ahead(reading, marks, mention, found)
    if not found.time:
        _look_for_past_after(reading, marks, mention, found)
    if found.owner in (signs.SCHOOL, signs.ACADEMY, signs.CHILD):
        found.work = _work(reading, marks, found)
    if not found.owner:
        found.owner = _of_what_the_writer_is(reading, marks, found, mention)
    if found.owner == signs.OFFICE and any(
        mark & signs.WORK for mark in marks[max(found.start, found.governor - 4) : found.governor]
    ):
        found.owner = signs.WORK
    if found.owner == signs.HOME:
        found.anothers = reading.words[found.governor - 1] in _ANOTHER if found.governor > 0 else False
        if _is_others_home(reading, marks, found, found.governor):
            found.owner = signs.ELSEWHERE
    if not found.owner and _is_others_home(reading, marks, found, mention.first - 1):
        found.owner = signs.ELSEWHERE
    found.near = any(marks[index] & signs.NEAR for index in range(max(found.start, mention.first - 3), mention.first))
    return found


def _of_what_the_writer_is(reading: Reading, marks: list[int], found: Context, mention: Mention) -> int:
    """« je suis papa à Nantes » tells of the home, « je suis ingénieur à Lyon » of the work."""
    between: list[int] = []
    for index in range(mention.first - 2, max(found.start, mention.first - 6) - 1, -1):
        if reading.breaks[index + 1] != Break.NONE:
            return 0
        if reading.words[index] in _AM:
            kin = any(mark & (signs.OTHER | signs.CHILD | signs.NOW | signs.SCHOOL | signs.STAFF) for mark in between)
            return signs.HOME if kin or not between else signs.WORK
        if reading.words[index] in _KIN:
            return signs.HOME
        between.append(marks[index])
    return 0


def _sentence_start(reading: Reading, marks: list[int], first: int) -> int:
    """Index of the first word that may say something of a mention: its sentence's, or the line above's. `first` may be
    just past the last word.
    """
    index = max(0, min(first, len(reading.words) - 1))
    lines = 0
    while index > max(0, first - _SENTENCE_AT_MOST) and reading.breaks[index] != Break.HARD:
        if reading.breaks[index] == Break.LINE:
            lines += 1
            at_line_start = first - index <= 1
            above = _line_above(reading, index)
            if lines > 2 or not (at_line_start or lines == 2) or index - above > _SHORT_LINE:
                break
            if not any(mark & (signs.SCHOOL | signs.STREET) for mark in marks[above:index]):
                break
        index -= 1
    return index


def _line_above(reading: Reading, index: int) -> int:
    above = index - 1
    while above > 0 and reading.breaks[above] < Break.LINE:
        above -= 1
    return above


def _look_back(reading: Reading, marks: list[int], mention: Mention, found: Context) -> None:
    if mention.first and reading.words[mention.first - 1] == "avant":  # « avant Montauban, maintenant Agen »
        found.time = signs.PAST
    for index in range(mention.first - 1, found.start - 1, -1):
        if reading.words[index] in _BUT and not found.owner:
            break
        mark = marks[index]
        if not mark:
            continue
        if mark & signs.CHILD and not found.child:
            found.child = reading.words[index]
        if not found.owner and (owner := _owner(reading, marks, mention, index)):
            found.owner, found.governor = owner, index
            found.ecole = reading.words[index] in _ECOLE
        if not found.time and mark & signs.TIMES:
            found.time = _time(reading, mark, mention, found, index)


def _owner(reading: Reading, marks: list[int], mention: Mention, index: int) -> int:
    distance = mention.first - index
    if distance > _FARTHEST:
        return 0
    mark = marks[index]
    for sign in (signs.ACADEMY, signs.SCHOOL, signs.HOME, signs.OFFICE, signs.WORK, signs.ELSEWHERE, signs.CLOSING):
        if mark & sign and distance <= _REACH[sign]:
            return sign
    if mark & signs.CHILD and distance <= _REACH[signs.CHILD]:
        return _child_or_home(reading, marks, mention, index)
    before = reading.words[max(0, index - 2) : index]
    apart = distance == 2 and before[-1:] and before[-1] in _THEIRS and before[0] not in _WITH
    if mark & signs.OTHER and apart:
        return 0 if _is_the_writer(reading, index) else signs.ELSEWHERE
    if mark & signs.OTHER and distance <= 6 and _IS.intersection(reading.words[index + 1 : mention.first]):
        return 0 if _is_the_writer(reading, index) else signs.ELSEWHERE
    return 0


def _is_the_writer(reading: Reading, index: int) -> bool:
    """« je suis la mère », but not « avec moi, son père »."""
    first = index
    while first > max(0, index - 3) and reading.breaks[first] == Break.NONE:
        first -= 1
    return bool(_WRITER.intersection(reading.words[first:index]))


def _child_or_home(reading: Reading, marks: list[int], mention: Mention, index: int) -> int:
    """« mon fils est à Lyon » tells of the child; « j'habite avec ma fille à Lyon » of the home; « le collège de mon
    fils à Lyon » of the school.
    """
    for before in range(index - 1, max(-1, index - 6), -1):
        if reading.breaks[before + 1] != Break.NONE:
            break
        if marks[before] & (signs.HOME | signs.SCHOOL):
            return marks[before] & signs.SCHOOL or signs.HOME
    return signs.CHILD if _BEING.intersection(reading.words[index + 1 : mention.first]) else 0


def _time(reading: Reading, mark: int, mention: Mention, found: Context, index: int) -> int:
    if mark & signs.MOVE:
        if _head(reading, mention, found, index) in _FROM:
            return signs.PAST
        found.owner = found.owner or signs.HOME
        return signs.NOW
    if mark & signs.PAST:
        leaving = reading.words[index].startswith(_LEAVING)
        if leaving and _head(reading, mention, found, index) in ("pour", "vers", "a", "au"):
            return signs.NOW
        return signs.PAST
    return mark & signs.FUTURE or signs.NOW


def _head(reading: Reading, mention: Mention, found: Context, after: int) -> str:
    """The preposition that opens the phrase of the mention: before its school if one is named, else before itself."""
    index = mention.first - 1
    if found.owner in (signs.SCHOOL, signs.ACADEMY) and found.governor > after:
        index = found.governor - 1
    while index > after and reading.words[index] in _FILLERS:
        index -= 1
    return reading.words[index]


def _look_ahead(reading: Reading, marks: list[int], mention: Mention, found: Context) -> None:
    """« À Sète, le collège… », « à Lyon où nous habitons », « vit à Lyon où il est scolarisé »: the owner follows."""
    reach = 6 if found.owner == signs.HOME else 4
    for index in range(mention.last, min(mention.last + reach, len(reading.words))):
        if reading.breaks[index] >= Break.LINE:
            return
        owner = marks[index] & (signs.SCHOOL if found.owner else signs.SCHOOL | signs.HOME)
        if owner and reading.words[index] not in _FROM:
            found.owner = signs.SCHOOL if owner & signs.SCHOOL else signs.HOME
            found.governor = index
            found.ecole = reading.words[index] in _ECOLE
            return


def _look_for_past_after(reading: Reading, marks: list[int], mention: Mention, found: Context) -> None:
    """« au collège de Brest l'an dernier », « à l'école de Brest jusqu'en juin »."""
    for index in range(mention.last, min(mention.last + _AFTER, len(reading.words))):
        if reading.breaks[index] >= Break.SOFT or marks[index] & (signs.NOW | signs.GOVERNORS):
            return
        if marks[index] & signs.PAST:
            found.time = signs.PAST
            return


def _work(reading: Reading, marks: list[int], found: Context) -> str:
    for index in range(found.governor - 1, max(found.start, found.governor - 8) - 1, -1):
        mark = marks[index]
        if mark & signs.CHILD:
            return ""
        if not mark & (signs.STAFF | signs.WORK):
            continue
        if mark & signs.WORK and found.governor - index > 5:
            continue
        before = reading.words[max(found.start, index - 4) : index]
        if any(marks[place] & signs.OTHER for place in range(max(found.start, index - 5), index)):
            return "other" if "est" in before or mark & signs.WORK else ""
        if _WRITER.intersection(before) or index - found.start <= 1:
            return "writer"
    return ""


def _is_others_home(reading: Reading, marks: list[int], found: Context, verb: int) -> bool:
    """« son père habite Lyon », « sa mère est à Lyon », but not « je suis sa mère et j'habite Lyon »."""
    before = reading.words[max(found.start, verb - 2) : verb + 1]
    if _WRITER.intersection(before) or (before and before[-1].endswith("ons")):
        return False
    return any(marks[index] & signs.OTHER for index in range(max(found.start, verb - 6), verb))
