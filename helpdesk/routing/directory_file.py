"""Reading an extract of the ministry's directory of schools (open data set `fr-en-annuaire-education`).

bytes → encoding, separator, columns → one `Row` or one `Refused` a line

Exports of the set differ: in encoding, separator, names of columns, codes with or without leading zeros. What a line
says is believed only as far as its parts agree: a school in the wrong académie would send families astray.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.errors import UnreadableDocument
from helpdesk.routing import postal_codes
from helpdesk.routing import uai as codes
from helpdesk.routing.communes import bare_key
from helpdesk.routing.directory_columns import check, columns, separator
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_names import read_name, read_town
from helpdesk.text import clean, fold
from helpdesk.vocabulary import Level

LARGEST = 200_000_000  # bytes; the whole directory has 45 million
_OLD_ACADEMIES = {"05": "70", "21": "70"}  # Caen and Rouen
_OLD_DEPARTMENTS = {"20A": "2A", "20B": "2B", "620": "2A", "720": "2B"}
_STATES = {"1": True, "2": True, "3": True, "4": False}
_LINES_IN_A_FIELD = 5  # more means a quotation mark that was never closed
_SECOND = frozenset({"college", "lycee", "lp", "segpa", "erea"})
_FIRST = frozenset({"ecole", "maternelle", "elementaire", "primaire"})
_NOT_TEXT = {
    b"PK": "un classeur ou une archive",
    b"\x1f\x8b": "une archive",
    b"%PDF": "un PDF",
    b"\xd0\xcf": "un classeur",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One school as the file tells it; fields as in `models.school.School`."""

    uai: str
    name: str
    kind: str
    sector: str
    level: Level | None
    address: str
    postal_code: str
    commune: str
    department: str
    academy: str
    email: str
    phone: str
    ministry: str
    open: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out, and why, in French. `uai` if it could be read."""

    line: int
    why: str
    uai: str = ""


def read_rows(raw: bytes, geography: Geography) -> Iterator[Row | Refused]:
    """All lines of the file, one after the other, each with what came of it.

    Raises UnreadableDocument for what is no such file, before the first line is given.
    """
    text = io.TextIOWrapper(io.BytesIO(raw), _encoding(raw), errors="replace", newline="")
    titled = ((number, line.strip("\ufeff \r\n")) for number, line in enumerate(text, start=1))
    before, first = next(((number, line) for number, line in titled if line), (0, ""))
    sign = separator(first)
    header = next(csv.reader([first], delimiter=sign), [])
    found = columns(header)
    check(found, header)
    return _lines(text, sign, before, _Reader(found, len(header), geography))


def _encoding(raw: bytes) -> str:
    for start, what in _NOT_TEXT.items():
        if raw.startswith(start):
            raise UnreadableDocument(f"Ce fichier est {what} : exportez l’annuaire au format CSV.")
    if raw[:100].lstrip()[:1] in (b"{", b"[", b"<"):
        raise UnreadableDocument("Ce fichier est une page ou du JSON : exportez l’annuaire au format CSV.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        # A file cut in the middle of a character is UTF-8 all the same.
        wrong = raw.decode("utf-8", "replace").count("\ufffd")
        accents = sum(raw.count(bytes((lead,))) for lead in (0xC3, 0xC5, 0xE2))
        return "utf-8-sig" if wrong * 20 < accents else "cp1252"
    return "utf-8-sig"


def _lines(text: io.TextIOWrapper, sign: str, before: int, reader: "_Reader") -> Iterator[Row | Refused]:
    """`before` lines were read before those of the schools."""
    lines = csv.reader(text, delimiter=sign)
    while True:
        line = before + lines.line_num + 1
        try:
            values = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield Refused(line, "ligne illisible (un guillemet n’est jamais fermé ?)")
            continue
        if any(map(str.strip, values)):
            yield reader.read(values, line)


class _Unfit(Exception):
    """A line cannot be believed; the reason is for people."""


class _Reader:
    """Turns the fields of a line into a row."""

    def __init__(self, found: Mapping[str, int], width: int, geography: Geography) -> None:
        self._found = found
        self._width = width
        self._geography = geography
        self._academies = {bare_key(academy.name): code for code, academy in geography.academies.items()}
        self._departments = {
            name: next(iter(territory.departments))
            for name, territory in geography.territories.items()
            if territory.kind == "departement" and len(territory.departments) == 1
        }

    def read(self, values: Sequence[str], line: int) -> Row | Refused:
        uai = ""
        try:
            if any(value.count("\n") > _LINES_IN_A_FIELD for value in values):
                raise _Unfit("un guillemet n’est jamais fermé")
            if any(map(str.strip, values[self._width :])):
                raise _Unfit(f"{len(values)} colonnes au lieu de {self._width}")
            told = {what: _tidy(values[place]) for what, place in self._found.items() if place < len(values)}
            uai = _uai(told.get("uai", ""))
            return self._row(uai, told)
        except _Unfit as error:
            return Refused(line, str(error), uai)

    def _row(self, uai: str, told: Mapping[str, str]) -> Row:
        name, commune = told.get("name", ""), told.get("commune", "")
        if not name:
            raise _Unfit(f"{uai} : le nom manque")
        if not commune:
            raise _Unfit(f"{uai} : la commune manque")
        postal_code = _postal_code(told.get("postal_code", ""))
        department, academy = self._place(uai, told, postal_code, commune)
        kind = told.get("kind", "")
        return Row(
            uai=uai,
            name=name[:200],
            kind=kind[:60],
            sector=_sector(told.get("sector", "")),
            level=_level(name, kind),
            address="\n".join(filter(None, (told.get(f"address_{n}", "")[:130] for n in (1, 2, 3)))),
            postal_code=postal_code,
            commune=commune[:120],
            department=department,
            academy=academy,
            email=_email(told.get("email", "")),
            phone=_phone(told.get("phone", "")),
            ministry=told.get("ministry", "")[:120],
            open=_is_open(told.get("state", "")),
        )

    def _place(self, uai: str, told: Mapping[str, str], postal_code: str, commune: str) -> tuple[str, str]:
        """Département and académie on which the line's columns and the school's code agree, two against one if need
        be; raises _Unfit when all differ.
        """
        of_code = codes.department(uai)
        department = self._department(told) or of_code
        if department is None:
            department = postal_codes.department(postal_code, [read_town(commune).key])
        if department is None:
            raise _Unfit(f"{uai} : département inconnu")
        academy_of = self._geography.academy_of
        academy = self._academy(told) or academy_of(department)
        if academy == academy_of(department):
            return department, academy or ""
        if of_code and academy_of(of_code) in (academy, academy_of(department)):
            agreed = of_code if academy_of(of_code) == academy else department
            return agreed, academy_of(agreed) or ""
        raise _Unfit(f"{uai} : l’académie {academy} n’est pas celle du département {department}")

    def _department(self, told: Mapping[str, str]) -> str | None:
        """« 034 », « 34 », « 2A », « 02A », « 974 », « Hérault »."""
        for what in ("department", "department_name"):
            number = told.get(what, "").upper().removesuffix(".0")
            number = _OLD_DEPARTMENTS.get(number) or number.lstrip("0").zfill(2)
            if self._geography.academy_of(number):
                return number
            if number := self._departments.get(bare_key(told.get(what, "")), ""):
                return number
        return None

    def _academy(self, told: Mapping[str, str]) -> str | None:
        """« 1 », « 01 », « Paris », « ORLEANS-TOURS », « Académie de Caen »."""
        for what in ("academy", "academy_name"):
            code = told.get(what, "").removesuffix(".0").lstrip("0").zfill(2)
            code = _OLD_ACADEMIES.get(code, code)
            if code in self._geography.academies:
                return code
            key = bare_key(told.get(what, "").removeprefix("Académie de ").removeprefix("Académie d'"))
            if key in self._academies:
                return self._academies[key]
            named = self._geography.after_academie.get(key)
            if named is not None and len(named.academies) == 1:
                return named.academies[0]
        return None


def _tidy(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        value = clean(value)
    return " ".join(value.split())


def _uai(typed: str) -> str:
    code = codes.normal_form(typed)
    if code is None:
        raise _Unfit(f"« {typed[:20]} » n’est pas un code UAI" if typed else "le code UAI manque")
    if not codes.is_right(code):
        raise _Unfit(f"{code} : la dernière lettre devrait être {codes.check_letter(code[:7])}")
    return code


def _postal_code(typed: str) -> str:
    code = typed.replace(" ", "").removesuffix(".0")
    return code.zfill(5) if code.isascii() and code.isdigit() and 4 <= len(code) <= 5 else ""


def _sector(typed: str) -> str:
    plain = fold(typed)
    return "prive" if plain.startswith("pr") else "public" if plain.startswith("pu") else ""


@lru_cache(maxsize=1_000)
def _families(kind: str) -> frozenset[str]:
    return read_name(kind).families


def _level(name: str, kind: str) -> Level | None:
    for families in (_families(kind), _families(" ".join(name.split()[:3]))):
        if families & _SECOND:
            return Level.SECOND
        if families & _FIRST:
            return Level.FIRST
    return None


def _is_open(typed: str) -> bool:
    """Schools about to open count: their families write before the first day."""
    return _STATES.get(typed, not fold(typed).startswith("ferme"))


def _email(typed: str) -> str:
    return typed.lower()[:320] if typed.count("@") == 1 and " " not in typed else ""


def _phone(typed: str) -> str:
    """« 04 65 71 00 00 » where ten digits can be read, spreadsheets having eaten the first; else as written."""
    digits = "".join(char for char in typed.removesuffix(".0") if char.isdigit())
    if len(digits) == 9 and digits[0] != "0":
        digits = f"0{digits}"
    if len(digits) == 11 and digits.startswith("33"):
        digits = f"0{digits[2:]}"
    return " ".join(re.findall("..", digits)) if len(digits) == 10 else typed[:40]
