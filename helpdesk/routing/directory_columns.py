"""Which column of an extract of the directory holds what: exports name them in their own ways."""

import re
from collections.abc import Sequence

from helpdesk.errors import UnreadableDocument
from helpdesk.routing.clues.lists import words
from helpdesk.text import fold

SEPARATORS = (";", ",", "\t", "|")
_SMALL = words("de du d des la le les l")
# By what we need, the headers that hold it, the best first: names of the open data set, its human labels, those of the
# ministry's other extracts of the same schools. Small words, accents, capitals and signs do not count.
_HEADERS = {
    "uai": "identifiant etablissement|numero uai|code uai|uai|code etablissement|numero etablissement|rne|code rne",
    "name": "nom etablissement|nom etablissment|appellation officielle|nom|denomination|denomination principale uai"
    "|denomination principale|patronyme uai|libelle etablissement",
    "kind": "type etablissement|nature uai libe|libelle nature|nature|type|denomination principale",
    "sector": "statut public prive|secteur public prive libe|secteur public prive|secteur|statut",
    "address_1": "adresse 1|adresse uai|adresse",
    "address_2": "adresse 2|lieu dit uai|lieu dit",
    "address_3": "adresse 3|boite postale uai|boite postale",
    "postal_code": "code postal|code postal uai|cp",
    "commune": "nom commune|libelle commune|commune|localite acheminement uai|localite acheminement|ville",
    "department": "code departement|departement|libelle departement|nom departement",
    "department_name": "libelle departement|nom departement|departement",
    "academy": "code academie|academie|libelle academie|nom academie",
    "academy_name": "libelle academie|nom academie|academie",
    "phone": "telephone|numero telephone uai|tel",
    "email": "mail|courriel|adresse mail|email|e mail|mel|mel uai",
    "state": "etat etablissement libe|etat|etat etablissement",
    "ministry": "ministere tutelle|libelle ministere|ministere|ministere tutelle libe|code ministere",
}
_ESSENTIAL = {
    "uai": "le code UAI (« Identifiant_de_l_etablissement »)",
    "name": "le nom (« Nom_etablissement »)",
    "commune": "la commune (« Nom_commune »)",
}
_WORD = re.compile(r"[a-z0-9]+")
_SHOWN = 8


def columns(header: Sequence[str]) -> dict[str, int]:
    """The place of each thing found, by the names above; what an extract lacks is not in it."""
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        places.setdefault(_plain(title), place)
    found = {}
    for what, titles in _HEADERS.items():
        for title in titles.split("|"):
            if title in places:
                found[what] = places[title]
                break
    return found


def separator(line: str) -> str:
    """The separator that cuts a header into the most columns we know."""
    return max(SEPARATORS, key=lambda sign: len(columns([part.strip(' "') for part in line.split(sign)])))


def check(found: dict[str, int], header: Sequence[str]) -> None:
    """Raises UnreadableDocument, in one sentence, when something is missing without which no school is known."""
    missing = [words for what, words in _ESSENTIAL.items() if what not in found]
    if missing:
        shown = ", ".join(title.strip() or "(vide)" for title in header[:_SHOWN])
        more = "…" if len(header) > _SHOWN else ""
        raise UnreadableDocument(
            f"Ce fichier n’est pas un annuaire des établissements : il manque {_listed(missing)}. "
            f"Colonnes lues : {shown[:300]}{more}."
        )


def _plain(title: str) -> str:
    return " ".join(word for word in _WORD.findall(fold(title)) if word not in _SMALL)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
