"""Where a request may belong that was routed wrongly: the first choices that an agent is offered."""

from collections.abc import Iterator

from helpdesk.routing.decision import Decision
from helpdesk.routing.geography import Geography
from helpdesk.routing.rulebook import Rulebook
from helpdesk.routing.rules import first_rule

_ACADEMIES = 4  # other académies; a name borne in more of them says too little


def likely_services(decision: Decision, rulebook: Rulebook, geography: Geography) -> tuple[str, ...]:
    """Slugs, likeliest first: what the rules say for the other académies that the clues named, the other services of
    the académie that was chosen, and national triage, where people who know look further.
    """
    others = list(_in_other_academies(decision, rulebook, geography))[:_ACADEMIES]
    same = [service.slug for service in rulebook.services if service.academy and service.academy == decision.academy]
    triage = rulebook.rules[-1].service
    return tuple(slug for slug in dict.fromkeys([*others, *same, triage]) if slug != decision.service)


def _in_other_academies(decision: Decision, rulebook: Rulebook, geography: Geography) -> Iterator[str]:
    named = dict.fromkeys(code for clue in decision.clues for code in clue.academies)
    for code in named:
        if code in geography.academies and code != decision.academy:
            facts = {**decision.facts, "academy": code}
            yield first_rule(rulebook.rules, facts).slug_for(facts)
