"""Whom an entry of the Q&A document speaks to, told by its words.

The document was written for school staff, so the same words serve all; what tells them apart is who acts. A first look
only: in the reviewed text the reader is named.
"""

import re

from helpdesk.text import fold
from helpdesk.vocabulary import Readers

# Whose matter the question is. Teachers and staff when it asks about them.
_STAFF = re.compile(r"\b(?:enseignante?s?|personnels?|professeurs?|agents?)\b")
_NOT_STAFF = re.compile(
    r"\b(?:demande[rz]?|adresse[rz]?|contacte[rz]?) .{0,40}\b(?:enseignant|professeur)"
    r"|(?:information|donnee)s? personnel"
)
_PEOPLE = "(?:parents|familles|responsables|eleves)"
# Acts and matters of a school towards families, each with what it weighs.
_SCHOOL_ACTS = (
    (r"\bnotifi(?:er|ez|ons)\b", 3), (r"\bdeploy(?:er|ez|ons)\b|\bdeploiement\b", 3), (r"\bcampagnes?\b", 2),
    (rf"\b(?:communiquer|communication) (?:avec|aupres|vers) (?:les|des) {_PEOPLE}\b", 3),
    (rf"\b(?:aider|accompagner|inciter|inviter|informer|convaincre) (?:les|des|vos) {_PEOPLE}\b", 3),
    (r"\bgestion des (?:comptes|droits)\b|\boutils? de gestion\b", 2),
    (r"\b(?:dans|de|pour) (?:un|votre|mon|les) etablissements?\b", 1),
    (r"\b(?:referent|webinaire|diaporama|diapositives?|effectifs?|infographies?|administrateur)\b", 1),
    (r"\bpar l'etablissement\b", 1), (r"\b(?:vos|nos) (?:eleves|familles|usagers|parents)\b", 2),
    (r"\bles classes\b|\bnos? classes?\b", 2),
)  # fmt: skip
# Acts and matters of a family.
_FAMILY_ACTS = (
    (r"\b(?:mon|ma|mes|son|ses|leurs?) (?:enfants?|fils|filles?)\b", 3), (r"\b(?:je|j'|mon|ma|mes)\b", 2),
    (r"\b(?:responsables?|parents?|eleves?|familles?) (?:peu(?:t|vent)|doi(?:t|vent)|acced\w+|beneficie\w*)", 3),
    (r"\bs'ils? (?:a|ont) plusieurs enfants\b", 2), (r"\b(?:un|le) (?:parent|responsable) \w+-t?-?il\b", 2),
)  # fmt: skip
_QUESTION_WEIGHT = 2


def audience_of(question: str, answer: str = "", section: str = "") -> Readers:
    """Staff, schools or families; families where nothing tells."""
    asked = _plain(question)
    if _STAFF.search(asked) and not _NOT_STAFF.search(asked) and not _weight(asked, _FAMILY_ACTS):
        return Readers.STAFF
    balance = _QUESTION_WEIGHT * _balance(asked) + _balance(_plain(answer)) + _balance(_plain(section))
    return Readers.SCHOOLS if balance > 0 else Readers.FAMILIES


def _balance(text: str) -> int:
    return _weight(text, _SCHOOL_ACTS) - _weight(text, _FAMILY_ACTS)


def _weight(text: str, acts: tuple[tuple[str, int], ...]) -> int:
    return sum(weight for pattern, weight in acts if re.search(pattern, text))


def _plain(text: str) -> str:
    return fold(text).replace("’", "'")
