"""Phone numbers as people write them, France overseas included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

# Overseas numbers look like French ones (0262 …) but are of another plan, with its own country code.
_OVERSEAS = ("RE", "YT", "GP", "MQ", "GF")
# Six or eight figures fit several plans, and so does a number cut short: believed only of people known to be there.
_FEWER_FIGURES = ("PM", "WF", "NC", "PF")
_HOME = frozenset(("FR", *_OVERSEAS, "BL", "MF"))
_CODES = frozenset((33, 262, 508, 590, 594, 596, 681, 687, 689))
# Where somebody is, by code of the académie, by département, or by the region itself.
_REGION_OF = {
    "28": "RE", "31": "MQ", "32": "GP", "33": "GF", "40": "NC", "41": "PF", "42": "WF", "43": "YT", "44": "PM",
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT", "977": "GP", "978": "GP",
    "986": "WF", "987": "PF", "988": "NC",
} | {region: region for region in ("FR", *_OVERSEAS, *_FEWER_FIGURES)}  # fmt: skip
_MOBILE = frozenset((PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE))
_NUMBER = re.compile(r"[+0-9oO(][0-9oO\s().\-–/]*")
_FICTION = re.compile(r"(?:0|\+?33)63998[0-9]{4}")  # kept for films and examples; not Mayotte
_SHORT = re.compile(r"1[0-9]{1,2}|1[01][0-9]{4}|3[0-9]{3}|[3-8][0-9]{4}")


@dataclass(frozen=True)
class Phone:
    """`e164`: as networks know it (+33612345678). `region`: ISO code of the plan it belongs to ("FR", "RE", …).

    A short number (3018) has no E.164 form: it stands there as it is dialled, and cannot be called from abroad.
    """

    e164: str
    region: str
    mobile: bool

    @property
    def short(self) -> bool:
        return not self.e164.startswith("+")

    @property
    def french(self) -> bool:
        """Of France or one of its territories."""
        return self.region in _HOME or self.region in _FEWER_FIGURES


def read_phone(text: str, hint: str | None = None, *, short: bool = False) -> Phone | None:
    """The number that was meant, or None. Numbers from abroad need their + or 00.

    `hint` is where the person is: code of an académie ("40"), overseas département ("988") or region ("NC"); without it
    the six figures of Nouméa are taken for a number cut short. `short` lets numbers like 3018 pass.
    """
    region = _REGION_OF.get(hint or "")
    for typed in _numbers_in(text):
        if short and _SHORT.fullmatch(typed):
            return Phone(typed, region or "FR", mobile=False)
        if _FICTION.fullmatch(typed):
            return _phone(phonenumbers.parse(typed, "FR"), "FR", mobile=True)
        for number in _readings(typed, region):
            if phonenumbers.is_valid_number(number):
                kind = phonenumbers.number_type(number)
                return _phone(number, phonenumbers.region_code_for_number(number), mobile=kind in _MOBILE)
        if re.fullmatch(r"(?:0|\+33)[67][0-9]{8}", typed):
            # A range given out since the library's last edition is no mistake of the person's.
            return _phone(phonenumbers.parse(typed, "FR"), "FR", mobile=True)
    return None


def show_phone(e164: str) -> str:
    """As the French write it: « 06 12 34 56 78 »; from elsewhere with its country code. Anything else as it is."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    if number.country_code == 508 and len(str(number.national_number)) == 6:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace("+508 ", "0508 ")
    region = phonenumbers.region_code_for_number(number)
    home = region in _HOME or (number.country_code == 33 and region is None)
    shown = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
    return shown.replace(".", " ")


def _numbers_in(text: str) -> Iterator[str]:
    """Figures with their +, without spaces: all that stands together, then each of several numbers on one line."""
    for match in _NUMBER.finditer(text[:80]):
        whole = match.group()
        for part in (whole, *re.split(r"\s/\s|\s[-–]\s", whole)):
            # O for 0 is a slip of the eye; the (0) of +33 (0)6 is not dialled.
            figures = re.sub(r"[^+0-9]", "", re.sub(r"[oO]", "0", re.sub(r"\(0\)", "", part)))
            figures = re.sub(r"(?!^)\+", "", re.sub(r"^00(?=[1-9])", "+", figures))
            if 2 <= len(figures) <= 17:
                yield figures


def _readings(typed: str, region: str | None) -> Iterator[PhoneNumber]:
    """What the figures can be, likeliest first."""
    if region:
        yield from _parsed(typed, region)
    # +33 692 … is said of overseas numbers too.
    national = f"0{typed[3:]}" if re.fullmatch(r"\+33[1-9][0-9]{8}", typed) else typed
    if re.fullmatch(r"0508[0-9]{6}", national):
        yield PhoneNumber(country_code=508, national_number=int(national[4:]))
    # Overseas first, since the library would take 0269 and 0596 for France; but 0 800 is everybody's.
    for plan in _OVERSEAS if re.match("0[1-7]", national) else ():
        yield from _parsed(national, plan)
    yield from _parsed(typed, "FR")
    if not typed.startswith(("+", "0")):
        yield from (number for number in _parsed(f"+{typed}", "FR") if number.country_code in _CODES and len(typed) > 8)


def _parsed(typed: str, plan: str) -> Iterator[PhoneNumber]:
    try:
        yield phonenumbers.parse(typed, plan)
    except NumberParseException:
        return


def _phone(number: PhoneNumber, region: str | None, *, mobile: bool) -> Phone:
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), region or "FR", mobile)
