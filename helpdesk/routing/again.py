"""A decision that was stored, thought again under other rules or another map, from as little as that takes.

Rules ask only facts, which the decision keeps; the text of the message is needed for the words that rules look for
themselves, the whole message for an académie to be found again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import IntEnum
from functools import cached_property

from helpdesk.intake.message import IncomingMessage
from helpdesk.routing.decide import chosen, moment, title_of
from helpdesk.routing.decision import AcademyChoice, Decision
from helpdesk.routing.geography import Geography
from helpdesk.routing.hits import Key
from helpdesk.routing.lexicon import Lexicon
from helpdesk.routing.reading import read
from helpdesk.routing.rulebook import Rulebook
from helpdesk.routing.rules import LEFT_TO, RULE, SAID, first_rule
from helpdesk.routing.understanding import said_for_rules

Said = Mapping[str, tuple[str, ...]]


class Depth(IntEnum):
    """How much of a decision a change of the configuration puts in question."""

    RULES = 0  # facts stand; only the service is chosen again
    PLACES = 1  # what was understood stands; the académie is looked for again
    WORDS = 2  # everything is decided again


# By file of `config/`; a file that is not here decides nothing.
DEPTHS = {
    "routing.toml": Depth.RULES,
    "services.toml": Depth.RULES,
    "academies.csv": Depth.PLACES,
    "territories.toml": Depth.PLACES,
    "ent.toml": Depth.PLACES,
    "topics.toml": Depth.WORDS,
    "examples.toml": Depth.WORDS,
}


class RuleWords:
    """Finds the words that the rules of a rulebook look for themselves."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._words = [(Key("rule", rule.name, "words"), each) for rule in rulebook.rules for each in rule.words]
        self.needed = bool(self._words)

    @cached_property
    def _few(self) -> Lexicon:
        return Lexicon(self._words, self._rulebook.lists.families, self._rulebook.lists.language)

    def said(self, incoming: IncomingMessage) -> Said:
        """The rules whose words the message holds, each with them, exactly as when a message is decided on.

        The words alone are looked for first: most messages hold none, and all other expressions are then left alone.
        """
        reading = read(incoming.subject, incoming.text)
        readings = [reading.words, reading.whole().words] if reading.signature else [reading.words]
        return said_for_rules(incoming, self._rulebook) if any(map(self._few.find, readings)) else {}


def under(decision: Decision, rulebook: Rulebook, geography: Geography, said: Said) -> Decision:
    """What these rules make of the facts that a decision keeps."""
    facts = {**decision.facts, SAID: "\n".join(sorted(said))}
    rule = first_rule(rulebook.rules, facts)
    slug, because, left = chosen(rule, facts, rulebook)
    return replace(
        decision,
        service=slug,
        rule=rule.name,
        because=because,
        facts={
            **facts,
            RULE: rule.to_json(),
            LEFT_TO: left,
            "service_title": title_of(rulebook.service(slug), facts, geography),
            "config": rulebook.config,
        },
        words={**decision.words, "rule": said.get(rule.name, ())},
    )


def placed(decision: Decision, choice: AcademyChoice, geography: Geography, now: datetime) -> Decision:
    """The same with the académie that this map gives; its service is to be chosen afterwards, by `under`."""
    facts = {
        **decision.facts,
        "academy": choice.academy or "",
        "academy_name": geography.academies[choice.academy].name if choice.academy else "",
        "academy_reason": choice.reason,
        **moment(now, choice.academy, geography),
    }
    return replace(decision, academy=choice.academy, clues=choice.clues, academy_reason=choice.reason, facts=facts)
