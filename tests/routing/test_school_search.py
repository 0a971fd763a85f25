"""Schools recognised from what people type, in a directory of made-up schools in real communes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.academy import choose_academy
from helpdesk.routing.clues.search import find
from helpdesk.routing.decision import AcademyChoice, school_told
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_search import DatabaseDirectory
from helpdesk.routing.schools import SchoolDirectory
from helpdesk.routing.uai import check_letter
from tests.routing import made_up_directory
from tests.routing.messages import a_message
from tests.routing.school_score import answers, made_up

NATIONAL = 4_000  # schools: enough for some in every département


@pytest.fixture(scope="module")
def country(france: Geography) -> Iterator[SchoolDirectory]:
    if not made_up_directory.COMMUNES.is_file():
        pytest.skip("no list of communes to make schools in: run `make setup`")
    with made_up(NATIONAL, france) as directory:
        yield directory


@pytest.fixture(scope="module")
def part(france: Geography) -> Iterator[SchoolDirectory]:
    """The schools of the cases alone: a directory that misses most of the country."""
    with made_up(0, france) as directory:
        yield directory


def code(digits: str) -> str:
    return digits + check_letter(digits)


def choice(
    france: Geography, directory: SchoolDirectory, text: str = "", school: SchoolHint | None = None
) -> AcademyChoice:
    return choose_academy(find(a_message(text, school=school), france, directory))


@pytest.mark.parametrize(("half", "right"), [("tuned", 0.97), ("held_out", 0.9)])
def test_what_parents_type_finds_the_school(
    half: str, right: float, france: Geography, country: SchoolDirectory
) -> None:
    found = answers(half, france, country)

    assert len(found) >= 100
    assert sum(answer.right for answer in found) >= right * len(found)


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_no_other_school_is_ever_named(half: str, france: Geography, country: SchoolDirectory) -> None:
    assert [answer.case for answer in answers(half, france, country) if answer.wrong_school] == []


def test_a_name_borne_in_several_academies_never_decides(france: Geography, country: SchoolDirectory) -> None:
    found = choice(france, country, school=SchoolHint(name="collège Jean Moulin"))

    assert (found.academy, school_told(found.clues)) == (None, "")


def test_a_name_borne_once_in_the_country_decides(france: Geography, country: SchoolDirectory) -> None:
    found = choice(france, country, school=SchoolHint(name="lycée Toulouse-Lautrec"))

    assert (found.academy, school_told(found.clues)) == ("25", code("0929001"))


def test_a_part_of_the_country_cannot_tell_that_a_name_is_borne_once(france: Geography, part: SchoolDirectory) -> None:
    assert choice(france, part, school=SchoolHint(name="lycée Toulouse-Lautrec")).academy is None


def test_a_part_of_the_country_cannot_tell_which_town_of_a_name_is_meant(
    france: Geography, part: SchoolDirectory
) -> None:
    """Only one of the two Valence of the directory has this school, but others may lie where it has none."""
    assert choice(france, part, "ma fille est au collège Jean Zay à Valence").academy is None


def test_the_school_chooses_between_towns_of_one_name(france: Geography, country: SchoolDirectory) -> None:
    assert choice(france, country, "il est au collège Elsa Triolet à Saint-Denis").academy == "24"
    assert choice(france, country, "il est au collège Juliette Dodu à Saint-Denis").academy == "28"


def test_a_school_of_agriculture_goes_to_triage_as_such(france: Geography, country: SchoolDirectory) -> None:
    hint = SchoolHint(name="lycée Honoré de Balzac", commune="Castelnau-le-Lez", postal_code="34170")

    found = choice(france, country, school=hint)

    assert (found.academy, found.reason) == (None, "agricultural")


def test_a_listed_code_is_believed(france: Geography, country: SchoolDirectory) -> None:
    found = choice(france, country, f"école {code('0349001')}")

    assert (found.academy, school_told(found.clues)) == ("11", code("0349001"))


def test_a_code_that_no_school_bears_does_not_win_over_the_town(france: Geography, country: SchoolDirectory) -> None:
    """Its letter is right by chance, or it is a new school: the town is surer."""
    hint = SchoolHint(commune="Béziers", postal_code="34500")

    found = choice(france, country, f"code {code('0590000')}", school=hint)

    assert found.academy == "11"
    assert school_told(found.clues) == ""


def test_a_code_of_a_part_of_the_country_that_is_not_listed_is_believed(
    france: Geography, part: SchoolDirectory
) -> None:
    found = choice(france, part, f"UAI {code('0220010')}")

    assert (found.academy, found.reason) == ("14", "strong")


def test_a_former_school_is_not_the_childs(france: Geography, country: SchoolDirectory) -> None:
    found = choice(france, country, "Elle était au collège Foch à Strasbourg, elle est au collège Chopin à Nancy")

    assert (found.academy, school_told(found.clues)) == ("12", code("0549001"))


@given(name=st.text(max_size=300), commune=st.text(max_size=60), postal_code=st.text(max_size=12))
def test_nothing_typed_breaks_the_search(name: str, commune: str, postal_code: str, country: DatabaseDirectory) -> None:
    for school in country.candidates(name, commune, postal_code):
        assert country.by_uai(school.uai) == school


def test_a_town_is_known_by_its_first_words_where_one_school_of_that_name_is(country: SchoolDirectory) -> None:
    found = country.candidates("clg camille chevalier chalon", "", "")

    assert [school.commune for school in found] == ["Chalon-sur-Saône"]
    assert len(country.candidates("lycée st exupéry", "", "")) != 1, "a saint is no town"
