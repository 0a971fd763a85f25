"""Limits that press: a public procedure due within two working days, counted from the day of the message."""

from datetime import date

import pytest

from helpdesk.routing.understanding import understand
from tests.routing.messages import a_message
from tests.routing.rulebooks import the_rulebook

TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)


def pressing(text: str, today: date) -> bool:
    return understand(a_message(text), the_rulebook(), today).priority.slug == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "La demande de bourse doit être envoyée avant demain",
        "bourse : dernier jour ce soir minuit",
        "La date limite pour l'inscription au brevet est le 26 novembre",
        "Dossier d'affectation à rendre avant le 26/11",
        "jusqu'à jeudi 26 pour valider les vœux d'orientation",
        "il me reste deux jours pour la demande de bourse",
        "the scholarship deadline is tomorrow",
        "la beca, hasta mañana",
    ],
)
def test_a_procedure_due_within_two_working_days_presses(text: str) -> None:
    assert pressing(text, TUESDAY)


@pytest.mark.parametrize(
    "text",
    [
        "La demande de bourse est possible jusqu'au 18 décembre",
        "La date limite de la bourse était le 21 octobre",
        "Inscription au lycée avant vendredi 11 décembre",
        "Je vous rappelle demain au sujet de la bourse",
        "C'est urgent, je veux le code avant demain",
    ],
)
def test_a_limit_that_is_far_past_or_no_procedure_s_does_not_press(text: str) -> None:
    assert not pressing(text, TUESDAY)


def test_a_week_end_does_not_count() -> None:
    assert pressing("La demande de bourse ferme mardi 1er décembre", FRIDAY)
    assert not pressing("La demande de bourse ferme mercredi 2 décembre", FRIDAY)


def test_a_public_holiday_does_not_count() -> None:
    eve_of_armistice = date(2026, 11, 10)

    assert pressing("La demande de bourse ferme le 13 novembre", eve_of_armistice)
