"""Phone numbers as families write them: mainland, overseas, from abroad, and what is none."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.people.phones import Phone, read_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    [
        "06 39 98 01 02",
        "0639980102",
        "06.39.98.01.02",
        "06-39-98-01-02",
        "06/39/98/01/02",
        "+33 6 39 98 01 02",
        "0033639980102",
        "+33 (0)6 39 98 01 02",
        "33639980102",
        "O6 39 98 01 02",
        "06\xa039\xa098\xa001\xa002",
        "tél. 06 39 98 01 02 après 18 h",
        "06 39 98 01 02 / 07 00 00 00 00",
        "06 39 98 01 02 (la maman)",
        " 0639980102\n",
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str) -> None:
    assert read_phone(typed) == Phone("+33639980102", "FR", mobile=True)


@pytest.mark.parametrize(
    ("typed", "e164", "region", "mobile"),
    [
        ("04 72 00 00 00", "+33472000000", "FR", False),
        ("0 800 12 34 56", "+33800123456", "FR", False),
        ("0262 12 34 56", "+262262123456", "RE", False),
        ("0692 12 34 56", "+262692123456", "RE", True),
        ("0269 61 12 34", "+262269611234", "YT", False),
        ("0639 69 12 34", "+262639691234", "YT", True),
        ("0590 82 12 34", "+590590821234", "GP", False),
        ("0690 35 12 34", "+590690351234", "GP", True),
        ("0596 63 12 34", "+596596631234", "MQ", False),
        ("0696 20 12 34", "+596696201234", "MQ", True),
        ("0594 31 12 34", "+594594311234", "GF", False),
        ("0694 20 12 34", "+594694201234", "GF", True),
        ("0508 41 23 45", "+508412345", "PM", False),
        ("+687 27 12 34", "+687271234", "NC", False),
        ("00 689 87 12 34 56", "+68987123456", "PF", True),
        ("+681 82 12 34", "+681821234", "WF", True),
        ("+33 692 12 34 56", "+262692123456", "RE", True),
        ("262692123456", "+262692123456", "RE", True),
        ("+32 470 12 34 56", "+32470123456", "BE", True),
        ("0039 06 1234 5678", "+390612345678", "IT", False),
    ],
)
def test_each_territory_has_its_plan(typed: str, e164: str, region: str, mobile: bool) -> None:
    phone = read_phone(typed)

    assert phone is not None
    assert (phone.e164, phone.mobile) == (e164, mobile)
    assert phone.region == region


@pytest.mark.parametrize(
    ("typed", "hint", "e164"),
    [
        ("27 12 34", "40", "+687271234"),
        ("75 12 34", "988", "+687751234"),
        ("87 12 34 56", "41", "+68987123456"),
        ("72 12 34", "WF", "+681721234"),
        ("41 23 45", "975", "+508412345"),
        ("06 39 98 01 02", "40", "+33639980102"),
        ("0692 12 34 56", "31", "+262692123456"),
    ],
)
def test_where_somebody_is_tells_what_few_figures_mean(typed: str, hint: str, e164: str) -> None:
    phone = read_phone(typed, hint)

    assert phone is not None
    assert phone.e164 == e164


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "bonjour",
        "27 12 34",
        "87 12 34 56",
        "06 39 98 01",
        "06 39 98 01 023",
        "00",
        "+",
        "12/03/2026",
        "38200",
        "0000000000",
        "+33",
        "0750654D",
        "3018",
        "9" * 40,
        "+999 12 34 56 78",
    ],
)
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert read_phone(typed) is None


@pytest.mark.parametrize("typed", ["17", "112", "114", "119", "3018", "36 46", "118218", "36105"])
def test_a_short_number_is_kept_as_it_is_dialled_where_it_may_come(typed: str) -> None:
    phone = read_phone(typed, short=True)

    assert phone == Phone(typed.replace(" ", ""), "FR", mobile=False)
    assert phone.short
    assert show_phone(phone.e164) == phone.e164
    assert read_phone(typed) is None


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+33639980102", "06 39 98 01 02"),
        ("+33472000000", "04 72 00 00 00"),
        ("+33800123456", "0 800 12 34 56"),
        ("+262692123456", "0692 12 34 56"),
        ("+590690351234", "0690 35 12 34"),
        ("+508412345", "0508 41 23 45"),
        ("+687271234", "+687 27 12 34"),
        ("+68987123456", "+689 87 12 34 56"),
        ("+32470123456", "+32 470 12 34 56"),
        ("", ""),
        ("le soir seulement", "le soir seulement"),
    ],
)
def test_a_number_is_shown_as_the_french_write_it(e164: str, shown: str) -> None:
    assert show_phone(e164) == shown


PLANS = st.sampled_from(["FR", "RE", "YT", "GP", "MQ", "GF", "PM", "WF", "NC", "PF", "BE", "PT", "DZ", "MA"])
KINDS = st.sampled_from([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])


@given(PLANS, KINDS, st.integers(0, 999))
def test_what_is_shown_is_read_again_as_the_same_number(plan: str, kind: int, last: int) -> None:
    example = phonenumbers.example_number_for_type(plan, kind)
    assert example is not None
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=(example.national_number or 0) // 1000 * 1000 + last
    )
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return

    phone = read_phone(show_phone(e164))

    assert phone is not None
    assert phone.e164 == e164


@given(
    st.text(alphabet="+0123456789 .()/-oO" + "abé", max_size=60), st.none() | st.sampled_from(["40", "974", "NC", "??"])
)
def test_any_text_is_read_without_failing(text: str, hint: str | None) -> None:
    phone = read_phone(text, hint)

    assert phone is None or read_phone(phone.e164) is not None
