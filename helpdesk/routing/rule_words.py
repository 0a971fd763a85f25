"""A rule as people read it: its conditions and its service in French, and what changed between two lists of rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from helpdesk.routing.geography import Academy
from helpdesk.routing.rulebook import Rulebook
from helpdesk.routing.rules import NOWHERE, Rule
from helpdesk.vocabulary import AUDIENCE_LABELS, CHANNEL_LABELS, LEVEL_LABELS, PRIORITY_LABELS

_NBSP = "\u00a0"
CONDITIONS = {
    "topic": "Sujet",
    "audience": "Qui écrit",
    "channel": "Canal",
    "priority": "Priorité",
    "academy": "Académie de l’établissement",
    "level": "Degré",
    "sector": "Établissement",
    "words": "Mots du message",
    "days": "Jours",
    "hours": "Heures",
}
SECTOR_LABELS = {"public": "Public", "prive": "Privé"}
NO_ACADEMY = "Inconnue"
_LABELS: Mapping[str, Mapping[str, str]] = {
    "audience": {member.value: label for member, label in AUDIENCE_LABELS.items()},
    "channel": {member.value: label for member, label in CHANNEL_LABELS.items()},
    "priority": {member.value: label for member, label in PRIORITY_LABELS.items()},
    "level": {member.value: label for member, label in LEVEL_LABELS.items()},
    "sector": SECTOR_LABELS,
}


class Kind(StrEnum):
    """What became of a rule. `WRITTEN`: nothing that decides changed, only comments or layout."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    WRITTEN = "written"


@dataclass(frozen=True)
class RuleChange:
    """One difference. `before` and `after` are places counted from 1, 0 where the rule is not; `details` are what it
    says (label, before, after), with an empty text for what it does not ask.
    """

    kind: Kind
    name: str
    before: int = 0
    after: int = 0
    details: tuple[tuple[str, str, str], ...] = ()


class Reader:
    """Says rules in French, with the names that a rulebook and a list of académies give; an unknown slug stays."""

    def __init__(self, rulebook: Rulebook, academies: Mapping[str, Academy]) -> None:
        self._rulebook, self._academies = rulebook, academies

    def conditions(self, rule: Rule) -> list[tuple[str, str]]:
        """(what is asked, which answers will do), in the order of `CONDITIONS`; empty for a rule that always holds."""
        told = {
            name: " ou ".join(self.value(name, each) for each in values) for name, values in rule.conditions.items()
        }
        if rule.words:
            told["words"] = " ou ".join(f"«{_NBSP}{word}{_NBSP}»" for word in rule.words)
        if rule.hours:
            told["hours"] = hours_in_words(rule.hours)
        return [(label, told[name]) for name, label in CONDITIONS.items() if told.get(name)]

    def value(self, condition: str, slug: str) -> str:
        """One answer to a condition: « Collège ou lycée », « Lyon », « lundi »."""
        if condition == "topic":
            return self._rulebook.label_of(slug)
        if condition == "academy":
            return NO_ACADEMY if slug == NOWHERE else getattr(self._academies.get(slug), "name", slug)
        return _LABELS.get(condition, {}).get(slug, slug)

    def service(self, rule: Rule) -> str:
        """Where it leads: « Scolarité, dans l’académie de l’établissement »."""
        if not rule.named:
            title = next((each.title for each in self._rulebook.services if each.kind == rule.service), rule.service)
            return f"{title}, dans l’académie de l’établissement"
        try:
            service = self._rulebook.service(rule.service)
        except KeyError:
            return rule.service
        return f"{service.name}, où que soit l’établissement" if service.academy else service.title

    def details(self, rule: Rule) -> dict[str, str]:
        """All that it says, by label."""
        return {**dict(self.conditions(rule)), "Service": self.service(rule), "Raison": rule.because}

    def changes(self, before: Sequence[Rule], after: Sequence[Rule]) -> list[RuleChange]:
        """What somebody who knows the rules of `before` has to learn, in the order of `after`, removals last."""
        old = {rule.name: (place, rule) for place, rule in enumerate(before, 1)}
        new = {rule.name: (place, rule) for place, rule in enumerate(after, 1)}
        displaced = _displaced([name for name in old if name in new], [name for name in new if name in old])
        found = []
        for name, (place, rule) in new.items():
            if name not in old:
                found.append(RuleChange(Kind.ADDED, name, 0, place, self._differences(None, rule)))
                continue
            was, former = old[name]
            if details := self._differences(former, rule):
                found.append(RuleChange(Kind.CHANGED, name, was, place, details))
            if name in displaced:
                found.append(RuleChange(Kind.MOVED, name, was, place))
        for name, (place, rule) in old.items():
            if name not in new:
                found.append(RuleChange(Kind.REMOVED, name, place, 0, self._differences(rule, None)))
        return found

    def _differences(self, before: Rule | None, after: Rule | None) -> tuple[tuple[str, str, str], ...]:
        old = self.details(before) if before else {}
        new = self.details(after) if after else {}
        return tuple(
            (label, old.get(label, ""), new.get(label, ""))
            for label in (*CONDITIONS.values(), "Service", "Raison")
            if old.get(label, "") != new.get(label, "")
        )


def hours_in_words(hours: str) -> str:
    """« de 18 h à 8 h 30 », as a rule writes « 18:00-08:30 »; any other text stays as it is."""
    begin, _dash, end = hours.partition("-")
    if not (begin[2:3] == end[2:3] == ":"):
        return hours
    return f"de {_clock(begin)} à {_clock(end)}"


def _clock(time: str) -> str:
    hour, minute = time.split(":", 1)
    return f"{int(hour)}{_NBSP}h{_NBSP + minute if minute != '00' else ''}"


def _displaced(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Names whose order changed: the fewest that tell it."""
    kept = SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    return set(after) - {after[block.b + step] for block in kept for step in range(block.size)}
