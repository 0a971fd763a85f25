"""From clues to an académie, or to people who will find it: a wrong académie costs a family days, triage an hour."""

from collections.abc import Iterable, Sequence

from helpdesk.routing.decision import AcademyChoice, Clue, Strength

ELSEWHERE = ("agricultural", "abroad", "cned")
UNKNOWN_CODE = "uai-unknown"  # a right code of no territory of ours: most are of schools abroad
SEVERAL_CHILDREN = "several-children"
_REASONS = {Strength.STRONG: "strong", Strength.WEAK: "weak", Strength.LAST: "last"}


def choose_academy(clues: Sequence[Clue]) -> AcademyChoice:
    """The académie that the strongest clues agree on. Clues that leave a choice are narrowed by the others.

    A school that is no académie's (agricultural, abroad, CNED) sends to triage with that reason, also when another
    school is named: a person reads which of them the trouble is about.
    """
    for strength in (Strength.STRONG, Strength.WEAK, Strength.LAST):
        told = [clue for clue in clues if clue.strength == strength]
        if elsewhere := [clue for clue in told if clue.kind in ELSEWHERE]:
            return AcademyChoice(None, tuple(elsewhere), elsewhere[0].kind)
        telling = [clue for clue in told if clue.academies]
        if telling:
            return _agreed(telling, clues, strength)
        if unknown := [clue for clue in told if clue.kind == UNKNOWN_CODE]:
            return AcademyChoice(None, tuple(unknown), "unknown-uai")
    return AcademyChoice(None, (), "none")


def _agreed(telling: Sequence[Clue], clues: Sequence[Clue], strength: Strength) -> AcademyChoice:
    common = _common(telling)
    if len(common) == 1:
        deciding = [clue for clue in telling if len(clue.academies) == 1]
        reason = _REASONS[strength] if deciding else "narrowed"
        return AcademyChoice(common.pop(), tuple(deciding or telling), reason)
    if not common:
        children = any(clue.kind == SEVERAL_CHILDREN for clue in clues)
        return AcademyChoice(None, tuple(telling), SEVERAL_CHILDREN if children else "disagree")
    return _narrowed(telling, common, clues, strength)


def _narrowed(telling: Sequence[Clue], common: set[str], clues: Sequence[Clue], strength: Strength) -> AcademyChoice:
    """A name borne in several académies: what is weaker may choose among them, never add one."""
    helping = list(telling)
    for weaker in sorted((s for s in Strength if s < strength), reverse=True):
        others = [clue for clue in clues if clue.strength == weaker and clue.academies]
        if others and (left := common & _common(others)):
            helping += others
            if len(left) == 1:
                return AcademyChoice(left.pop(), tuple(helping), "narrowed")
            common = left
        elif others:
            break
    return AcademyChoice(None, tuple(telling), "ambiguous")


def _common(clues: Iterable[Clue]) -> set[str]:
    sets = [set(clue.academies) for clue in clues]
    return set.intersection(*sets) if sets else set()
