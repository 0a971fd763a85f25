"""Several schools told: which child's is the trouble about?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.routing.clues.finding import Finding
from helpdesk.routing.clues.first_names import FIRST_NAMES
from helpdesk.routing.clues.lists import phrases, words
from helpdesk.routing.clues.reading import Break, Reading

_SON, _DAUGHTER = "fils", "fille"
_CHILD_WORDS = {
    _SON: "fils fiston garcon gamin wldi weldi wlidi waldi hijo filho lui neveu jumeau he him il",
    _DAUGHTER: "fille gamine bnti benti bniti daughter hija filha elle niece jumelle she her puce",
    "elder": "grand grande aine ainee premier premiere",
    "younger": "petit petite cadet cadette benjamin benjamine second deuxieme autre dernier derniere",
}
_LEVELS = {
    "lycee": "lycee lycees lyce licee lycer seconde premiere terminale 2nde 1ere tle bac",
    "college": "college colleges colege colleg clg 6e 5e 4e 3e 6eme 5eme 4eme 3eme sixieme cinquieme quatrieme",
    "ecole": "ecole ecol maternelle primaire elementaire cp ce1 ce2 cm1 cm2",
}
_KEY_OF = {word: key for table in (_CHILD_WORDS, _LEVELS) for key, words in table.items() for word in words.split()}
_AROUND = 25  # words
_TOPIC_OPENERS = frozenset({"pour", "concernant", "quant", "celui", "celle", "para", "for"})
_TURNS = words("je j jarrive impossible mais et alors tandis contre sauf cependant but pero toutefois ni walakin")
_TROUBLE = words(
    """
    impossible bloque bloquee bloques probleme problemes soucis souci erreur manque manquant manquante disparu
    disparue refuse introuvable echoue concerne concernee concerner pas jamais rien invisible perdu perdue absent
    absente error problem cannot missing problema aucun aucune plus oublie oubliee sauf
    """
)
_BOTH = phrases(
    """
    ni l un, ni l une, aucun des deux, aucune des deux, pour les deux, les deux manquent, les deux comptes sont,
    neither of, ninguno de los dos, ninguna de las dos
    """
)
_NO_TROUBLE_BEFORE = frozenset({"pas", "aucun", "aucune", "sans", "zero", "no"})
_TROUBLE_NOUNS = frozenset({"probleme", "problemes", "souci", "soucis", "erreur", "problem"})
_ABOUT = frozenset({"concerne", "concernee", "concerner", "agit"})


@dataclass(slots=True)
class _Clause:
    keys: set[str]
    trouble: int


def in_trouble(reading: Reading, findings: Sequence[Finding]) -> Sequence[Finding] | None:
    """Of findings on schools of several académies, those of the child in trouble; None if that is not told."""
    if _is_about_both(reading):
        return None
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.clue.academies or (finding.clue.kind,), []).append(finding)
    keys = {group: _keys_of(reading, members, findings) for group, members in groups.items()}
    telling = {
        group: own - set().union(*(others for other, others in keys.items() if other != group))
        for group, own in keys.items()
    }
    if not all(telling.values()):
        return None
    troubled: dict[tuple[str, ...], int] = dict.fromkeys(groups, 0)
    for clause in _clauses(reading, {finding.at for finding in findings}):
        about = [group for group, own in telling.items() if own & clause.keys]
        if len(about) == 1:
            troubled[about[0]] += clause.trouble
    chosen = [group for group, trouble in troubled.items() if trouble > 0]
    return groups[chosen[0]] if len(chosen) == 1 else None


def _is_about_both(reading: Reading) -> bool:
    said = f" {' '.join(reading.words)} "
    return any(f" {phrase} " in said for phrase in _BOTH)


def are_of_several_children(findings: Iterable[Finding]) -> bool:
    """Whether the schools are told of children told apart."""
    children = {_KEY_OF.get(finding.context.child, finding.context.child) for finding in findings}
    return len(children - {""}) > 1


def _keys_of(reading: Reading, findings: Sequence[Finding], all_findings: Sequence[Finding]) -> set[str]:
    """The words that tell one child from another, between the place told before and this one."""
    keys: set[str] = set()
    for finding in findings:
        before = max((other.at for other in all_findings if other.at < finding.at), default=0)
        words = reading.words[max(before, finding.context.start, finding.at - _AROUND) : finding.at]
        keys |= {_KEY_OF[word] for word in words if word in _KEY_OF} | FIRST_NAMES.intersection(words)
    return keys


def _clauses(reading: Reading, places: set[int]) -> list[_Clause]:
    """A clause that names no child is about the child named just before, or about all those whose schools were told."""
    clauses: list[_Clause] = []
    said: set[str] = set()
    start = 0
    for index in range(1, len(reading.words) + 1):
        ended = index == len(reading.words)
        if not ended and reading.breaks[index] == Break.NONE and reading.words[index] not in _TURNS:
            continue
        words = reading.words[start:index]
        keys = {_KEY_OF[word] for word in words if word in _KEY_OF} | FIRST_NAMES.intersection(words)
        if words and (words[0] in _TOPIC_OPENERS or (keys and places.isdisjoint(range(start, index)))):
            said = set()
        said |= keys
        clauses.append(_Clause(keys or set(said), _trouble(words)))
        if not ended and reading.breaks[index] >= Break.LINE:
            said = set()
        start = index
    return clauses


def _trouble(words: Sequence[str]) -> int:
    for before, noun in pairwise(words):
        if noun in _TROUBLE_NOUNS and before in _NO_TROUBLE_BEFORE:
            return 0
    if _ABOUT.intersection(words) or ("est", "pour") in pairwise(words):
        return 2
    if ("rien", "a") in pairwise(words) and "voir" in words:
        return 0
    if "pas" in words and "de" in words and _TROUBLE_NOUNS.intersection(words):
        return 0
    return 1 if _TROUBLE.intersection(words) else 0
