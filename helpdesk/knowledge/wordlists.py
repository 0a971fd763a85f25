"""Reading `config/synonyms.toml`: its lists made into `Synonyms`, its mistakes told in the words of an editor."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk.errors import ConfigError
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.stems import stem, words

_NAME = "synonyms.toml"
_KEYS = {"synonymes", "proches", "abreviations", "mots-vides", "mots-courants", "hors-sujet"}


def read_synonyms(text: str) -> Synonyms:
    """Understand the file; who calls opens it. Raises one ConfigError that lists every mistake, in French."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{_NAME} : le fichier n’est pas du TOML valide ({error})."]) from error
    lists = _Lists(data)
    if lists.problems:
        raise ConfigError([f"{_NAME} : {problem}" for problem in lists.problems])
    return lists.synonyms()


class _Lists:
    """The lists of the file as they stand there, and `problems`: all that is wrong with them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.problems = [f"clé inconnue « {key} »." for key in sorted(data.keys() - _KEYS)]
        self._groups = self._read_groups(data.get("synonymes", []))
        self._near = {key: _parts(line) for key, line in self._table(data, "proches").items()}
        self._short = self._table(data, "abreviations")
        self._fillers = _written(self._table(data, "mots-vides").values())
        self._common = self._line(data, "mots-courants")
        self._foreign = self._line(data, "hors-sujet")
        self._meanings = self._read_meanings()
        self._look_for_empty_phrases()
        self._look_for_contradictions()

    def synonyms(self) -> Synonyms:
        other_words = [phrase for phrase in self._foreign if len(_folded(phrase)) == 1]
        phrases = [phrase for group in self._groups for phrase in group]
        phrases += [*self._near, *(part for parts in self._near.values() for part in parts)]
        phrases += [phrase for phrase in self._foreign if phrase not in other_words]
        return Synonyms(
            meanings=self._meanings,
            near={self._term(key): tuple(self._term(part) for part in parts) for key, parts in self._near.items()},
            run_together={"".join(_folded(phrase)): _folded(phrase) for phrase in phrases if len(_folded(phrase)) > 1},
            short={_folded(key)[0]: _folded(line) for key, line in self._short.items()},
            fillers=frozenset(self._fillers),
            common=frozenset(self._term(phrase) for phrase in self._common),
            foreign=frozenset(self._term(phrase) for phrase in self._foreign),
            foreign_words=frozenset(_written(other_words)),
            written=self._fillers | _written([*self._common, *self._short.values(), *reversed(phrases)]),
        )

    def _read_groups(self, groups: Any) -> list[list[str]]:
        if not isinstance(groups, list):
            self.problems.append("« synonymes » attend une liste de listes de mots.")
            return []
        for group in groups:
            if not _is_list_of_words(group):
                self.problems.append(f"« {group} » n’est pas une liste de mots.")
        return [group for group in groups if _is_list_of_words(group)]

    def _read_meanings(self) -> dict[tuple[str, ...], str]:
        meanings: dict[tuple[str, ...], str] = {}
        for group in self._groups:
            name = " ".join(_stems(group[0]))
            for phrase in group:
                if meanings.setdefault(_stems(phrase), name) != name:
                    self.problems.append(f"« {phrase} », ou sa racine, a deux sens ; gardez-en un, ou voyez [proches].")
        for phrase in self._foreign:
            if _stems(phrase) in meanings:
                self.problems.append(f"« {phrase} » (hors-sujet), ou sa racine, figure aussi dans « synonymes ».")
        for phrase in (*self._foreign, *self._near):
            meanings.setdefault(_stems(phrase), " ".join(_stems(phrase)))
        return meanings

    def _look_for_empty_phrases(self) -> None:
        lines = [*self._near, *self._short, *self._short.values(), *self._common, *self._foreign]
        lines += [part for parts in self._near.values() for part in parts]
        lines += [phrase for group in self._groups for phrase in group]
        self.problems += [f"« {line} » ne contient aucun mot." for line in lines if not _folded(line)]
        self.problems += [
            f"[abreviations] « {key} » doit être un seul mot." for key in self._short if len(words(key)) > 1
        ]

    def _look_for_contradictions(self) -> None:
        """A filler is left out before anything else is looked at, so it cannot have a meaning besides."""
        places = {"synonymes": [phrase for group in self._groups for phrase in group]}
        places |= {"proches": list(self._near), "hors-sujet": self._foreign}
        for name, phrases in places.items():
            self.problems += [
                f"« {phrase} » figure à la fois dans [mots-vides] et dans « {name} »."
                for phrase in phrases
                if len(_folded(phrase)) == 1 and _folded(phrase)[0] in self._fillers
            ]

    def _term(self, phrase: str) -> str:
        return self._meanings.get(_stems(phrase), " ".join(_stems(phrase)))

    def _table(self, data: Mapping[str, Any], key: str) -> dict[str, str]:
        table = data.get(key, {})
        if not isinstance(table, dict) or not all(isinstance(line, str) for line in table.values()):
            self.problems.append(f'[{key}] attend des lignes « "nom" = "mots" ».')
            return {}
        return table

    def _line(self, data: Mapping[str, Any], key: str) -> list[str]:
        line = data.get(key, "")
        if not isinstance(line, str):
            self.problems.append(f"« {key} » attend un texte, les mots séparés par des virgules.")
            return []
        return _parts(line)


def _is_list_of_words(group: object) -> bool:
    return isinstance(group, list) and bool(group) and all(isinstance(phrase, str) for phrase in group)


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(",") if part.strip()]


def _written(lines: Iterable[str]) -> dict[str, str]:
    """Each word of the lines, folded → as it is written there."""
    return {word.folded: line[word.start : word.end] for line in lines for word in words(line)}


def _folded(phrase: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(phrase))


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _folded(phrase))
