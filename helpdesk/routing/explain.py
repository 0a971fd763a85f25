"""A decision told in French, from what it keeps alone: true even after rules, services and map have changed."""

from collections.abc import Iterable, Sequence

from helpdesk.routing.decision import Clue, Decision
from helpdesk.routing.services import of_academy
from helpdesk.vocabulary import Audience, Priority

_NBSP = "\u00a0"
_TOLD = 3  # clues or words; more would not be read
_KINDS = {
    "uai": "code d’établissement",
    "uai-wrong": "code d’établissement dont la lettre est fausse",
    "uai-unknown": "code d’établissement inconnu",
    "uai-unlisted": "code d’établissement absent de l’annuaire",
    "school": "établissement",
    "school-mail": "boîte de l’établissement",
    "academy-mail": "adresse académique",
    "postal-code": "code postal",
    "commune": "commune",
    "departement": "département",
    "region": "région",
    "place": "lieu",
    "academie": "académie citée",
    "ent": "ENT",
    "phone": "indicatif",
    "number": "numéro de département",
    "agricultural": "enseignement agricole",
    "abroad": "établissement à l’étranger",
    "cned": "CNED",
    "foreign": "pays étranger",
    "several-children": "plusieurs enfants",
    "mailbox": "boîte aux lettres de l’académie de",
}
_NO_ACADEMY = {
    "none": "rien ne dit où est l’établissement",
    "disagree": "les indices se contredisent",
    "ambiguous": "l’indice convient à plusieurs académies",
    "several-children": "les enfants sont dans plusieurs académies",
    "agricultural": "l’établissement relève de l’enseignement agricole",
    "abroad": "l’établissement est à l’étranger",
    "cned": "l’élève est inscrit au CNED",
    "no-school": "le message ne concerne aucun établissement",
}


def sentence(decision: Decision) -> str:
    """Why this académie, this service and this urgency, with the words that said so, in a few short sentences.

    « Académie de Grenoble : code postal 38200 (« 38200 Vienne »). Service Scolarité : la demande porte sur une bourse
    (« bourse »). »
    """
    return " ".join(filter(None, (_academy(decision), _service(decision), _urgency(decision))))


def kind_label(kind: str) -> str:
    """What a kind of clue is called, in lower case; its slug if it is of a later version."""
    return _KINDS.get(kind, kind)


def short(decision: Decision) -> str:
    """The subject in a few words, for a list: « Bourse… (« dossier de bourse ») »."""
    label = decision.facts.get("topic_label", decision.topic)
    return label + _quoted(decision.words.get("topic", ()))


def _academy(decision: Decision) -> str:
    if decision.academy is None:
        reason = _NO_ACADEMY.get(decision.academy_reason, "l’académie n’est pas sûre")
        return f"Pas d’académie{_NBSP}: {reason}{_seen(decision.clues)}."
    name = of_academy(decision.facts.get("academy_name") or decision.academy)
    return f"{name[0].upper()}{name[1:]}{_NBSP}: {_listed(decision.clues)}."


def _service(decision: Decision) -> str:
    title = decision.facts.get("service_title") or decision.service
    words = _quoted(decision.words.get("rule") or _deciding_words(decision))
    if decision.facts.get("alike"):
        words = ", d’après sa ressemblance avec d’autres messages"
    return f"Service {title}{_NBSP}: {decision.because}{words}."


def _deciding_words(decision: Decision) -> Sequence[str]:
    """The words that the fired rule rests on: of the audience when a person's function decided the topic."""
    if decision.words.get("topic"):
        return decision.words["topic"]
    return decision.words.get("audience", ()) if decision.audience is Audience.ENSEIGNANT else ()


def _urgency(decision: Decision) -> str:
    if decision.priority is not Priority.URGENT or decision.words.get("priority") == decision.words.get("topic"):
        return ""
    return f"Urgent{_quoted(decision.words.get('priority', ()))}."


def _seen(clues: Sequence[Clue]) -> str:
    return f" ({_listed(clues, between=' et ')})" if clues else ""


def _listed(clues: Iterable[Clue], between: str = ", ") -> str:
    """Each clue once, with its words where they say more than its value."""
    told = list(dict.fromkeys(map(_clue, clues)))[:_TOLD]
    return between.join(told) or "choisie par déduction"


def _clue(clue: Clue) -> str:
    text = f"{kind_label(clue.kind)} {clue.value}".strip()
    return text if clue.words in ("", clue.value) else text + _quoted((clue.words,))


def _quoted(words: Sequence[str]) -> str:
    if not words:
        return ""
    return f" ({', '.join(f'«{_NBSP}{word}{_NBSP}»' for word in words[:_TOLD])})"
