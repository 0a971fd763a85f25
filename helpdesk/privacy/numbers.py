"""Numbers that give themselves away: bank accounts and cards, social security, national student numbers.

And those that must be left alone: phone numbers, addresses, dates, UAI codes, our references.

Each function reads folded text and yields the places, end excluded, never overlapping. Single spaces, dots or hyphens
may stand where people print them.
"""

import re
from collections.abc import Callable, Iterator

Spans = Iterator[tuple[int, int]]

# SWIFT's registry: how many characters an IBAN has, for the countries whose families write to us.
_IBAN_LENGTHS = {
    "ad": 24, "at": 20, "be": 16, "bg": 22, "ch": 21, "cy": 28, "cz": 24, "de": 22, "dk": 18, "ee": 20, "es": 24,
    "fi": 18, "fr": 27, "gb": 22, "gr": 27, "hr": 21, "hu": 28, "ie": 22, "is": 26, "it": 27, "li": 21, "lt": 20,
    "lu": 20, "lv": 21, "ma": 28, "mc": 27, "mt": 31, "mu": 30, "nl": 18, "no": 15, "pl": 28, "pt": 25, "ro": 24,
    "rs": 22, "se": 24, "si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ua": 29,
}  # fmt: skip
_IBAN = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(rf"{land}[0-9]{{2}}(?:[ .-]?[a-z0-9]){{{size - 4}}}" for land, size in _IBAN_LENGTHS.items())
    + r")(?![a-z0-9])"
)
# The account as a French bank prints it: bank, branch, account, key.
_RIB = re.compile(r"(?<![a-z0-9])([0-9]{5})[ -]?([0-9]{5})[ -]?([0-9a-z]{11})[ -]?([0-9]{2})(?![a-z0-9])")
_RIB_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "12345678912345678923456789")
# By fours as on the card, or in one piece: by pairs it would be a list of phone numbers. Fourteen digits are a SIRET.
_CARD = re.compile(
    r"(?<![a-z0-9])(?:(?:[456][0-9]{3}|2[2-7][0-9]{2})([ .-]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{3})?"
    r"|3[47][0-9]{2}[ .-]?[0-9]{6}[ .-]?[0-9]{5})(?![a-z0-9])"
)
# Sex, year, month, département, commune, order, key. Months from 20 on are given where the birth date is not known.
_NIR = re.compile(
    r"(?<![a-z0-9])(?P<number>[1-478][ .]?[0-9]{2}[ .]?(?P<month>0[1-9]|1[0-2]|[2-9][0-9])[ .]?(?:[0-9]{2}|2[ab])[ .]?"
    r"[0-9]{3}[ .]?[0-9]{3})(?:[ ./-]{0,3}(?P<key>[0-9]{2}))?(?![a-z0-9]|[ .-]?[0-9\0])"
)
# Nine digits and two letters, before that ten and one (a UAI has seven and one). Not inside an address of the web.
_INE = re.compile(r"(?<![\w@./-])(?:[0-9]{10}[a-z]|[0-9]{9}[a-z]{2})(?![\w@])")
_INE_SAID = re.compile(
    r"(?<![^\W_])(?:i\.?n\.?e\.?|identifiant national|numero national)(?![^\W_])[^\n,;.0-9\0]{0,40}?(?<![0-9a-z])"
    r"(?P<ine>(?:[0-9][ .-]?){10}[a-z]|(?:[0-9][ .-]?){9}[a-z][ .-]?[a-z]|(?=(?:[a-z]{0,6}[0-9]){5})[0-9a-z]{11})"
    r"(?![0-9a-z])"
)
_PHONE_AND_LETTER = re.compile(r"0[1-79](?:[ .-]?[0-9]{2}){4}[ .-]?[a-z]")
_KEPT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"  # mail
    r"|(?:https?://|www\.|[\w-]{1,63}\.(?:fr|com|org|net|eu)/)[^\s\0]+"
    r"|(?<![0-9a-z])0 ?[1-9](?:[ .-]?[0-9]){8}(?![0-9a-z])"  # phone
    r"|(?<![0-9a-z])(?:\+|00)[1-9](?:[ .()-]{0,2}[0-9]){7,13}(?![0-9a-z])"
    r"|(?<![0-9a-z])(?:0?[1-9]|[12][0-9]|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:[0-9]{4}|[0-9]{2})(?![0-9a-z])"  # date
    r"|(?<![0-9a-z])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9a-z])"
    r"|(?<![0-9a-z])ec[ -]?[0-9a-z]{4}[ -]?[0-9a-z]{4}(?![0-9a-z])"  # reference of a ticket
    r"|(?<![0-9a-z])[0-9]{7}[a-z](?![0-9a-z])"  # UAI
)


def accounts(ground: str) -> Spans:
    """IBAN whose check digits are right."""

    def proved(match: re.Match[str]) -> bool:
        code = re.sub(r"[ .-]", "", match.group())
        return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1

    return _proved(_IBAN, ground, proved)


def french_accounts(ground: str) -> Spans:
    """RIB whose key is right."""

    def proved(match: re.Match[str]) -> bool:
        bank, branch, account, key = match.groups()
        return (89 * int(bank) + 15 * int(branch) + 3 * int(account.translate(_RIB_DIGITS)) + int(key)) % 97 == 0

    return _proved(_RIB, ground, proved)


def cards(ground: str) -> Spans:
    """Bank cards whose last digit is right (Luhn)."""

    def proved(match: re.Match[str]) -> bool:
        digits = [int(char) for char in match.group() if char.isdigit()]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
        return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0

    return _proved(_CARD, ground, proved)


def social_security(ground: str) -> Spans:
    """NIR: with a right key, or spaced as it is printed, or the thirteen digits that stand before the key."""

    def proved(match: re.Match[str]) -> bool:
        number = re.sub(r"[ .]", "", match["number"])
        if len(match["number"]) >= len(number) + 4:
            return True
        if match["key"]:
            # INSEE: for Corsica, 2A counts as 19 and 2B as 18.
            return 97 - int(number.replace("2a", "19").replace("2b", "18")) % 97 == int(match["key"])
        return number[0] in "12" and match["month"] <= "12" and number[7:10] != "000" != number[10:]

    return _proved(_NIR, ground, proved)


def _proved(pattern: re.Pattern[str], ground: str, proved: Callable[[re.Match[str]], bool]) -> Spans:
    """A number that fails its proof may hide the beginning of one that does not: look again one place further."""
    at = 0
    while match := pattern.search(ground, at):
        if proved(match):
            yield match.span()
            at = match.end()
        else:
            at = match.start() + 1


def student_numbers_said(ground: str) -> Spans:
    """What is said to be an INE: its usual shapes with spaces, or eleven letters and digits."""
    for match in _INE_SAID.finditer(ground):
        if " " not in match["ine"] or not _PHONE_AND_LETTER.fullmatch(match["ine"]):
            yield match.span("ine")


def student_numbers(ground: str, text: str) -> Spans:
    """INE by shape alone. A phone number run into the next word (« 0612345678a partir de 18 h ») is not one."""
    for match in _INE.finditer(ground):
        if not (_PHONE_AND_LETTER.fullmatch(match.group()) and text[match.end() - 1].islower()):
            yield match.span()


def kept(ground: str) -> Spans:
    """What a ticket needs and must never lose: addresses, phone numbers, dates, references, UAI codes."""
    for match in _KEPT.finditer(ground):
        yield match.span()
