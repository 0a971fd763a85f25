"""Phone numbers as people write them, France overseas included."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# An overseas number written the local way (0262 …) is no valid number of France: each territory has a plan of its own.
# The six figures of the Pacific and of Saint-Pierre-et-Miquelon fit several plans: they need their code (+687 …).
_REGIONS = ("FR", "RE", "YT", "GP", "MQ", "GF")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True)
class Phone:
    """`e164`: as networks know it (+33612345678). `region`: ISO code of the plan it belongs to ("FR", "RE", …)."""

    e164: str
    region: str
    mobile: bool


def read_phone(text: str) -> Phone | None:
    """The number that was meant, or None. Numbers from abroad need their + or 00."""
    typed = text.strip()[:40]
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(typed, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or _is_fiction(number):
            found = phonenumbers.region_code_for_number(number) or region
            return Phone(
                phonenumbers.format_number(number, PhoneNumberFormat.E164),
                found,
                phonenumbers.number_type(number) in _MOBILE,
            )
    return None


def show_phone(e164: str) -> str:
    """As the French write it: « 06 12 34 56 78 »; from elsewhere with its country code."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    if phonenumbers.region_code_for_number(number) in _REGIONS or _is_fiction(number):
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _is_fiction(number: phonenumbers.PhoneNumber) -> bool:
    """06 39 98 xx xx is kept for films and examples; demo people have such numbers."""
    return number.country_code == 33 and str(number.national_number).startswith("63998")
