"""What routing concluded about one request, in a form that is stored as it is and still understood years later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

from helpdesk.vocabulary import Audience, Priority


class Strength(IntEnum):
    """How far a clue is believed. Clues of one strength are only looked at when there are none of a higher one."""

    LAST = 1
    WEAK = 2
    STRONG = 3


@dataclass(frozen=True)
class Clue:
    """One thing in a request that tells of the académie of the child's school.

    `kind` is a slug ("uai", "commune", "departement"…), `value` what was understood ("0750654D", "Sète (34)").
    `academies` holds the ministry's codes: one means that the clue decides, several that it leaves a choice, none that
    it only tells something ("agricultural", "abroad"). `words` are the exact words as written; `start` and `end` are
    their place in `field`, one of "text", "subject", "school.name", "school.postal_code", "school.uai",
    "school.commune", "sender.email", "sender.phone". `uai` is the code of the one school that is told, if one is.
    """

    kind: str
    value: str
    academies: tuple[str, ...]
    strength: Strength
    words: str
    field: str
    start: int
    end: int
    uai: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "value": self.value,
            "academies": list(self.academies),
            "strength": int(self.strength),
            "words": self.words,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            **({"uai": self.uai} if self.uai else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The clue that `to_json` gave. KeyError or ValueError if `stored` is something else."""
        return cls(
            kind=stored["kind"],
            value=stored["value"],
            academies=tuple(stored["academies"]),
            strength=Strength(stored["strength"]),
            words=stored["words"],
            field=stored["field"],
            start=stored["start"],
            end=stored["end"],
            uai=stored.get("uai", ""),
        )


def school_told(clues: Iterable[Clue]) -> str:
    """The code of the school that clues tell of, "" if they tell of none or of several."""
    told = {clue.uai for clue in clues if clue.uai}
    return told.pop() if len(told) == 1 else ""


@dataclass(frozen=True)
class AcademyChoice:
    """The académie, or None for national triage, with the clues that decided or that disagreed.

    `reason` is a slug. With an académie: "strong", "weak", "last", "narrowed" (several clues, each leaving a choice,
    leave one together). Without: "none", "disagree", "ambiguous", "several-children", "agricultural", "abroad", "cned",
    "unknown-uai".
    """

    academy: str | None
    clues: tuple[Clue, ...]
    reason: str


@dataclass(frozen=True)
class Decision:
    """Where a request goes and why. `academy` None is national triage.

    `facts` are the values that the rules read ("topic", "level", "hurdle"…), so that the service can be worked out
    again from the stored decision alone; `words` are what was read as such in the request, by fact ("topic",
    "audience", "priority"). `rule` names the rule that fired and `because` is its reason in French, kept here because
    the decision outlives the rule. `academy_reason` is that of `AcademyChoice`.
    """

    academy: str | None
    topic: str
    audience: Audience
    priority: Priority
    service: str
    rule: str
    because: str
    clues: tuple[Clue, ...] = ()
    academy_reason: str = "none"
    facts: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A plain dict of JSON values; `from_json` gives back an equal decision."""
        return {
            "academy": self.academy,
            "topic": self.topic,
            "audience": self.audience.value,
            "priority": self.priority.value,
            "service": self.service,
            "rule": self.rule,
            "because": self.because,
            "clues": [clue.to_json() for clue in self.clues],
            "academy_reason": self.academy_reason,
            "facts": dict(self.facts),
            "words": {fact: list(words) for fact, words in self.words.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The decision that `to_json` gave. KeyError or ValueError if `stored` is something else."""
        return cls(
            academy=stored["academy"],
            topic=stored["topic"],
            audience=Audience(stored["audience"]),
            priority=Priority(stored["priority"]),
            service=stored["service"],
            rule=stored["rule"],
            because=stored["because"],
            clues=tuple(Clue.from_json(clue) for clue in stored["clues"]),
            academy_reason=stored["academy_reason"],
            facts=dict(stored["facts"]),
            words={fact: tuple(words) for fact, words in stored["words"].items()},
        )
