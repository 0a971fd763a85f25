"""School codes: the check letter, the territory, and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.routing import uai


@pytest.mark.parametrize(
    ("digits", "letter"), [("0750654", "D"), ("6200001", "G"), ("9760127", "J"), ("9840021", "A"), ("0750001", "U")]
)
def test_the_letter_follows_from_the_digits(digits: str, letter: str) -> None:
    assert uai.check_letter(digits) == letter


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("0010001", "01"),
        ("0750654", "75"),
        ("0950001", "95"),
        ("6200001", "2A"),
        ("7200001", "2B"),
        ("9710001", "971"),
        ("9740001", "974"),
        ("9750001", "975"),
        ("9760127", "976"),
        ("9830001", "988"),
        ("9840021", "987"),
        ("9870001", "986"),
    ],
)
def test_the_first_three_digits_tell_the_territory(code: str, department: str) -> None:
    assert uai.department(code + uai.check_letter(code)) == department


@pytest.mark.parametrize("code", ["0200001", "0960001", "0000001", "9880001", "9860001", "9780001", "1010001"])
def test_an_unknown_prefix_tells_nothing(code: str) -> None:
    assert uai.department(code + uai.check_letter(code)) is None


@pytest.mark.parametrize(
    "typed", ["0750654D", "0750654d", " 0750654D ", "075 0654 D", "075.0654.D", "O75O654D", "o75o654d", "0750654-D"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert uai.normal_form(typed) == "0750654D"


def test_letters_that_look_like_ones_are_ones() -> None:
    assert uai.normal_form("07lI324D") == "0711324D"


@pytest.mark.parametrize("typed", ["", "Jean Moulin", "0750654", "750654D", "0750654DD", "00750654D", "0750654é"])
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert uai.normal_form(typed) is None


def test_codes_are_found_in_a_text_and_dates_are_not() -> None:
    text = "UAI 0750654d, né le 1 12 2026 à 8 h, tél. 06 12 34 56 78, l'autre code 0750001A"

    assert [text[start:end] for start, end, _ in uai.find_codes(text)] == ["0750654d", "0750001A"]


@given(st.integers(0, 9_999_999))
def test_no_other_letter_is_right(number: int) -> None:
    digits = f"{number:07d}"

    right = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if uai.is_right(digits + letter)]

    assert right == [uai.check_letter(digits)]


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    for start, end, code in uai.find_codes(text):
        assert uai.normal_form(text[start:end]) == code
