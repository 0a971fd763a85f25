"""What `config/phone.toml` says: the topics of the menu, how long the line waits, how often it asks."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from helpdesk.errors import ConfigError
from helpdesk.text import fold

_NUMBERS = {"wait": (1, 30), "tries": (1, 5), "record_seconds": (10, 600), "record_silence": (2, 30), "slots": (1, 6),
            "slot_hours": (1, 12)}  # fmt: skip
_TOPICS_AT_MOST = 7  # one key each; 8, 9 and 0 mean the same everywhere


@dataclass(frozen=True)
class MenuTopic:
    """A line of the menu. `labels` by language; `says` is what the ticket will say of it, in French."""

    key: str
    labels: Mapping[str, str]
    topics: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Menu:
    """Lengths of time are in seconds. `voices` by language, where one is wished for; `danger` is folded. `unsaid`
    stands for the words of a topic where none was chosen.
    """

    wait: int
    tries: int
    record_seconds: int
    record_silence: int
    slots: int
    slot_length: timedelta
    voices: Mapping[str, str]
    danger: tuple[str, ...]
    unsaid: str
    topics: Sequence[MenuTopic]

    def topic(self, key: str) -> MenuTopic | None:
        """The line of that key; None once it has left the file."""
        return next((topic for topic in self.topics if topic.key == key), None)


def load_menu(path: Path, known_topics: Sequence[str], languages: Sequence[str]) -> Menu:
    """Read and check the file. Raises one ConfigError that names all that is wrong. `known_topics`: slugs."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path.name} : {error}."]) from error
    problems = [
        f"« {key} » : inconnu." for key in told.keys() - _NUMBERS.keys() - {"voices", "danger", "topic", "unsaid"}
    ]
    numbers = {name: _number(told, name, *span, problems) for name, span in _NUMBERS.items()}
    topics = [_topic(each, place, known_topics, languages, problems) for place, each in enumerate(_list(told), 1)]
    if not 1 <= len(topics) <= _TOPICS_AT_MOST:
        problems.append(f"[[topic]] : de 1 à {_TOPICS_AT_MOST} sujets, une touche pour chacun.")
    if len({topic.key for topic in topics}) < len(topics):
        problems.append("[[topic]] : deux sujets ont la même « key ».")
    danger, voices = _table(told, "danger").get("words", []), _table(told, "voices")
    if not isinstance(danger, list) or not all(isinstance(word, str) and fold(word).strip() for word in danger):
        problems.append("[danger] « words » : attend une liste de mots.")
        danger = []
    if not all(isinstance(voice, str) for voice in voices.values()):
        problems.append("[voices] : attend des noms de voix.")
        voices = {}
    unsaid = told.get("unsaid")
    if not isinstance(unsaid, str) or not unsaid.strip():
        problems.append("« unsaid » : attend un texte.")
    if problems:
        raise ConfigError([f"{path.name}, {problem}" for problem in problems])
    slot_length = timedelta(hours=numbers.pop("slot_hours"))
    words = tuple(fold(word).strip() for word in danger)
    return Menu(**numbers, slot_length=slot_length, voices=voices, danger=words, unsaid=str(unsaid), topics=topics)


def _number(told: Mapping[str, Any], name: str, least: int, most: int, problems: list[str]) -> int:
    value = told.get(name)
    if type(value) is int and least <= value <= most:
        return value
    problems.append(f"« {name} » (« {value} ») : attend un nombre de {least} à {most}.")
    return least


def _table(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = told.get(name, {})
    return table if isinstance(table, dict) else {}


def _list(told: Mapping[str, Any]) -> Sequence[Any]:
    topics = told.get("topic", [])
    return topics if isinstance(topics, list) else []


def _topic(
    told: Any, place: int, known_topics: Sequence[str], languages: Sequence[str], problems: list[str]
) -> MenuTopic:
    told = told if isinstance(told, dict) else {}
    missing = [name for name in ("key", "says", *languages) if not str(told.get(name, "")).strip()]
    problems += [f"[[topic]] n° {place} : il manque « {name} »." for name in missing]
    slugs = told.get("topics", [])
    slugs = slugs if isinstance(slugs, list) else [slugs]
    problems += [f"[[topic]] n° {place} : sujet inconnu « {slug} »." for slug in slugs if slug not in known_topics]
    labels = {language: str(told.get(language, "")) for language in languages}
    return MenuTopic(str(told.get("key", "")), labels, tuple(map(str, slugs)), str(told.get("says", "")))
