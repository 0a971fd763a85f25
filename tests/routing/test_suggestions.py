"""What an agent is offered first when a request was routed wrongly."""

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.assign import Routing
from helpdesk.routing.decide import decide
from helpdesk.routing.decision import Decision
from helpdesk.routing.suggestions import likely_services
from tests.application import MONDAY
from tests.routing.messages import a_message


def decided(routing: Routing, text: str, school: SchoolHint) -> Decision:
    return decide(a_message(text, school=school), routing.rulebook, routing.geography, today=MONDAY.date())


def offered(routing: Routing, decision: Decision) -> tuple[str, ...]:
    return likely_services(decision, routing.rulebook, routing.geography)


def test_the_other_services_of_the_academie_and_triage_are_offered(routing: Routing) -> None:
    decision = decided(routing, "Je n’arrive pas à me connecter à EduConnect.", SchoolHint(postal_code="69003"))

    assert decision.service == "assistance-10"
    assert offered(routing, decision) == ("scolarite-10", "personnels-10", "donnees-10", "triage-national")


def test_after_clues_that_disagreed_the_academies_they_named_come_first(routing: Routing) -> None:
    """What would have been decided for each of them: a scholarship is the schooling division's."""
    both = "Mon fils est au collège à Lyon 69003, ou au collège à Grenoble 38000, pour la bourse."
    decision = decided(routing, both, SchoolHint())

    assert decision.academy is None
    assert offered(routing, decision) == ("scolarite-10", "scolarite-08")


def test_what_was_decided_is_not_offered_again(routing: Routing) -> None:
    decision = decided(routing, "Je n’arrive pas à me connecter.", SchoolHint())

    assert decision.service == "triage-national"
    assert offered(routing, decision) == ()
