"""What the findings of one message say together: present before future, said before quoted, the child in trouble."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from helpdesk.routing.academy import ELSEWHERE, SEVERAL_CHILDREN
from helpdesk.routing.clues import children, signs
from helpdesk.routing.clues.finding import Finding
from helpdesk.routing.clues.lists import phrases, words
from helpdesk.routing.clues.reading import Reading
from helpdesk.routing.clues.zones import Zone
from helpdesk.routing.decision import Clue, Strength

_WIDER_FAMILY = words("grand grands mamie papi papy tante oncle tata tonton marraine parrain voisin voisine")
_PLACES = frozenset({"commune", "departement", "region", "place", "postal-code", "number"})
_PREPOSITIONS = {"a": 2, "au": 2, "in": 2, "f": 2, "de": 1, "d": 1, "du": 1}
_LONG = 30  # words: publicity is not shorter
# « au collège de Sevran, non attendez, de Sèvres ».
_TAKING_BACK = phrases(
    """
    pardon, perdon, sorry, oups, rectification, erratum, je me trompe, me suis trompe, me suis trompee, je veux dire,
    voulais dire, i mean, quiero decir, je corrige, non attendez, attendez non, enfin non, non enfin, euh non,
    non plutot
    """
)
_TAKING_BACK_WORDS = frozenset(phrase.split(" ", 1)[0] for phrase in _TAKING_BACK)
_EXCUSING = frozenset({"de", "d", "du", "pour", "for", "por"})  # « pardon de vous déranger »
_TAKEN_BACK_AT_MOST = 12  # words later


def together(subject: Reading, text: Reading, findings: Sequence[Finding], own_child: bool) -> list[Clue]:
    """The clues that remain of the findings, in their order."""
    findings = _of_the_living(subject, text, findings, own_child)
    findings = _not_taken_back(text, _said_this_time(findings))
    findings = _present_first(findings)
    findings = _own_home_first(findings)
    if _is_of_the_wider_family(text):
        findings = [finding for finding in findings if finding.context.owner not in (0, signs.HOME)]
    findings = _at_rather_than_of(text, findings)
    schools = [f for f in findings if f.is_the_schools and (len(f.clue.academies) == 1 or f.clue.kind in ELSEWHERE)]
    if len({f.clue.academies or (f.clue.kind,) for f in schools}) < 2:
        return [finding.clue for finding in findings]
    told = [finding for finding in schools if finding.clue.field == "text"]
    chosen = children.in_trouble(text, told)
    if chosen is not None:
        dropped = [finding for finding in told if finding not in chosen]
        return [finding.clue for finding in findings if finding not in dropped]
    clues = [finding.clue for finding in findings]
    if children.are_of_several_children(told):
        clues.append(_several_children(told[0].clue))
    return clues


def _of_the_living(subject: Reading, text: Reading, findings: Sequence[Finding], own_child: bool) -> Sequence[Finding]:
    """Without the places of publicity, suppliers and press, which are nobody's school or home."""
    if own_child or not findings:
        return findings
    fresh = (word for word, zone in zip(text.words, text.zones, strict=True) if zone == Zone.FRESH)
    said = {*subject.words, *fresh}
    if selling := said & signs.SELLING:
        return [f for f in findings if f.is_the_schools and len(selling) < 2]
    if len(text.words) >= _LONG and not said & signs.OUR_MATTERS:
        return [f for f in findings if f.context.owner or f.clue.kind == "ent"]
    return findings


def _said_this_time(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Signatures and quotations count only if nothing said decides: their schools, before any home; then an address."""
    kept = [finding for finding in findings if finding.zone == Zone.FRESH]
    aside = [finding for finding in findings if finding.zone != Zone.FRESH]
    schools = [finding for finding in aside if finding.context.owner == signs.SCHOOL]
    others = [finding for finding in aside if finding.context.owner != signs.SCHOOL]
    if _decides(schools) and not any(finding.is_the_schools for finding in kept):
        kept = [finding for finding in kept if finding.context.owner == signs.SCHOOL]
    for told in (schools, others):
        for zone in (Zone.SIGNATURE, Zone.QUOTED):
            of_zone = [finding for finding in told if finding.zone == zone]
            strong = [finding for finding in of_zone if finding.is_the_schools]
            kept += strong if _decides(kept) else of_zone
    return kept


def _not_taken_back(text: Reading, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Without the places that the writer corrects in the same breath."""
    if _TAKING_BACK_WORDS.isdisjoint(text.words):
        return findings
    told = sorted((f for f in findings if f.clue.field == "text" and f.clue.kind in _PLACES), key=lambda f: f.at)
    wrong = [one for one, other in pairwise(told) if _is_taken_back(text, one, other)]
    return [finding for finding in findings if finding not in wrong]


def _is_taken_back(text: Reading, one: Finding, other: Finding) -> bool:
    if other.clue.strength < one.clue.strength or other.at - one.at > _TAKEN_BACK_AT_MOST:
        return False
    for index in range(one.at + 1, other.at):
        if text.words[index] not in _TAKING_BACK_WORDS:
            continue
        said = " ".join(text.words[index : min(index + 4, other.at)])
        phrase = next((phrase for phrase in _TAKING_BACK if f"{said} ".startswith(f"{phrase} ")), None)
        if phrase is None:
            continue
        after = index + phrase.count(" ") + 1
        return text.words[after] not in _EXCUSING or after + 1 == other.at
    return False


def _decides(findings: Iterable[Finding]) -> bool:
    return any(len(finding.clue.academies) == 1 or finding.clue.kind in ELSEWHERE for finding in findings)


def _present_first(findings: Sequence[Finding]) -> Sequence[Finding]:
    """A school to come counts only if no present one is told."""
    present = [f for f in findings if f.is_the_schools and f.context.time != signs.FUTURE and f.clue.academies]
    if not present:
        return findings
    return [f for f in findings if f.context.time != signs.FUTURE or not f.is_the_schools]


def _own_home_first(findings: Sequence[Finding]) -> Sequence[Finding]:
    """« Il habite à Lyon et moi à Rennes »: the home that is the writer's."""
    own = [f for f in findings if f.context.owner == signs.HOME and not f.context.anothers and f.clue.academies]
    return [f for f in findings if not (own and f.context.anothers)]


def _is_of_the_wider_family(text: Reading) -> bool:
    """« Je suis la grand-mère »: her home is not the child's."""
    for index, word in enumerate(text.words):
        if word == "suis" and _WIDER_FAMILY.intersection(text.words[index + 1 : index + 4]):
            return True
    return False


def _at_rather_than_of(text: Reading, findings: Sequence[Finding]) -> Sequence[Finding]:
    """« le collège de Saint-Jean à Sète », « le lycée Gay-Lussac de Limoges »: of two places told of one school, the
    one it is at, or of, rather than the one in its name.
    """
    by_school: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.context.owner == signs.SCHOOL and finding.clue.field == "text" and finding.clue.kind in _PLACES:
            by_school.setdefault(finding.context.governor, []).append(finding)
    dropped = []
    for members in by_school.values():
        if sure := {f.clue.academies[0] for f in members if len(f.clue.academies) == 1}:
            dropped += [f for f in members if sure.isdisjoint(f.clue.academies)]
        if len(sure) > 1:
            rank = {id(f): _PREPOSITIONS.get(text.words[f.at - 1], 0) if f.at else 0 for f in members}
            dropped += [f for f in members if rank[id(f)] < max(rank.values())]
    return [finding for finding in findings if finding not in dropped]


def _several_children(clue: Clue) -> Clue:
    return Clue(SEVERAL_CHILDREN, "", (), Strength.STRONG, clue.words, clue.field, clue.start, clue.end)
