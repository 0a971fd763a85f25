"""Reading a configuration file while gathering everything that is wrong in it, said in the words of who wrote it."""

import tomllib
from collections.abc import Container, Mapping
from typing import Any


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
        problems.add(f"le fichier ne peut pas être lu ({error})")
        return {}


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
