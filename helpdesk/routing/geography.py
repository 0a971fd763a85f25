"""The map: académies, their départements, and the names that people give to places."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from helpdesk.errors import ConfigError
from helpdesk.routing.communes import Communes, bare_key, load_communes, name_key

# Académies and services that changed name, and mail domains that outlived it.
_OLD_DOMAINS = {"ac-caen.fr": "70", "ac-rouen.fr": "70", "monvr.pf": "41"}
_REGION_DOMAIN = "region-academique-"
_ELSEWHERE_DOMAINS = {"educagri.fr": "agricultural", "aefe.fr": "abroad", "mlfmonde.org": "abroad", "cned.fr": "cned"}


@dataclass(frozen=True)
class Academy:
    """One row of `config/academies.csv`. `zone` is that of the school holidays; `timezone` an IANA name."""

    code: str
    name: str
    region: str
    zone: str
    domain: str
    departments: tuple[str, ...]
    timezone: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A name for more than a commune, or for something that belongs to schools of some académies.

    `kind`: "departement", "region", "place", "academie", "ent"; "foreign" for a place in no académie; "agricultural",
    "abroad", "cned" for schools of none. `everyday` names are also common words.
    """

    kind: str
    name: str
    academies: tuple[str, ...]
    departments: frozenset[str] = frozenset()
    everyday: bool = False


class Geography:
    """All of it, ready to be asked. Made by `load_geography`; communes are read when first needed."""

    def __init__(self, academies: Iterable[Academy], names: Mapping[str, Any], ents: Iterable[Any], data: Path) -> None:
        self.academies = {academy.code: academy for academy in academies}
        self._by_department = {d: academy.code for academy in self.academies.values() for d in academy.departments}
        self._by_domain = {academy.domain: academy.code for academy in self.academies.values()} | _OLD_DOMAINS
        self.data_dir = data
        self.territories: dict[str, Territory] = {}
        self.after_academie = self._territories(names["after_academie"], "academie")
        self._name_territories(names, ents)
        self.longest = _longest(self.territories)

    def _name_territories(self, names: Mapping[str, Any], ents: Iterable[Any]) -> None:
        everyday = {bare_key(name) for name in names["everyday_words"]}
        for name in names["abroad"]["names"]:
            self.territories[bare_key(name)] = Territory("foreign", name, ())
        for table, kind in (
            ("places", "place"),
            ("regions", "region"),
            ("departements", "departement"),
            ("pairs", "academie"),
        ):
            self.territories |= self._territories(names[table], kind, everyday)
        for kind, elsewhere in names["elsewhere"].items():
            self.territories |= {bare_key(name): Territory(kind, name, ()) for name in elsewhere}
        for ent in ents:
            for name in ent["names"]:
                self.territories[name_key(name)] = Territory("ent", ent["names"][0], tuple(sorted(ent["academies"])))

    def _territories(
        self, table: Mapping[str, list[str]], kind: str, everyday: Iterable[str] = ()
    ) -> dict[str, Territory]:
        return {
            bare_key(name): Territory(
                kind, name, self.academies_of(departments), frozenset(departments), bare_key(name) in everyday
            )
            for name, departments in table.items()
        }

    @cached_property
    def communes(self) -> Communes:
        """Names of communes; `communes.missing` if their table has not been made."""
        return load_communes(self.data_dir)

    def academy_of(self, department: str) -> str | None:
        """Code of the académie of a département ("2A", "34", "974"), None for one that does not exist."""
        return self._by_department.get(department)

    def academies_of(self, departments: Iterable[str]) -> tuple[str, ...]:
        """Codes of the académies of all `departments`, each once, in order."""
        return tuple(sorted({self._by_department[d] for d in departments if d in self._by_department}))

    def by_host(self, host: str) -> Territory | None:
        """What a mail or web domain tells: whole labels count, so "ac-lyon.fr.example.org" tells nothing."""
        labels = host.lower().strip(".").split(".")
        domain = ".".join(labels[-2:])
        if (code := self._by_domain.get(domain)) is not None:
            return Territory("academie", self.academies[code].name, (code,))
        if domain in _ELSEWHERE_DOMAINS:
            return Territory(_ELSEWHERE_DOMAINS[domain], domain, ())
        if domain.startswith(_REGION_DOMAIN):
            return self.territories.get(bare_key(labels[-2].removeprefix(_REGION_DOMAIN)))
        return None


def load_geography(config_dir: Path, data_dir: Path) -> Geography:
    """Read `academies.csv`, `territories.toml` and `ent.toml` of `config_dir`; communes of `data_dir` come later.

    Raises ConfigError naming every problem. A table of communes that has not been made is not one.
    """
    try:
        with (config_dir / "academies.csv").open(encoding="utf-8", newline="") as file:
            academies = [_academy(row) for row in csv.DictReader(file)]
        names = tomllib.loads((config_dir / "territories.toml").read_text("utf-8"))
        ents = tomllib.loads((config_dir / "ent.toml").read_text("utf-8"))
        problems = _problems(academies, names, ents)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ConfigError([f"La carte des académies est illisible : {error}"]) from error
    if problems:
        raise ConfigError(problems)
    return Geography(academies, names, ents["ent"], data_dir)


def _academy(row: Mapping[str, str]) -> Academy:
    return Academy(
        code=row["code"],
        name=row["academie"],
        region=row["region_academique"],
        zone=row["zone"],
        domain=row["domain"],
        departments=tuple(row["departments"].split(";")),
        timezone=row["timezone"],
    )


def _problems(academies: list[Academy], names: Mapping[str, Any], ents: Mapping[str, Any]) -> list[str]:
    departments = {d for academy in academies for d in academy.departments}
    codes = {academy.code for academy in academies}
    problems = []
    for table in ("departements", "regions", "places", "after_academie", "pairs"):
        for name, numbers in names[table].items():
            if unknown := sorted(set(numbers) - departments):
                problems.append(f"territories.toml, « {name} » : département inconnu ({', '.join(unknown)})")
    problems += [
        f"ent.toml, « {ent['names'][0]} » : académie inconnue ({', '.join(sorted(set(ent['academies']) - codes))})"
        for ent in ents["ent"]
        if not codes.issuperset(ent["academies"])
    ]
    return problems


def _longest(names: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        first = name.split(" ", 1)[0]
        longest[first] = max(longest.get(first, 0), name.count(" ") + 1)
    return longest
