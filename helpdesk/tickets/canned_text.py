"""The fields of model answers: which there are, filling them in, and finding what is still missing in a text.

`{nom}` stands for a value. A value that nobody told becomes a gap, « [à compléter : nom] », which keeps an answer from
being sent.
"""

import re
from collections.abc import Callable, Mapping

from helpdesk.text import fold

# Name of the field → what it stands for, as supervisors read it.
FIELDS = {
    "nom": "le nom de la personne",
    "référence": "le numéro de la demande",
    "sujet": "l’objet de la demande",
    "établissement": "le nom de l’établissement",
    "établissement-courriel": "son adresse de courriel, d’après l’annuaire",
    "établissement-téléphone": "son téléphone, d’après l’annuaire",
    "service": "le nom du service",
    "service-courriel": "l’adresse de courriel du service",
    "service-téléphone": "le téléphone du service",
    "agent": "votre nom",
    "qualité": "votre qualité",
}
ARTICLE = "fiche:"  # `{fiche:mot-de-passe}` is a link to that article
_FIELD = re.compile(r"\{([^{}\n]{0,200})\}")
_GAP = re.compile(r"\[à compléter : ([^\[\]\n]{1,200})\]")
_BY_FOLDED = {fold(name): name for name in FIELDS}


def named_in(text: str) -> list[str]:
    """The fields that a text names, as they are called, each once; those that do not exist as they were typed."""
    return list(dict.fromkeys(_known(found) or found for found in _FIELD.findall(text)))


def unknown_in(text: str, is_article: Callable[[str], bool]) -> list[str]:
    """What stands in braces and is no field, or no article for `is_article` (given its slug)."""
    named = named_in(text)
    return [
        name
        for name in named
        if name not in FIELDS and not (name.startswith(ARTICLE) and is_article(name.removeprefix(ARTICLE)))
    ]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each field replaced by its value, or by a gap where there is none."""

    def value(found: re.Match[str]) -> str:
        name = _known(found[1]) or found[1]
        return values.get(name) or f"[à compléter : {name}]"

    return _FIELD.sub(value, text)


def gaps_in(text: str) -> list[str]:
    """What is still to be filled in: gaps, and fields that somebody typed instead of a value."""
    typed = [name for name in named_in(text) if name in FIELDS or name.startswith(ARTICLE)]
    return list(dict.fromkeys([*_GAP.findall(text.replace("\u00a0", " ")), *typed]))


def _known(name: str) -> str | None:
    """The field meant: case and accents do not count."""
    name = name.strip()
    return _BY_FOLDED.get(fold(name)) or (name if name.startswith(ARTICLE) else None)
