"""The ordered rules that choose a service: the first whose conditions all hold wins."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from typing import Any

from helpdesk.routing.decision import Decision
from helpdesk.routing.problems import Problems, only_known, read_toml, tables, text, texts
from helpdesk.routing.services import Service, slug_in
from helpdesk.vocabulary import Audience, Channel, Level, Priority

FILE = "routing.toml"
NOWHERE = "aucune"  # what a rule writes for « no académie found »
MOST = 500  # rules; more could not be read by people, nor weighed at each request
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SECTORS = ("public", "prive")
SAID = "said"  # fact: names of the rules whose words the message holds, one a line
LEFT_TO = "left_to"  # fact: the service whose mailbox chose instead of the rule, or empty
RULE = "rule"  # fact: the rule that fired, as it was then
LISTS = ("topic", "audience", "channel", "priority", "academy", "level", "sector", "days")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Rule:
    """Conditions by name, each with the values that satisfy it; `words` are expressions, `hours` a window or empty.

    `service` is a kind of service in the académie of the school or, if `named`, the slug of one service, national or
    of some académie, wherever the school is.
    """

    name: str
    service: str
    because: str
    named: bool = False
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    hours: str = ""

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether it applies to these facts. An académie's service needs an académie."""
        return (
            (self.named or bool(facts.get("academy")))
            and all(_value(facts, name) in allowed for name, allowed in self.conditions.items())
            and (not self.words or self.name in facts.get(SAID, "").split("\n"))
            and (not self.hours or _within(self.hours, facts.get("time", "")))
        )

    def slug_for(self, facts: Mapping[str, str]) -> str:
        """The slug of the service it names, given facts that it holds for."""
        return self.service if self.named else slug_in(self.service, facts["academy"])

    def to_json(self) -> str:
        return self._json

    @cached_property
    def _json(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "service": self.service,
                "because": self.because,
                "named": self.named,
                "conditions": {name: list(values) for name, values in self.conditions.items()},
                "words": list(self.words),
                "hours": self.hours,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, stored: str) -> "Rule":
        """The rule that `to_json` gave. KeyError or ValueError if `stored` is something else."""
        told = json.loads(stored)
        if "national" in told:  # as the first decisions were kept, when only a national service could be named
            told["named"] = told.pop("national")
        conditions = {name: tuple(values) for name, values in told["conditions"].items()}
        return cls(**{**told, "conditions": conditions, "words": tuple(told["words"])})


def first_rule(rules: Iterable[Rule], facts: Mapping[str, str]) -> Rule:
    """The rule that decides. Rules are checked on reading to end with one that always holds."""
    return next(rule for rule in rules if rule.holds(facts))


def recompute_service(decision: Decision) -> str:
    """The service again, from the facts and the rule kept in the decision alone.

    Raises ValueError if the kept rule does not hold for the kept facts: the decision was altered.
    """
    rule = Rule.from_json(decision.facts[RULE])
    if not rule.holds(decision.facts):
        raise ValueError(f"la règle « {rule.name} » ne convient pas aux faits gardés")
    return decision.facts.get(LEFT_TO) or rule.slug_for(decision.facts)


def parse_rules(
    source: str, topics: Iterable[str], services: Iterable[Service], problems: Problems
) -> tuple[Rule, ...]:
    """Read `config/routing.toml`, telling `problems` of everything wrong but the words, checked with the others."""
    services = tuple(services)
    slugs = {service.slug for service in services}
    national = {service.slug for service in services if service.academy is None}
    kinds = {service.kind for service in services if service.academy is not None}
    allowed = _allowed(topics, services)
    document = read_toml(source, problems)
    only_known(document, ("rule",), problems)
    rules: list[Rule] = []
    names: set[str] = set()
    entries = tables(document, "rule", problems)
    if len(entries) > MOST:
        problems.add(f"plus de {MOST} règles")
    for entry in entries[:MOST]:
        name = text(entry, "name", problems)
        here = problems.at(f"règle « {name} »")
        if name in names:
            here.add("une autre règle porte ce nom")
        names.add(name)
        if "\n" in name:
            here.add("un nom tient sur une ligne")
        rules.append(_rule(entry, slugs, allowed, here))
        if rules[-1].service and rules[-1].service not in slugs | kinds:
            here.add(f"le service « {rules[-1].service} » n’existe pas")
    if not rules or not _always_holds(rules[-1]) or rules[-1].service not in national:
        problems.add("la dernière règle doit être sans condition et mener à un service national")
    for rule in rules[:-1]:
        if _always_holds(rule):
            problems.at(f"règle « {rule.name} »").add("sans condition, elle empêche toutes les suivantes")
    return tuple(rules)


def _rule(entry: Mapping[str, Any], slugs: set[str], allowed: Mapping[str, set[str]], problems: Problems) -> Rule:
    only_known(entry, ("name", "service", "because", "words", "hours", *LISTS), problems)
    conditions = {}
    for condition in LISTS:
        if condition in entry:
            conditions[condition] = texts(entry, condition, problems)
            if entry[condition] == []:
                problems.add(f"« {condition} » est une liste vide : aucune demande ne conviendrait")
            for value in conditions[condition]:
                if value not in allowed[condition]:
                    problems.add(f"« {value} » n’existe pas ({condition})")
    hours = text(entry, "hours", problems)
    if hours and not _HOURS.fullmatch(hours):
        problems.add(f"« {hours} » doit s’écrire comme « 18:00-08:00 »")
        hours = ""
    service = text(entry, "service", problems, required=True)
    return Rule(
        name=text(entry, "name", problems, required=True),
        service=service,
        because=text(entry, "because", problems, required=True),
        named=service in slugs,
        conditions=conditions,
        words=texts(entry, "words", problems),
        hours=hours,
    )


def _allowed(topics: Iterable[str], services: Iterable[Service]) -> dict[str, set[str]]:
    return {
        "topic": set(topics),
        "audience": set(Audience),
        "channel": set(Channel),
        "priority": set(Priority),
        "academy": {service.academy for service in services if service.academy} | {NOWHERE},
        "level": set(Level),
        "sector": set(SECTORS),
        "days": set(DAYS),
    }


def _always_holds(rule: Rule) -> bool:
    return rule.named and not (rule.conditions or rule.words or rule.hours)


def _value(facts: Mapping[str, str], name: str) -> str:
    if name == "academy":
        return facts.get("academy") or NOWHERE
    return facts.get({"days": "day"}.get(name, name), "")


def _within(hours: str, moment: str) -> bool:
    """Whether « 18:05 » lies in « 18:00-08:00 »; the end is not included. An unknown moment lies in no window."""
    if not moment:
        return False
    begin, end = (time.fromisoformat(part) for part in hours.split("-"))
    now = time.fromisoformat(moment)
    return begin <= now < end if begin < end else now >= begin or now < end
