"""What the fields of an extract of the directory mean, one function a column."""

import re
from functools import lru_cache

from helpdesk.routing import uai as codes
from helpdesk.routing.school_names import read_name
from helpdesk.text import clean, fold
from helpdesk.vocabulary import Level

_STATES = {"1": True, "2": True, "3": True, "4": False}
_SECOND = frozenset({"college", "lycee", "lp", "segpa", "erea"})
_FIRST = frozenset({"ecole", "maternelle", "elementaire", "primaire"})


class Unfit(Exception):
    """A line cannot be believed; the reason is for people."""


def tidy(value: str) -> str:
    """On one line, without controls. Most of a million values need nothing, so that is looked at first."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip(" ")
    return " ".join(clean(value).split())


def uai(typed: str) -> str:
    """In normal form; raises Unfit for what is no right code."""
    code = codes.normal_form(typed)
    if code is None:
        raise Unfit(f"« {typed[:20]} » n’est pas un code UAI" if typed else "le code UAI manque")
    if not codes.is_right(code):
        raise Unfit(f"{code} : la dernière lettre devrait être {codes.check_letter(code[:7])}")
    return code


def postal_code(typed: str) -> str:
    code = typed.replace(" ", "").removesuffix(".0")
    return code.zfill(5) if code.isascii() and code.isdigit() and 4 <= len(code) <= 5 else ""


@lru_cache(maxsize=100)
def sector(typed: str) -> str:
    plain = fold(typed)
    return "prive" if plain.startswith("pr") else "public" if plain.startswith("pu") else ""


def level(name: str, kind: str) -> Level | None:
    for families in (read_name(kind).families, read_name(name).families):
        if families & _SECOND:
            return Level.SECOND
        if families & _FIRST:
            return Level.FIRST
    return None


@lru_cache(maxsize=100)
def is_open(typed: str) -> bool:
    """Schools about to open count: their families write before the first day."""
    return _STATES.get(typed, not fold(typed).startswith("ferme"))


def email(typed: str) -> str:
    return typed.lower()[:320] if typed.count("@") == 1 and " " not in typed else ""


def phone(typed: str) -> str:
    """« 04 65 71 00 00 » where ten digits can be read, spreadsheets having eaten the first; else as written."""
    digits = "".join(char for char in typed.removesuffix(".0") if char.isdigit())
    if len(digits) == 9 and digits[0] != "0":
        digits = f"0{digits}"
    if len(digits) == 11 and digits.startswith("33"):
        digits = f"0{digits[2:]}"
    return " ".join(re.findall("..", digits)) if len(digits) == 10 else typed[:40]
