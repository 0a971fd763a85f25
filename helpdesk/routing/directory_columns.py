"""Which column of an extract of the directory holds what: exports name them in their own ways."""

import re
from collections.abc import Iterable, Sequence

from helpdesk.errors import UnreadableDocument
from helpdesk.routing.clues.lists import words
from helpdesk.text import fold

SEPARATORS = (";", ",", "\t", "|")
_SMALL = words("de du d des la le les l")
# By what we need, the headers that hold it, the best first: names of the open data set, its human labels, those of the
# ministry's other extracts of the same schools. Small words, accents, capitals and signs do not count.
_HEADERS = {
    "uai": "identifiant etablissement|numero uai|code uai|uai|uai etablissement|code etablissement"
    "|numero etablissement|rne|code rne",
    "name": "nom etablissement|nom etablissment|appellation officielle|nom uai|nom ecole|nom|etablissement|libelle"
    "|denomination|libelle etablissement|patronyme uai|patronyme|denomination principale",
    "kind": "type etablissement|nature uai libe|libelle nature|nature|type|denomination principale",
    "sector": "statut public prive|secteur public prive libe|secteur public prive|secteur|statut",
    "address_1": "adresse 1|adresse uai|adresse",
    "address_2": "adresse 2|lieu dit uai|lieu dit",
    "address_3": "adresse 3|boite postale uai|boite postale",
    "postal_code": "code postal|code postal uai|cp",
    "commune": "nom commune|libelle commune|commune|commune etablissement|localite acheminement uai"
    "|localite acheminement|localite|ville",
    "department": "code departement|numero departement|code dept|code dep|departement|dep|dept|libelle departement"
    "|nom departement",
    "department_name": "libelle departement|nom departement|departement",
    "academy": "code academie|academie|libelle academie|nom academie",
    "academy_name": "libelle academie|nom academie|academie",
    "phone": "telephone|numero telephone|numero telephone uai|tel",
    "email": "mail|courriel|adresse mail|adresse e mail|adresse electronique|email|e mail|mel|mel uai",
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
_WORDS_MORE = 2


def columns(header: Sequence[str]) -> dict[str, int]:
    """The place of each thing found, by the names above; what an extract lacks is not in it.

    A longer title than any we know will do where it holds all the words of one: « Code postal de l'établissement ».
    """
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        places.setdefault(_plain(title), place)
    found = {}
    for what, titles in _HEADERS.items():
        known = titles.split("|")
        fitting = next((title for title in known if title in places), None) or _longer(known, places)
        if fitting is not None:
            found[what] = places[fitting]
    return found


def _longer(known: Sequence[str], titles: Iterable[str]) -> str | None:
    wanted = [set(title.split()) for title in known if " " in title]
    split = {title: title.split() for title in titles}
    fitting = [
        title
        for title, parts in split.items()
        if any(words <= set(parts) and len(parts) <= len(words) + _WORDS_MORE for words in wanted)
    ]
    return min(fitting, key=len, default=None)


def separator(line: str) -> str:
    """The separator that cuts a header into the most columns we know."""
    return max(SEPARATORS, key=lambda sign: len(set(columns([part.strip(' "') for part in line.split(sign)]).values())))


def is_header(titles: Sequence[str]) -> bool:
    """Whether they name all without which no school is known."""
    return _ESSENTIAL.keys() <= columns(titles).keys()


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
