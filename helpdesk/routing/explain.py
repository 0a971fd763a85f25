"""A decision told in French, from what it keeps alone: true even after rules, services and map have changed."""

from collections.abc import Sequence

from helpdesk.routing.decision import Clue, Decision
from helpdesk.routing.rules import RULE, Rule
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
    "unknown-uai": "ce code n’est celui d’aucun établissement de nos académies",
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
    """The service and why; the subject beside it where the rule is that of all the rest, which no subject leads to."""
    title = decision.facts.get("service_title") or decision.service
    words = _quoted(decision.words.get("rule") or _deciding_words(decision))
    if decision.facts.get("alike"):
        words = ", d’après sa ressemblance avec d’autres messages"
    if _is_for_the_rest(decision):
        label = decision.facts.get("topic_label", decision.topic)
        return f"Service {title}{_NBSP}: {decision.because}. Sujet{_NBSP}: {label}{words}."
    return f"Service {title}{_NBSP}: {decision.because}{words}."


def _is_for_the_rest(decision: Decision) -> bool:
    rule = Rule.from_json(decision.facts[RULE]) if RULE in decision.facts else None
    return rule is not None and rule.named and not (rule.conditions or rule.words or rule.hours)


def _deciding_words(decision: Decision) -> Sequence[str]:
    """The words that the fired rule rests on: of the audience when a person's function decided the topic."""
    if decision.words.get("topic"):
        return decision.words["topic"]
    return decision.words.get("audience", ()) if decision.audience is Audience.ENSEIGNANT else ()


def _urgency(decision: Decision) -> str:
    told = decision.words.get("topic", ())
    words = decision.words.get("priority", ())
    if decision.priority is not Priority.URGENT or (words and words == told):
        return ""
    return f"Urgent{_quoted([word for word in words if word not in told])}."


def _seen(clues: Sequence[Clue]) -> str:
    return f" ({_listed(clues, between=' et ')})" if clues else ""


def _listed(clues: Sequence[Clue], between: str = ", ") -> str:
    """Each clue once, with its words where they say more than its value; a commune once, as fully as it was told."""
    places = {clue.value for clue in clues if clue.kind == "commune"}
    fuller = {place.partition(" (")[0] for place in places if " (" in place}
    told = [clue for clue in clues if clue.kind != "commune" or clue.value not in fuller]
    return between.join(list(dict.fromkeys(map(_clue, told)))[:_TOLD]) or "choisie par déduction"


def _clue(clue: Clue) -> str:
    text = f"{kind_label(clue.kind)} {clue.value}".strip()
    said = ("", clue.value, clue.value.partition(" (")[0])  # « Dax » tells nothing more than « Dax (40) »
    return text if clue.words in said else text + _quoted((clue.words,))


def _quoted(words: Sequence[str]) -> str:
    told = [f"«{_NBSP}{word}{_NBSP}»" for word in _without_repeats(words)[:_TOLD]]
    return f" ({', '.join(told)})" if told else ""


def _without_repeats(words: Sequence[str]) -> list[str]:
    """`words` without those that stand inside another, whatever their capitals: « code », « Code reçu »."""
    plain = [word.casefold() for word in words]
    return [
        word
        for at, word in enumerate(words)
        if not any(
            plain[at] in other and (other != plain[at] or before < at)
            for before, other in enumerate(plain)
            if before != at
        )
    ]
