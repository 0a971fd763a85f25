"""« a été réserve » → « réservé »: past participles that lost their accent and read as another form of the verb.

Only in documents that lost other é, and only where an auxiliary stands before: elsewhere both forms make sense.
"""

from collections.abc import Iterator, Sequence

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.grammar import BE, HAVE, Around
from helpdesk.knowledge.repair.tokens import tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule
from helpdesk.text import fold

_BETWEEN = word_set(
    "pas bien déjà jamais plus automatiquement toujours encore également aussi donc ensuite alors il elle on ils elles"
)
_BEFORE_OBJECT = word_set("le la les l un une des votre vos leur leurs ce cette ces son sa ses à a au aux que qu")
_DEGREES = word_set("très trop moins plus")
_BEFORE_MOST = word_set("le la les est sont au du")
_OBJECTS = word_set("l m t s vous nous les n qui il elle on")
# Adjectives that are also a form of a verb in -er: « la ligne est active » is right.
_ADJECTIVES = word_set(
    "active double fixe vide calme trouble valide sale ferme grave prête contente limite présente sèche égale cause "
    "libre responsable une autre entre contre manque place reste note liste adresse réponse élève page"
)


def mend_participles(draft: Draft, lexicon: Lexicon, evidence: Evidence) -> None:
    """Give participles after an auxiliary their accent back, and « élève » after « le plus »."""
    if evidence.shows_loss("é"):
        draft.apply(list(_edits(draft.text, lexicon)))
    if evidence.shows_any_loss:
        draft.apply(list(_after_degrees(draft.text, lexicon)))


def _edits(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    found = tokens(text)
    for place, token in enumerate(found):
        word = token.lower
        ending = "és" if word.endswith("es") else "é"
        meant = word[: -len(ending)] + ending
        if not word.endswith(("e", "es")) or len(word) < 5 or word.removesuffix("s") in _ADJECTIVES:
            continue
        is_verb = lexicon.frequency(meant) and lexicon.frequency(meant.removesuffix("s")[:-1] + "er")
        if is_verb and token.text.islower() and follows_auxiliary(Around(found, place, lexicon)):
            yield Edit(token.start, token.end, meant, Rule.CONTEXT)


def follows_auxiliary(around: Around) -> bool:
    """Whether a form of « être » or « avoir » stands before the word, a small word between them or not."""
    distance = -1
    while around.word(distance) in _BETWEEN and distance > -3:
        distance -= 1
    helper = around.word(distance)
    if helper == "a":  # « à charge » lost more accents than « a chargé »
        return around.word(distance - 1) in _OBJECTS
    return helper in HAVE or helper in BE


def told_by_neighbours(around: Around, spellings: Sequence[str]) -> str | None:
    """« accède » or « accédé » for « accede »: the participle after an auxiliary, the other form before its object."""
    forms = {word.removesuffix("s")[-1:]: word for word in reversed(spellings)}
    if not {"e", "é"} <= forms.keys():
        return None
    if follows_auxiliary(around):
        return forms["é"]
    return forms["e"] if around.word(1) in _BEFORE_OBJECT else None


def _after_degrees(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """« le plus élève », « très marque »: only an adjective can follow."""
    found = tokens(text)
    for place, token in enumerate(found):
        around = Around(found, place, lexicon)
        if around.word(-1) not in _DEGREES or not token.text.islower() or fold(token.lower) == token.lower:
            continue
        if around.word(-1) == "plus" and around.word(-2) not in _BEFORE_MOST:
            continue
        ending = "és" if token.lower.endswith("s") else "é"
        meant = next((word for word in lexicon.spellings(token.lower) if word.endswith(ending)), None)
        if meant and not token.lower.endswith(("é", "és", "ée", "ées")):
            yield Edit(token.start, token.end, meant, Rule.CONTEXT)
