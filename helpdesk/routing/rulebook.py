"""Topics, rules and services read together, checked against each other, and ready to decide."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from helpdesk.errors import ConfigError
from helpdesk.routing import rules, services
from helpdesk.routing.geography import Academy
from helpdesk.routing.hits import Key
from helpdesk.routing.lexicon import Lexicon
from helpdesk.routing.likeness import Likeness, Manner, features
from helpdesk.routing.problems import Problems, only_known, read_toml, tables, text, texts
from helpdesk.routing.rules import Rule, parse_rules
from helpdesk.routing.services import Service, parse_services
from helpdesk.routing.wordlists import WordLists, check_expression, member_of, parse_word_lists
from helpdesk.vocabulary import Priority

TOPICS_FILE = "topics.toml"
EXAMPLES_FILE = "examples.toml"
ACADEMIES_FILE = "academies.csv"
FILES = (TOPICS_FILE, EXAMPLES_FILE, rules.FILE, services.FILE, ACADEMIES_FILE)
OTHERWISE = "hors-perimetre"  # the topic of what no expression names


@dataclass(frozen=True)
class Rulebook:
    """Everything that decides, as one value. `version` tells two rulebooks apart: a hash of their texts.

    `text` is that of the rules, as `config/routing.toml` or a published version has it; `config` is the hash of all
    other texts, so of what tells the facts that rules are asked about.
    """

    lists: WordLists
    rules: tuple[Rule, ...]
    services: tuple[Service, ...]
    lexicon: Lexicon
    likeness: Likeness
    version: str
    config: str
    text: str
    _by_slug: Mapping[str, Service] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_slug", {service.slug: service for service in self.services})

    def service(self, slug: str) -> Service:
        """KeyError for a slug that no rule can name."""
        return self._by_slug[slug]

    def label_of(self, topic: str) -> str:
        """The French name of a topic; its slug if it has left the file."""
        return next((one.label for one in self.lists.topics if one.slug == topic), topic)


def load_rulebook(config_dir: Path) -> Rulebook:
    """Read the files of `config_dir`. Raises ConfigError that lists every problem."""
    sources = {}
    problems = []
    for name in FILES:
        try:
            sources[name] = (config_dir / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name} : le fichier ne peut pas être lu ({error})")
    if problems:
        raise ConfigError(problems)
    return parse_rulebook(sources)


def parse_rulebook(sources: Mapping[str, str]) -> Rulebook:
    """The rulebook of the texts of `FILES`, by name, as a draft has them. Raises ConfigError with every problem."""
    if missing := [name for name in FILES if name not in sources]:
        raise ConfigError([f"{name} : le fichier manque" for name in missing])
    return _rulebook(tuple(sources[name] for name in FILES))


@lru_cache(maxsize=4)
def _rulebook(told: tuple[str, ...]) -> Rulebook:
    """The same texts give the same value: reading them and learning what topics are like takes seconds."""
    sources = dict(zip(FILES, told, strict=True))
    found: list[str] = []
    places = {name: Problems(name, found) for name in FILES}
    academies = _academies(sources[ACADEMIES_FILE], places[ACADEMIES_FILE])
    for name in FILES:
        if name.endswith(".toml"):
            read_toml(sources[name], places[name])
    if found:  # what is unreadable would be missed everywhere else
        raise ConfigError(found)
    lists = parse_word_lists(sources[TOPICS_FILE], places[TOPICS_FILE])
    every_service = parse_services(sources[services.FILE], academies, places[services.FILE])
    slugs = {topic.slug for topic in lists.topics}
    if OTHERWISE not in slugs:
        places[TOPICS_FILE].add(f"il manque le sujet « {OTHERWISE} », celui de ce qui n’en a pas d’autre")
    ordered = parse_rules(sources[rules.FILE], slugs, every_service, places[rules.FILE])
    words = _words_of(ordered, lists, places[rules.FILE])
    examples = _examples(sources[EXAMPLES_FILE], slugs, places[EXAMPLES_FILE])
    if found:
        raise ConfigError(found)
    lexicon = Lexicon((*lists.expressions, *words), lists.families, lists.language)
    return Rulebook(
        lists=lists,
        rules=ordered,
        services=every_service,
        lexicon=lexicon,
        likeness=Likeness(*examples, partial(_features_of, lexicon)),
        version=_hash(sources[name] for name in FILES),
        config=_hash(sources[name] for name in FILES if name != rules.FILE),
        text=sources[rules.FILE],
    )


def _features_of(lexicon: Lexicon, text: str) -> set[str]:
    return features(lexicon.tokens(text))


def read_rules(rulebook: Rulebook, source: str, place: str = rules.FILE) -> tuple[tuple[Rule, ...], list[str]]:
    """Other rules for the same topics and services, as far as they can be read, and every problem, said of `place`."""
    problems = Problems(place)
    read_toml(source, problems)
    if problems.found:
        return (), problems.found
    ordered = parse_rules(source, {topic.slug for topic in rulebook.lists.topics}, rulebook.services, problems)
    _words_of(ordered, rulebook.lists, problems)
    return ordered, problems.found


def with_rules(rulebook: Rulebook, source: str, place: str = rules.FILE) -> Rulebook:
    """The same topics and services under other rules. Raises ConfigError with every problem, said of `place`."""
    if source == rulebook.text:
        return rulebook
    ordered, problems = read_rules(rulebook, source, place)
    if problems:
        raise ConfigError(problems)
    return replace(
        rulebook,
        rules=ordered,
        lexicon=_lexicon_for(ordered, rulebook),
        version=_hash((rulebook.version, source)),
        text=source,
    )


def _lexicon_for(ordered: Iterable[Rule], rulebook: Rulebook) -> Lexicon:
    """That of the rulebook where the rules look for the same words: it is what takes time to make."""
    lists, nowhere = rulebook.lists, Problems(rules.FILE)
    words = _words_of(ordered, lists, nowhere)
    if words == _words_of(rulebook.rules, lists, nowhere):
        return rulebook.lexicon
    return Lexicon((*lists.expressions, *words), lists.families, lists.language)


def _hash(texts_of_files: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts_of_files).encode("utf-8", "replace")).hexdigest()[:16]


def _academies(source: str, problems: Problems) -> list[Academy]:
    try:
        return [
            Academy(
                code=row["code"],
                name=row["academie"],
                region=row["region_academique"],
                zone=row["zone"],
                domain=row["domain"],
                departments=tuple(row["departments"].split(";")),
                timezone=row["timezone"],
            )
            for row in csv.DictReader(source.splitlines())
        ]
    except (KeyError, AttributeError, csv.Error) as error:
        problems.add(f"le fichier ne peut pas être lu ({error})")
        return []


def _examples(
    source: str, topics: Iterable[str], problems: Problems
) -> tuple[list[tuple[Manner, str]], tuple[str, ...]]:
    """Texts, each with the manner of writing that it is an example of, one for each section; and the closings."""
    document = read_toml(source, problems)
    only_known(document, ("topic", "closings"), problems)
    examples = []
    for number, entry in enumerate(tables(document, "topic", problems)):
        slug = text(entry, "slug", problems)
        here = problems.at(f"topic « {slug} »")
        only_known(entry, ("slug", "priority", "examples"), here)
        if slug not in topics:
            here.add(f"le sujet « {slug} » n’existe pas")
        manner = Manner(slug, number, member_of(Priority, text(entry, "priority", here), here))
        examples += [(manner, example) for example in texts(entry, "examples", here)]
    return examples, texts(document, "closings", problems)


def _words_of(ordered: Iterable[Rule], lists: WordLists, problems: Problems) -> list[tuple[Key, str]]:
    """The expressions that rules look for themselves."""
    return [
        (Key("rule", rule.name, "words"), expression)
        for rule in ordered
        for expression in rule.words
        if check_expression(expression, lists.families, lists.language, problems.at(f"règle « {rule.name} »"))
    ]
