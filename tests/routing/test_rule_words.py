"""Rules and their changes as a supervisor reads them."""

from dataclasses import replace

import pytest

from helpdesk.routing.geography import Academy
from helpdesk.routing.rule_words import Kind, Reader, hours_in_words
from helpdesk.routing.rules import Rule
from tests.routing.rulebooks import a_small_rulebook

RULE = Rule(name="a", service="scolarite", because="b", conditions={"topic": ("teleservices",)})


@pytest.fixture
def reader() -> Reader:
    grenoble = Academy("08", "Grenoble", "Auvergne-Rhône-Alpes", "A", "ac-grenoble.fr", ("38",), "Europe/Paris")
    return Reader(a_small_rulebook(), {"08": grenoble})


def named(*names: str) -> list[Rule]:
    return [replace(RULE, name=name) for name in names]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"conditions": {"topic": ("teleservices", "gone")}}, ("Sujet", "Bourse ou gone")),
        ({"conditions": {"audience": ("eleve",)}}, ("Qui écrit", "Élève")),
        ({"conditions": {"channel": ("email", "sms")}}, ("Canal", "Courriel ou SMS")),
        ({"conditions": {"priority": ("low",)}}, ("Priorité", "Basse")),
        ({"conditions": {"academy": ("08", "aucune")}}, ("Académie de l’établissement", "Grenoble ou Inconnue")),
        ({"conditions": {"level": ("second-degre",)}}, ("Degré", "Collège ou lycée")),
        ({"conditions": {"sector": ("prive",)}}, ("Établissement", "Privé")),
        ({"conditions": {"days": ("samedi", "dimanche")}}, ("Jours", "samedi ou dimanche")),
        ({"conditions": {}, "words": ("bourse", "pas reçu")}, ("Mots du message", "« bourse » ou « pas reçu »")),
        ({"conditions": {}, "hours": "18:00-08:30"}, ("Heures", "de 18 h à 8 h 30")),
    ],
)
def test_each_condition_has_its_french(reader: Reader, changed: dict[str, object], told: tuple[str, str]) -> None:
    ((label, values),) = reader.conditions(replace(RULE, **changed))  # type: ignore[arg-type]  # a table of fields

    assert (label, values.replace("\u00a0", " ")) == told


@pytest.mark.parametrize(
    ("service", "is_named", "told"),
    [
        ("scolarite", False, "Scolarité, dans l’académie de l’établissement"),
        ("triage-national", True, "Triage national"),
        ("assistance-08", True, "Assistance, académie de Grenoble, où que soit l’établissement"),
        ("gone", True, "gone"),
    ],
)
def test_a_service_is_told_with_where_it_is(reader: Reader, service: str, is_named: bool, told: str) -> None:
    assert reader.service(replace(RULE, service=service, named=is_named)) == told


@pytest.mark.parametrize("hours", ["", "18h-8h", "midi"])
def test_hours_that_are_none_stay_as_they_were_typed(hours: str) -> None:
    assert hours_in_words(hours) == hours


def test_the_same_rules_have_no_difference(reader: Reader) -> None:
    assert reader.changes(named("a", "b"), named("a", "b")) == []


def test_what_was_added_changed_moved_and_removed_is_told_once_each(reader: Reader) -> None:
    before = named("a", "b", "c", "d")
    after = [before[2], before[0], replace(before[1], because="x"), *named("e")]

    found = [(change.kind, change.name, change.before, change.after) for change in reader.changes(before, after)]

    assert found == [
        (Kind.MOVED, "c", 3, 1),
        (Kind.CHANGED, "b", 2, 3),
        (Kind.ADDED, "e", 0, 4),
        (Kind.REMOVED, "d", 4, 0),
    ]


def test_a_change_says_what_was_there_and_what_is(reader: Reader) -> None:
    (change,) = reader.changes([RULE], [replace(RULE, service="assistance", conditions={}, hours="18:00-08:00")])

    assert [(label, old, new.replace("\u00a0", " ")) for label, old, new in change.details] == [
        ("Sujet", "Bourse", ""),
        ("Heures", "", "de 18 h à 8 h"),
        (
            "Service",
            "Scolarité, dans l’académie de l’établissement",
            "Assistance, dans l’académie de l’établissement",
        ),
    ]
