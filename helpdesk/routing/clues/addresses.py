"""What mail addresses, web addresses and telephone numbers tell of the académie."""

import re

from helpdesk.routing import uai as codes
from helpdesk.routing.decision import Clue, Strength
from helpdesk.routing.geography import Geography, Territory

_HOST = re.compile(r"(?:^|@|//)([\w.\-]+)")
# Fixed lines of the overseas territories, as dialled from France and from abroad. Mobile numbers move with people.
_FIXED_LINES = (
    (re.compile(r"(?:\+|00)262(?:0|\(0\))?262|0262"), "974"),
    (re.compile(r"(?:\+|00)262(?:0|\(0\))?269|0269"), "976"),
    (re.compile(r"(?:\+|00)590(?:0|\(0\))?590|0590"), "971"),
    (re.compile(r"(?:\+|00)594(?:0|\(0\))?594|0594"), "973"),
    (re.compile(r"(?:\+|00)596(?:0|\(0\))?596|0596"), "972"),
    (re.compile(r"(?:\+|00)508(?:0?508)?41|0508"), "975"),
    (re.compile(r"(?:\+|00)687[234]"), "988"),
    (re.compile(r"(?:\+|00)68940"), "987"),
    (re.compile(r"(?:\+|00)681[467]"), "986"),
)
PHONE_LIKE = re.compile(r"(?<![\w+])(?:\+|00?)\d(?:[\s.\-()]{0,2}\d){5,14}(?![\w])")


def of_address(address: str, field: str, start: int, geography: Geography, strength: Strength) -> Clue | None:
    """The clue of a mail or web address: its domain, and the school's code in a school mailbox (ce.<UAI>@ac-…)."""
    local, at, _ = address.rpartition("@")
    host = _HOST.search(address[len(local) :] if at else address)
    territory = (geography.by_host(host[1]) or _ent(host[1], geography)) if host else None
    if territory is None:
        return None
    kind, value = territory.kind, territory.name
    if at and kind == "academie":
        kind = "academy-mail"
        code = codes.normal_form(local.rsplit(".", 1)[-1])
        if code and codes.is_right(code):
            kind, value = "school-mail", code
            strength = strength if strength == Strength.WEAK and field == "text" else Strength.STRONG
    end = start + len(address)
    uai = value if kind == "school-mail" else ""
    return Clue(kind, value, territory.academies, strength, address, field, start, end, uai)


def _ent(host: str, geography: Geography) -> Territory | None:
    words = re.split(r"[.\-]", host.lower())[:6]
    for size in (3, 2, 1):
        for first in range(len(words) - size + 1):
            territory = geography.territories.get(" ".join(words[first : first + size]))
            if territory is not None and territory.kind == "ent":
                return territory
    return None


def of_phone(number: str, field: str, start: int, geography: Geography) -> Clue | None:
    """The clue of a fixed overseas line; None for any other number."""
    dialled = re.sub(r"[^\d+()]", "", number)
    for pattern, department in _FIXED_LINES:
        if pattern.match(dialled):
            academies = geography.academies_of([department])
            return Clue("phone", number, academies, Strength.LAST, number, field, start, start + len(number))
    return None
