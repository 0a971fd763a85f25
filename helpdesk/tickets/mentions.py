"""How a note names colleagues: « @prénom.nom », as people type it."""

import re
from collections.abc import Iterable

from helpdesk.text import fold

_HANDLE = re.compile(r"(?<![\w.])@([^\W_](?:[\w.\-’']{0,98}[\w])?)")
_BETWEEN = re.compile(r"[\W_]+")


def handle(name: str) -> str:
    """« Élise Du Bois » is named « elise.du.bois »."""
    return _BETWEEN.sub(".", fold(name)).strip(".")


def handles_in(text: str) -> list[str]:
    """The names that a text calls, each once, folded. An address is none: « lou@famille.example »."""
    return list(dict.fromkeys(handle(found) for found in _HANDLE.findall(text)))


def meant(handles: Iterable[str], names: Iterable[tuple[int, str]]) -> tuple[set[int], list[str]]:
    """Who is called, of people given by id and name; and the handles that are nobody's, or that two people share."""
    owners: dict[str, list[int]] = {}
    for number, name in names:
        owners.setdefault(handle(name), []).append(number)
    found = {each: owners.get(each, []) for each in handles}
    return {ids[0] for ids in found.values() if len(ids) == 1}, [each for each, ids in found.items() if len(ids) != 1]
