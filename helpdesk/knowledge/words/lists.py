"""The lists of `config/synonyms.toml` as an editor types them: one meaning a line, words parted by commas.

What stands in the file between the lists (its remarks) is not part of them.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from helpdesk.errors import ConfigError

LONGEST = 200_000  # characters of all lists together


@dataclass(frozen=True)
class Lists:
    """`groups`: a line for each meaning. `near`, `short`, `fillers`: lines « name = words ». The others: words."""

    groups: str
    near: str
    short: str
    fillers: str
    common: str
    foreign: str


NAMES = {
    "groups": "synonymes",
    "near": "proches",
    "short": "abreviations",
    "fillers": "mots-vides",
    "common": "mots-courants",
    "foreign": "hors-sujet",
}
_TABLES = ("near", "short", "fillers")


def as_lists(text: str) -> Lists:
    """What the file, or a version of it, says. It was read without problems before."""
    data = tomllib.loads(text)
    return Lists(
        groups="\n".join(", ".join(group) for group in data.get(NAMES["groups"], [])),
        common=_in_lines(data.get(NAMES["common"], "")),
        foreign=_in_lines(data.get(NAMES["foreign"], "")),
        **{name: _as_lines(data.get(NAMES[name], {})) for name in _TABLES},
    )


def as_toml(lists: Lists) -> str:
    """The lists in the form of the file. Raises ConfigError, which names each line that cannot be read."""
    if sum(len(text) for text in astuple(lists)) > LONGEST:
        raise ConfigError([f"Les listes sont trop longues : {LONGEST} signes au plus."])
    problems: list[str] = []
    tables = {name: _as_table(getattr(lists, name), NAMES[name], problems) for name in _TABLES}
    if problems:
        raise ConfigError(problems)
    groups = [_parts(line) for line in lists.groups.splitlines() if _parts(line)]
    written = [f"{NAMES['groups']} = [", *(f"  {_quoted(group)}," for group in groups), "]"]
    written += [f"{NAMES[name]} = {_quoted(', '.join(_parts(getattr(lists, name))))}" for name in ("common", "foreign")]
    for name, table in tables.items():
        written += ["", f"[{NAMES[name]}]", *(f"{_quoted(key)} = {_quoted(line)}" for key, line in table.items())]
    return "\n".join(written) + "\n"


def changes(before: Lists, after: Lists) -> dict[str, tuple[list[str], list[str]]]:
    """Name of each list that is not the same → what left it, what came into it, in their order there."""
    found = {}
    for each in fields(Lists):
        old, new = (_entries(getattr(lists, each.name), each.name) for lists in (before, after))
        gone, come = [one for one in old if one not in set(new)], [one for one in new if one not in set(old)]
        if gone or come:
            found[each.name] = (gone, come)
    return found


def _entries(text: str, name: str) -> list[str]:
    return (
        _parts(text) if name in ("common", "foreign") else [line.strip() for line in text.splitlines() if line.strip()]
    )


def _as_table(text: str, name: str, problems: list[str]) -> dict[str, str]:
    table: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, sign, words = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not sign or not key or not words:
            problems.append(f"[{name}], ligne {number} : attend « nom = mots », par exemple « mdp = mot de passe ».")
        elif key in table:
            problems.append(f"[{name}], ligne {number} : « {key} » y figure déjà.")
        else:
            table[key] = " ".join(words.split())
    return table


def _as_lines(table: Mapping[str, str]) -> str:
    return "\n".join(f"{key} = {' '.join(line.split())}" for key, line in table.items())


def _in_lines(text: str) -> str:
    return ", ".join(_parts(text))


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def _quoted(value: Any) -> str:
    """A string or a list of them as TOML, which JSON's are once DEL is written as a number too."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(_quoted(each) for each in _listed(value))}]"


def _listed(value: Iterable[str]) -> list[str]:
    return list(value)
