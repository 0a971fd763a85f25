"""Reading an extract of the ministry's directory of schools (open data set `fr-en-annuaire-education`).

bytes → encoding, separator, columns → one `Row` or one `Refused` a line

Exports of the set differ: in encoding, separator, names of columns, codes with or without leading zeros. What a line
says is believed only as far as its parts agree: a school in the wrong académie would send families astray.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from helpdesk.errors import UnreadableDocument
from helpdesk.routing import directory_values as values_of
from helpdesk.routing import postal_codes
from helpdesk.routing import uai as codes
from helpdesk.routing.communes import bare_key
from helpdesk.routing.directory_columns import SEPARATORS, check, columns, is_header, separator
from helpdesk.routing.directory_values import Unfit
from helpdesk.routing.geography import Geography
from helpdesk.routing.school_names import read_town
from helpdesk.vocabulary import Level

LARGEST = 200_000_000  # bytes; the whole directory has 45 million
_OLD_ACADEMIES = {"05": "70", "21": "70"}  # Caen and Rouen
_OLD_DEPARTMENTS = {"20A": "2A", "20B": "2B", "620": "2A", "720": "2B"}
_COLUMN_OF = {
    "kind": "kind",
    "sector": "sector",
    "address": "address_1",
    "postal_code": "postal_code",
    "email": "email",
    "phone": "phone",
    "ministry": "ministry",
    "open": "state",
}
_LINES_ABOVE = 10  # of the header, and the header itself
_LINES_IN_A_FIELD = 5  # more means a quotation mark that was never closed
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


@dataclass(frozen=True)
class DirectoryFile:
    """A file that was opened: its `lines`, each with what came of it, given once; and the fields of `Row` for which it
    has no column.
    """

    lines: Iterator[Row | Refused]
    silent_on: frozenset[str]


def open_file(raw: bytes, geography: Geography) -> DirectoryFile:
    """Raises UnreadableDocument for what is no such file. Its lines are read as they are asked for."""
    text = io.TextIOWrapper(io.BytesIO(raw), _encoding(raw), errors="replace", newline="")
    before, sign, header = _header(text)
    found = columns(header)
    check(found, header)
    silent_on = frozenset(name for name, column in _COLUMN_OF.items() if column not in found)
    return DirectoryFile(_lines(text, sign, before, _Reader(found, len(header), geography)), silent_on)


def _header(text: Iterable[str]) -> tuple[int, str, list[str]]:
    """How many lines it ends on, its separator and its titles: spreadsheets put « sep=; » or a heading above. Where
    none of the first lines is one, the first that says something is told.
    """
    first: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(islice(text, _LINES_ABOVE), start=1):
        if not (bare := line.strip("\ufeff \r\n")):
            continue
        sign = separator(bare)
        here = number, sign, next(csv.reader([bare], delimiter=sign), [])
        if is_header(here[2]):
            return here
        first = first or here
    return first or (0, SEPARATORS[0], [])


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
        return "utf-8-sig" if wrong * 2 < accents else "cp1252"
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
                raise Unfit("un guillemet n’est jamais fermé")
            if any(map(str.strip, values[self._width :])):
                raise Unfit(f"{len(values)} colonnes au lieu de {self._width}")
            told = {what: values_of.tidy(values[place]) for what, place in self._found.items() if place < len(values)}
            uai = values_of.uai(told.get("uai", ""))
            return self._row(uai, told)
        except Unfit as error:
            return Refused(line, str(error), uai)

    def _row(self, uai: str, told: Mapping[str, str]) -> Row:
        name, commune = told.get("name", ""), told.get("commune", "")
        if not name:
            raise Unfit(f"{uai} : le nom manque")
        if not commune:
            raise Unfit(f"{uai} : la commune manque")
        postal_code = values_of.postal_code(told.get("postal_code", ""))
        department, academy = self._place(uai, told, postal_code, commune)
        kind = told.get("kind", "")
        return Row(
            uai=uai,
            name=name[:200],
            kind=kind[:60],
            sector=values_of.sector(told.get("sector", "")),
            level=values_of.level(name, kind),
            address="\n".join(filter(None, (told.get(f"address_{n}", "")[:130] for n in (1, 2, 3)))),
            postal_code=postal_code,
            commune=commune[:120],
            department=department,
            academy=academy,
            email=values_of.email(told.get("email", "")),
            phone=values_of.phone(told.get("phone", "")),
            ministry=told.get("ministry", "")[:120],
            open=values_of.is_open(told.get("state", "")),
        )

    def _place(self, uai: str, told: Mapping[str, str], postal_code: str, commune: str) -> tuple[str, str]:
        """Département and académie on which the line's columns and the school's code agree, two against one if need
        be; raises Unfit when all differ.
        """
        of_code = codes.department(uai)
        department = self._department(told) or of_code
        if department is None:
            department = postal_codes.department(postal_code, [read_town(commune).key])
        if department is None:
            raise Unfit(f"{uai} : département inconnu")
        academy_of = self._geography.academy_of
        academy = self._academy(told) or academy_of(department)
        if academy == academy_of(department):
            return department, academy or ""
        if of_code and academy_of(of_code) in (academy, academy_of(department)):
            agreed = of_code if academy_of(of_code) == academy else department
            return agreed, academy_of(agreed) or ""
        raise Unfit(f"{uai} : l’académie {academy} n’est pas celle du département {department}")

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
