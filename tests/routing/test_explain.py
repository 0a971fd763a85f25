"""A decision told in French, from what it keeps alone."""

import json
from dataclasses import replace

import pytest

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.decide import decide
from helpdesk.routing.decision import Decision
from helpdesk.routing.explain import sentence, short
from helpdesk.routing.geography import Geography
from tests.routing.messages import a_message
from tests.routing.rulebooks import TODAY, a_small_rulebook, the_rulebook


def told(decision: Decision) -> str:
    """The sentence, with plain spaces for reading."""
    return sentence(decision).replace("\u00a0", " ")


def test_the_sentence_names_the_academy_its_clue_the_service_and_the_words(france: Geography) -> None:
    mail = a_message("Comment demander une bourse ?", school=SchoolHint(postal_code="38200"))

    decision = decide(mail, a_small_rulebook(), france, today=TODAY)

    assert told(decision) == (
        "Académie de Grenoble : code postal 38200. Service Scolarité : le message parle d’une bourse (« bourse »)."
    )


def test_the_words_of_a_clue_are_quoted_as_written(france: Geography) -> None:
    decision = decide(a_message("mon fils est au collège à ANNECY"), a_small_rulebook(), france, today=TODAY)

    assert "commune Annecy (74) (« ANNECY »)" in told(decision)


def test_triage_says_that_nothing_tells_where_the_school_is(france: Geography) -> None:
    decision = decide(a_message("mot de passe perdu"), the_rulebook(), france, today=TODAY)

    assert told(decision).startswith("Pas d’académie : rien ne dit où est l’établissement.")


def test_triage_names_the_clues_that_disagree(france: Geography) -> None:
    mail = a_message(
        "Académie de Dijon. Mon fils est au collège à Pau.",
    )

    sentence = told(decide(mail, the_rulebook(), france, today=TODAY))

    assert "les indices se contredisent" in sentence
    assert "Dijon" in sentence
    assert "Pau" in sentence


def test_an_urgent_request_says_why_it_presses(france: Geography) -> None:
    mail = a_message("La demande de bourse ferme demain à minuit.", school=SchoolHint(postal_code="38200"))

    assert "Urgent (« ferme demain" in told(decide(mail, the_rulebook(), france, today=TODAY))


def test_a_commune_told_in_the_form_and_in_the_text_is_named_once(france: Geography) -> None:
    form = SchoolHint(commune="Villeurbanne", postal_code="69100")
    mail = a_message("Mon fils est au collège de Villeurbanne.", school=form)

    sentence = told(decide(mail, the_rulebook(), france, today=TODAY))

    assert sentence.count("Villeurbanne") == 1


def test_a_code_of_no_school_of_ours_is_said_to_be_one(france: Geography) -> None:
    mail = a_message("mot de passe perdu", school=SchoolHint(uai="1320001A"))
    decision = replace(decide(mail, the_rulebook(), france, today=TODAY), academy=None, academy_reason="unknown-uai")

    assert "ce code n’est celui d’aucun établissement de nos académies" in told(decision)


def test_where_no_academy_is_known_the_words_are_told_of_the_subject(france: Geography) -> None:
    sentence = told(decide(a_message("mot de passe perdu"), the_rulebook(), france, today=TODAY))

    assert "l’académie n’est pas connue. Sujet : " in sentence
    assert sentence.endswith("(« mot de passe perdu »).")


def test_words_inside_other_words_are_not_quoted_twice(france: Geography) -> None:
    decision = decide(a_message("Comment demander une bourse ?"), a_small_rulebook(), france, today=TODAY)
    repeated = replace(decision, words={**decision.words, "topic": ("la bourse", "Bourse", "La bourse")})

    assert short(repeated).replace("\u00a0", " ") == "Bourse (« la bourse »)"


def test_the_sentence_stays_true_after_the_rules_have_changed(france: Geography) -> None:
    mail = a_message("Comment demander une bourse ?", school=SchoolHint(postal_code="38200"))
    before = decide(mail, a_small_rulebook(), france, today=TODAY)

    stored = Decision.from_json(json.loads(json.dumps(before.to_json())))

    assert told(stored) == told(before)


def test_a_list_shows_the_subject_and_its_words(france: Geography) -> None:
    decision = decide(a_message("Comment demander une bourse ?"), a_small_rulebook(), france, today=TODAY)

    assert short(decision).replace("\u00a0", " ") == "Bourse (« bourse »)"


@pytest.mark.parametrize("text", ["", "…", "🙂" * 50, "\x00", "\ud800"])
def test_there_is_a_sentence_for_any_text(text: str, france: Geography) -> None:
    assert told(decide(a_message(text), the_rulebook(), france, today=TODAY)).endswith(".")
