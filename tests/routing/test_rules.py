"""Rules: the first that holds wins, a mistake is named before it does harm, a decision can be worked out again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from helpdesk.errors import ConfigError
from helpdesk.intake.message import SchoolHint
from helpdesk.routing.decide import decide
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import sentence
from helpdesk.routing.geography import Geography
from helpdesk.routing.rulebook import FILES, parse_rulebook
from helpdesk.routing.rules import recompute_service
from helpdesk.vocabulary import Channel, Level
from tests.routing.messages import a_message
from tests.routing.rulebooks import SMALL, TODAY, a_small_rulebook, the_rulebook, the_texts
from tests.routing.score import CASES, cases

GRENOBLE = SchoolHint(name="Lycée", commune="Grenoble", postal_code="38000", level=Level.SECOND)
LAST = '[[rule]]\nname = "reste"\nservice = "triage-national"\nbecause = "rien d’autre ne convient"\n'


def with_rule(rule: str) -> str:
    """A rules file with that rule, and the one that always holds."""
    return f'[[rule]]\nname = "essai"\nbecause = "c’est un essai"\n{rule}\n{LAST}'


def problems(**changed: str) -> list[str]:
    """What is wrong with the small rulebook after a change."""
    with pytest.raises(ConfigError) as caught:
        a_small_rulebook(**changed)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Je demande une bourse", "scolarite-08"),
        ("Mon compte ne s'ouvre pas", "assistance-08"),
    ],
)
def test_the_first_rule_that_holds_chooses_the_service_of_the_schools_academy(
    text: str, service: str, france: Geography
) -> None:
    decision = decide(a_message(text, school=GRENOBLE), a_small_rulebook(), france, today=TODAY)

    assert decision.service == service


def test_an_academys_service_is_not_chosen_where_no_academy_is_known(france: Geography) -> None:
    decision = decide(a_message("Je demande une bourse"), a_small_rulebook(), france, today=TODAY)

    assert (decision.service, decision.rule) == ("triage-national", "reste")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('topic = ["teleservices"]', True),
        ('topic = ["hors-perimetre"]', False),
        ('audience = ["responsable"]', True),
        ('audience = ["enseignant"]', False),
        ('channel = ["email", "web"]', True),
        ('channel = ["phone"]', False),
        ('priority = ["normal"]', True),
        ('priority = ["urgent"]', False),
        ('academy = ["08"]', True),
        ('academy = ["28", "aucune"]', False),
        ('level = ["second-degre"]', True),
        ('level = ["premier-degre"]', False),
        ('words = ["bourse + lycée"]', True),
        ('words = ["cantine"]', False),
        ('days = ["mardi"]', True),
        ('days = ["samedi", "dimanche"]', False),
        ('hours = "18:00-08:00"', True),
        ('hours = "08:00-18:00"', False),
    ],
)
def test_each_condition_is_weighed(condition: str, holds: bool, france: Geography) -> None:
    rulebook = a_small_rulebook(routing=with_rule(f'service = "scolarite"\n{condition}'))
    mail = a_message("Je suis la mère d'un élève, je demande une bourse de lycée", school=GRENOBLE)
    evening = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)

    decision = decide(mail, rulebook, france, today=TODAY, now=evening)

    assert (decision.rule == "essai") is holds


def test_hours_are_those_of_the_academy(france: Geography) -> None:
    rulebook = a_small_rulebook(routing=with_rule('service = "assistance"\nhours = "08:00-12:00"'))
    noon_less_a_quarter_in_saint_denis = datetime(2026, 11, 24, 7, 45, tzinfo=UTC)

    decisions = [
        decide(
            a_message("bonjour", school=school), rulebook, france, today=TODAY, now=noon_less_a_quarter_in_saint_denis
        )
        for school in (SchoolHint(postal_code="97400"), replace(GRENOBLE, postal_code="38000"))
    ]

    assert [decision.service for decision in decisions] == ["assistance-28", "assistance-08"]


def test_without_the_hour_no_rule_with_hours_holds(france: Geography) -> None:
    rulebook = a_small_rulebook(routing=with_rule('service = "assistance"\nhours = "00:00-23:59"'))

    decision = decide(a_message("bonjour", school=GRENOBLE), rulebook, france, today=TODAY)

    assert decision.rule == "reste"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ('service = "bouses"', "routing.toml, règle « essai » : le service « bouses » n’existe pas"),
        (
            'service = "scolarite"\ntopic = ["bource"]',
            "routing.toml, règle « essai » : « bource » n’existe pas (topic)",
        ),
        (
            'service = "scolarite"\nwords = ["code + "]',
            "routing.toml, règle « essai » : « code +  » : il manque un mot",
        ),
        (
            'service = "scolarite"\nwords = ["SIGLE"]',
            "routing.toml, règle « essai » : la famille « SIGLE » n’existe pas (un mot s’écrit en minuscules)",
        ),
        (
            'service = "scolarite"\nhours = "18h-8h"',
            "routing.toml, règle « essai » : « 18h-8h » doit s’écrire comme « 18:00-08:00 »",
        ),
        ('service = "scolarite"\nsujet = ["x"]', "routing.toml, règle « essai » : « sujet » n’existe pas ici"),
        ('service = "scolarite"\nname = "reste"', "routing.toml, règle « reste » : une autre règle porte ce nom"),
        ("", "routing.toml, règle « essai » : il manque « service »"),
        (
            'service = "scolarite"\ntopic = []',
            "routing.toml, règle « essai » : « topic » est une liste vide : aucune demande ne conviendrait",
        ),
        ('service = "scolarite-99"', "routing.toml, règle « essai » : le service « scolarite-99 » n’existe pas"),
    ],
)
def test_a_mistake_in_a_rule_is_named_by_file_rule_and_word(rule: str, complaint: str) -> None:
    source = with_rule(rule).replace('name = "essai"\n', "") if "name =" in rule else with_rule(rule)

    assert complaint in problems(routing=source)


def test_every_mistake_is_told_at_once() -> None:
    routing = with_rule('service = "bouses"\ntopic = ["bource"]')

    found = problems(routing=routing, services=SMALL["services.toml"].replace('name = "Assistance"', ""))

    assert len(found) == 3, found


def test_rules_that_end_without_one_that_always_holds_are_refused() -> None:
    rule = '[[rule]]\nname = "a"\nservice = "assistance"\nbecause = "b"\n'

    assert "routing.toml : la dernière règle doit être sans condition et mener à un service national" in problems(
        routing=rule
    )


def test_a_rule_without_condition_before_the_last_is_refused() -> None:
    assert "routing.toml, règle « essai » : sans condition, elle empêche toutes les suivantes" in problems(
        routing=with_rule('service = "triage-national"')
    )


def test_the_last_rule_cannot_lead_to_the_service_of_one_academy() -> None:
    routing = LAST.replace("triage-national", "assistance-08")

    assert "routing.toml : la dernière règle doit être sans condition et mener à un service national" in problems(
        routing=routing
    )


def test_one_academy_can_answer_for_another_and_the_reason_says_so(france: Geography) -> None:
    rule = 'academy = ["28"]\nservice = "assistance-08"'
    rulebook = a_small_rulebook(routing=with_rule(rule))

    decision = decide(a_message("bonjour", school=SchoolHint(postal_code="97400")), rulebook, france, today=TODAY)

    assert (decision.academy, decision.service) == ("28", "assistance-08")
    assert "Service Assistance de l’académie de Grenoble : c’est un essai" in sentence(decision).replace("\u00a0", " ")
    assert recompute_service(decision) == "assistance-08"


def test_an_academys_own_service_is_told_without_its_name(france: Geography) -> None:
    rulebook = a_small_rulebook(routing=with_rule('academy = ["08"]\nservice = "assistance-08"'))

    decision = decide(a_message("bonjour", school=GRENOBLE), rulebook, france, today=TODAY)

    assert "Service Assistance : c’est un essai" in sentence(decision).replace("\u00a0", " ")


def test_a_decision_of_the_first_release_can_still_be_worked_out_again(france: Geography) -> None:
    decision = decide(a_message("bonjour"), a_small_rulebook(), france, today=TODAY)
    kept = json.loads(decision.facts["rule"])
    kept["national"] = kept.pop("named")

    former = replace(decision, facts={**decision.facts, "rule": json.dumps(kept)})

    assert recompute_service(former) == "triage-national"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('name = "a', "ligne 2, colonne 10 : un texte est coupé par la fin de la ligne"),
        ('topic = ["a"', "à la fin : un crochet n’est pas refermé"),
        ("name = a", "ligne 2, colonne 8 : une valeur s’écrit entre guillemets droits"),
        ('name "a"', "ligne 2, colonne 6 : il manque le signe ="),
        ('name = "a"\nname = "b"', "ligne 3, colonne 11 : la même chose est écrite deux fois dans cette règle"),
    ],
)
def test_what_is_not_toml_is_told_in_french_with_its_line(line: str, complaint: str) -> None:
    ending = "" if "fin :" in complaint else "\n"

    (problem,) = problems(routing=f"[[rule]]\n{line}{ending}")

    assert problem.startswith("routing.toml : le fichier ne peut pas être lu, ")
    assert complaint in problem


def test_a_file_that_is_not_toml_is_the_only_thing_told() -> None:
    (problem,) = problems(topics="[[topic\n")

    assert problem.startswith("topics.toml : le fichier ne peut pas être lu")


def test_the_rulebook_of_the_configuration_reads_the_same_from_its_texts() -> None:
    texts = the_texts()

    assert set(texts) == set(FILES)
    assert parse_rulebook(texts).version == the_rulebook().version


def test_every_service_can_be_worked_out_again_from_the_stored_decision_alone(france: Geography) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for case, incoming in cases(CASES / "tuned.jsonl"):
        decision = decide(incoming, the_rulebook(), france, today=date(2026, 11, 24), now=now)
        stored = Decision.from_json(json.loads(json.dumps(decision.to_json())))

        assert recompute_service(stored) == decision.service, case["id"]


def test_an_altered_decision_is_refused(france: Geography) -> None:
    decision = decide(a_message("Je demande une bourse", school=GRENOBLE), a_small_rulebook(), france, today=TODAY)
    altered = replace(decision, facts={**decision.facts, "topic": "hors-perimetre"})

    with pytest.raises(ValueError, match="ne convient pas"):
        recompute_service(altered)


def test_publicity_and_bounces_go_to_triage_whatever_place_they_name(france: Geography) -> None:
    mail = a_message("Undelivered Mail Returned to Sender. This is the mail system at Grenoble.")

    decision = decide(replace(mail, channel=Channel.EMAIL), the_rulebook(), france, today=TODAY)

    assert (decision.academy, decision.service, decision.academy_reason) == (None, "triage-national", "no-school")
