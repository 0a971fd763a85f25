"""From a postal code to a département."""

import json

import pytest

from helpdesk.routing import postal_codes
from helpdesk.routing.communes import bare_key
from helpdesk.routing.communes_build import SOURCE
from helpdesk.routing.geography import Geography
from tests.routing.conftest import NODE_MODULES


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("34200", "34"),
        ("01000", "01"),
        ("75116", "75"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20620", "2B"),
        ("34207", "34"),  # CEDEX
        ("97120", "971"),
        ("97150", "978"),
        ("97133", "977"),
        ("97095", "977"),
        ("97400", "974"),
        ("97861", "974"),
        ("97500", "975"),
        ("97600", "976"),
        ("98600", "986"),
        ("98713", "987"),
        ("98800", "988"),
    ],
)
def test_the_code_tells_the_departement(code: str, department: str) -> None:
    assert postal_codes.department(code) == department


@pytest.mark.parametrize("code", ["", "3420", "342000", "abcde", "00100", "96000", "98000", "98400", "99999", "97700"])
def test_what_is_no_french_code_tells_nothing(code: str) -> None:
    assert postal_codes.department(code) is None


@pytest.mark.parametrize(
    ("commune", "code", "department"),
    [
        ("Éloise", "01200", "74"),
        ("Lajoux", "01410", "39"),
        ("Chancia", "01590", "39"),
        ("Lavancia-Epercy", "01590", "39"),
        ("Saint-Pierre-Laval", "42620", "03"),
        ("La Rochette", "06260", "04"),
        ("Saint-Pierre", "06260", "04"),
        ("Villebois-les-Pins", "05700", "26"),
        ("Laveyrune", "48250", "07"),
        ("Riboux", "13780", "83"),
        ("Buxeuil", "37160", "86"),
        ("Paray-Vieille-Poste", "94390", "91"),
        ("Bellegarde", "01200", "01"),
        ("Descartes", "37160", "37"),
    ],
)
def test_a_commune_served_by_its_neighbours_keeps_its_own_departement(commune: str, code: str, department: str) -> None:
    assert postal_codes.department(code, [bare_key(commune)]) == department


def test_every_commune_of_france_with_its_code_gives_its_academie(france: Geography) -> None:
    source = NODE_MODULES / SOURCE
    if not source.is_file():
        pytest.skip("the official list of communes is not there: run `make setup`")
    communes = [c for c in json.loads(source.read_text("utf-8")) if france.academy_of(c["departement"])]

    wrong = [
        (commune["nom"], code)
        for commune in communes
        for code in commune.get("codesPostaux", ())
        if france.academies_of([postal_codes.department(code, [bare_key(commune["nom"])]) or ""])
        != france.academies_of([commune["departement"]])
    ]

    assert wrong == []
