"""Clues outside of the text: the form's fields, the sender, the subject; and where each clue says it stands."""

from collections.abc import Collection, Sequence

import pytest

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.decision import Strength
from helpdesk.routing.geography import Geography
from helpdesk.routing.schools import School
from tests.routing.messages import a_message, choice


@pytest.mark.parametrize(
    ("hint", "academy"),
    [
        (SchoolHint("Collège Paul Valéry", "Sète", "34200"), "11"),
        (SchoolHint("lycée Paul Éluard", "Saint-Denis", "93200"), "24"),
        (SchoolHint("lycée Leconte de Lisle", "Saint-Denis", "97490"), "28"),
        (SchoolHint("lycée Leconte de Lisle", "Saint-Denis"), None),
        (SchoolHint("Lycée Toulouse-Lautrec", "Bordeaux", "33000"), "04"),
        (SchoolHint("Collège Jean de Beaumont", "Villemomble", "93250"), "24"),
        (SchoolHint("collège de Valmy", "Paris", "75010"), "01"),
        (SchoolHint("collège Pasteur à Lille", "Lyon", "69001"), None),
        (SchoolHint(uai="0750654D"), "01"),
        (SchoolHint(uai=" 0750654 d "), "01"),
        (SchoolHint(uai="0750654A"), None),
        (SchoolHint(commune="Sète", uai="0750654A"), "11"),
        (SchoolHint(uai="6200001G"), "27"),
        (SchoolHint(commune="Lyon", postal_code="69003", uai="0750654D"), None),
        (SchoolHint("College Joffre Montpellier"), "11"),
        (SchoolHint("Collège Jean Moulin"), None),
        (SchoolHint("Collège Richelieu"), None),
        (SchoolHint("collège", "Eloise", "01200"), "08"),
        (SchoolHint("collège", postal_code="97861"), "28"),
        (SchoolHint("collège", postal_code=" 34 200 "), "11"),
        (SchoolHint("ecole", "metz"), "12"),
        (SchoolHint(commune="toulouze"), "16"),
        (SchoolHint(commune="TOULOUSE CEDEX 5", postal_code="31077"), "16"),
        (SchoolHint(commune="Marseille 13e"), "02"),
        (SchoolHint("LEGTA de Brive", "Brive", "19100"), None),
        (SchoolHint("Lycée français de Tokyo", "Tokyo"), None),
        (SchoolHint("je ne sais pas", "?", "xxxxx", "aucun"), None),
    ],
)
def test_the_fields_on_the_school_are_believed(hint: SchoolHint, academy: str | None, france: Geography) -> None:
    assert choice(france, a_message("Bonjour", school=hint)).academy == academy


def test_a_form_and_a_text_that_name_two_schools_go_to_triage(france: Geography) -> None:
    message = a_message("mon fils est au collège à Lille", school=SchoolHint(commune="Lyon", postal_code="69001"))

    assert choice(france, message).reason == "disagree"


def test_the_school_of_the_form_beats_the_home_of_the_text(france: Geography) -> None:
    message = a_message("J'habite Lyon", school=SchoolHint("collège Paul Valéry", "Sète", "34200"))

    assert choice(france, message).academy == "11"


@pytest.mark.parametrize(
    ("email", "academy"),
    [
        ("jean.test@ac-lyon.fr", "10"),
        ("Jean.Test@AC-Lyon.fr", "10"),
        ("x@ac-caen.fr", "70"),
        ("x@ac-rouen.fr", "70"),
        ("x@monvr.pf", "41"),
        ("x@region-academique-bretagne.fr", "14"),
        ("x@region-academique-occitanie.fr", None),
        ("x@ac-lyon.fr.example.org", None),
        ("x@educagri.fr", None),
        ("ce.0711324D@ac-dijon.fr", "07"),
        ("parent@example.org", None),
        ("pas une adresse", None),
    ],
)
def test_the_senders_address_tells_where_staff_work(email: str, academy: str | None, france: Geography) -> None:
    assert choice(france, a_message("Bonjour, rien ne marche", email=email)).academy == academy


def test_a_teacher_who_writes_as_a_parent_is_not_sent_to_her_own_academie(france: Geography) -> None:
    message = a_message("ma fille est au collège à Vitré", email="jean.test@ac-nantes.fr")

    assert choice(france, message).academy == "14"


def test_a_school_mailbox_with_a_wrong_letter_is_only_an_address(france: Geography) -> None:
    (clue,) = find(a_message(email="ce.0711324X@ac-dijon.fr"), france)

    assert (clue.kind, clue.strength) == ("academy-mail", Strength.WEAK)


@pytest.mark.parametrize(
    ("phone", "academy"),
    [
        ("+262262123456", "28"),
        ("0262 12 34 56", "28"),
        ("0269 12 34 56", "43"),
        ("+262 269 12 34 56", "43"),
        ("0590 12 34 56", "32"),
        ("0594123456", "33"),
        ("+596596123456", "31"),
        ("+508 41 12 34", "44"),
        ("+687 26 12 34", "40"),
        ("+689 40 12 34 56", "41"),
        ("+681 72 12 34", "42"),
        ("+262692123456", None),
        ("0692 12 34 56", None),
        ("06 39 98 12 34", None),
        ("+33142000000", None),
        ("01 42 00 00 00", None),
        ("", None),
    ],
)
def test_only_fixed_overseas_lines_tell_a_territory(phone: str, academy: str | None, france: Geography) -> None:
    assert choice(france, a_message("Bonjour, rien reçu", phone=phone)).academy == academy


def test_a_telephone_counts_only_alone(france: Geography) -> None:
    assert choice(france, a_message("mon fils est au collège de Sète", phone="0262123456")).academy == "11"
    assert choice(france, a_message("j'habite Lyon", phone="0262123456")).academy == "10"


def test_a_telephone_may_tell_which_homonym_is_meant(france: Geography) -> None:
    message = a_message("mon fils est au college de saint denis", phone="0262123456")

    assert (choice(france, message).academy, choice(france, message).reason) == ("28", "narrowed")


def test_the_subject_is_read_too(france: Geography) -> None:
    assert choice(france, a_message("ça ne marche pas", subject="Collège Paul Valéry à Sète")).academy == "11"


def test_each_clue_quotes_the_words_as_written(france: Geography) -> None:
    text = "Bonjour,\nma fille est au collège de L’Haÿ-les-Roses (94) ; j’habite à MEAUX, 77100. UAI 0940001 ?"
    hint = SchoolHint(name="École Jules Ferry, Lœuilly", postal_code="94240")
    fields = {"text": text, "school.name": hint.name, "school.postal_code": hint.postal_code}

    clues = find(a_message(text, school=hint), france)

    assert len(clues) >= 3
    for clue in clues:
        assert fields[clue.field][clue.start : clue.end] == clue.words


class OneSchool:
    """A directory that knows one school."""

    school = School("0010001A", "Collège des Tilleuls", "Ambérieu-en-Bugey", "10")

    def by_uai(self, uai: str) -> School | None:
        return self.school if uai == self.school.uai else None

    def candidates(self, name: str, commune: str, postal_code: str) -> Sequence[School]:
        return [self.school] if "tilleuls" in name.lower() else []

    def covers(self, departments: Collection[str]) -> bool:
        return not departments


def test_a_directory_finds_a_school_by_its_name_alone(france: Geography) -> None:
    message = a_message(school=SchoolHint(name="collège des Tilleuls"))

    clues = find(message, france, OneSchool())

    assert [clue.value for clue in clues] == ["Collège des Tilleuls (Ambérieu-en-Bugey)"]
    assert choose_academy(clues).academy == "10"


def test_a_directory_that_finds_nothing_changes_nothing(france: Geography) -> None:
    message = a_message("UAI 0750654D", school=SchoolHint(name="collège Jean Moulin"))

    assert find(message, france, OneSchool()) == find(message, france)
