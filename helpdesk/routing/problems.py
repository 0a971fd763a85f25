"""Reading a configuration file while gathering everything that is wrong in it, said in the words of who wrote it."""

import re
import tomllib
from collections.abc import Container, Mapping
from typing import Any

_PLACE = re.compile(r" ?\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
# How `tomllib` begins its complaints, for those that people meet when they write rules.
_COMPLAINTS = {
    "Unterminated string": "un guillemet n’est pas refermé",
    "Illegal character": "un texte est coupé par la fin de la ligne : refermez le guillemet avant",
    "Unclosed array": "un crochet n’est pas refermé",
    "Invalid value": "une valeur s’écrit entre guillemets droits",
    "Expected '='": "il manque le signe =",
    "Expected newline": "il y a quelque chose de trop à la fin de la ligne, ou une virgule manque",
    "Expected ']'": "il manque un crochet",
    "Cannot overwrite a value": "la même chose est écrite deux fois dans cette règle",
    "Invalid statement": "cette ligne n’est ni un titre entre crochets, ni une valeur",
    "Unescaped": "une barre oblique inverse doit être doublée",
}


class Problems:
    """Collects sentences, each with the file and the entry it is about (« routing.toml, règle « bourse » : … »)."""

    def __init__(self, place: str, found: list[str] | None = None) -> None:
        self.place = place
        self.found: list[str] = [] if found is None else found

    def at(self, entry: str) -> "Problems":
        """The same collection, for one entry of the file."""
        return Problems(f"{self.place}, {entry}", self.found)

    def add(self, sentence: str) -> None:
        self.found.append(f"{self.place} : {sentence}")


def read_toml(text: str, problems: Problems) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.add(f"le fichier ne peut pas être lu{_in_french(str(error))}")
        return {}


def _in_french(complaint: str) -> str:
    """« , ligne 3, colonne 7 : un guillemet n’est pas refermé »; the complaint itself where it has no French here."""
    place = _PLACE.search(complaint)
    bare = _PLACE.sub("", complaint)
    said = next((french for english, french in _COMPLAINTS.items() if bare.startswith(english)), f"« {bare} »")
    if place is None:
        return f" : {said}"
    where = f"ligne {place['line']}, colonne {place['column']}" if place["line"] else "à la fin"
    return f", {where} : {said}"


def tables(source: Mapping[str, Any], key: str, problems: Problems) -> list[dict[str, Any]]:
    """The `[[key]]` entries of a file."""
    value = source.get(key, [])
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return value
    problems.add(f"« {key} » doit s’écrire [[{key}]]")
    return []


def table(source: Mapping[str, Any], key: str, problems: Problems) -> dict[str, Any]:
    """The `[key]` section of a file."""
    value = source.get(key, {})
    if isinstance(value, dict):
        return value
    problems.add(f"« {key} » doit s’écrire [{key}]")
    return {}


def text(entry: Mapping[str, Any], key: str, problems: Problems, *, required: bool = False) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        problems.add(f"« {key} » doit être un texte entre guillemets")
        return ""
    if required and not value.strip():
        problems.add(f"il manque « {key} »")
    return value.strip()


def texts(entry: Mapping[str, Any], key: str, problems: Problems) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    value = entry.get(key, [])
    value = [value] if isinstance(value, str) else value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    problems.add(f"« {key} » doit être une liste de textes entre guillemets")
    return ()


def number(entry: Mapping[str, Any], key: str, problems: Problems) -> float:
    value = entry.get(key, 0)
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return value
    problems.add(f"« {key} » doit être un nombre")
    return 0


def only_known(entry: Mapping[str, Any], known: Container[str], problems: Problems) -> None:
    """A mistyped key would be silently without effect; it is refused instead."""
    for key in entry:
        if key not in known:
            problems.add(f"« {key} » n’existe pas ici")
