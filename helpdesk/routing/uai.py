"""The school code (UAI, once RNE): its check letter, its territory, and a forgiving reading of what people type."""

import re

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_LOOK_ALIKES = str.maketrans("OoIiLl", "001111")
_OVERSEAS = frozenset({"971", "972", "973", "974", "975", "976"})
# Codes keep the territory numbers of the 1970s, which are neither today's INSEE nor postal numbers.
_OLD_NUMBERS = {"620": "2A", "720": "2B", "983": "988", "984": "987", "987": "986"}

# Seven digits or look-alikes, single spaces, dots or hyphens among them, one letter; not inside a longer word.
UAI_LIKE = re.compile(r"(?<![0-9A-Za-z])((?:[0-9OoIiLl][ .\-]?){6}[0-9OoIiLl])[ .\-]?([A-Za-z])(?![0-9A-Za-z])")
_SOME_DIGITS = re.compile(r"\d[ .\-]?\d[ .\-]?\d")  # found at once where a search for codes takes its time


def check_letter(digits: str) -> str:
    """The letter that ends the code whose first seven characters are `digits`."""
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def department(uai: str) -> str | None:
    """Number of the département of a school code ("0750654D" → "75", "7200009X" → "2B"), None for an unknown prefix.

    Saint-Barthélemy and Saint-Martin have codes of Guadeloupe. Codes of schools abroad have prefixes of their own.
    """
    prefix = uai[:3]
    if prefix in _OLD_NUMBERS:
        return _OLD_NUMBERS[prefix]
    if prefix in _OVERSEAS:
        return prefix
    if "001" <= prefix <= "095" and prefix != "020":
        return prefix[1:]
    return None


def normal_form(text: str) -> str | None:
    """Seven digits and a capital letter if `text` looks like a school code, whether or not the letter is right."""
    match = UAI_LIKE.fullmatch(text.strip())
    return None if match is None else _join(match)


def is_right(uai: str) -> bool:
    """Whether the letter of a code in normal form is the one its digits ask for."""
    return uai[7] == check_letter(uai[:7])


def find_codes(text: str) -> list[tuple[int, int, str]]:
    """Places and normal forms of all that looks like a school code in `text`, in order.

    Digits with gaps are taken only if the letter is right: « le 1 12 2026 à » is a date.
    """
    found: list[tuple[int, int, str]] = []
    if not _SOME_DIGITS.search(text):
        return found
    for match in UAI_LIKE.finditer(text):
        uai = _join(match)
        if is_right(uai) or (len(match[0]) == 8 and match[1].isdigit()):
            found.append((match.start(), match.end(), uai))
    return found


def _join(match: re.Match[str]) -> str:
    digits = re.sub(r"[ .\-]", "", match[1]).translate(_LOOK_ALIKES)
    return digits + match[2].upper()
