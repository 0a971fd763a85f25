"""Masking, on arrival, of what a ticket must never hold: passwords and codes said as such, national student numbers
(INE), bank cards and accounts, social security numbers.

    text ─► numbers that prove themselves ─► phones, dates … set aside ─► student numbers ─► secrets said in words

The words around stay, so that an agent understands: « mon mot de passe est [mot de passe masqué] ».
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.privacy import numbers
from helpdesk.privacy.found import KEPT, MASKED, Found, Kind, with_walls
from helpdesk.privacy.said import find_said
from helpdesk.text import fold_in_place

MARKERS = {
    Kind.PASSWORD: "[mot de passe masqué]",
    Kind.CODE: "[code masqué]",
    Kind.INE: "[INE masqué]",
    Kind.CARD: "[carte bancaire masquée]",
    Kind.IBAN: "[compte bancaire masqué]",
    Kind.NIR: "[numéro de sécurité sociale masqué]",
}
_MARKER = re.compile("|".join(re.escape(marker) for marker in MARKERS.values()))
_PROVED_NUMBERS = (
    (Kind.IBAN, numbers.accounts),
    (Kind.IBAN, numbers.french_accounts),
    (Kind.CARD, numbers.cards),
    (Kind.NIR, numbers.social_security),
    (Kind.INE, numbers.student_numbers_said),
)
_READINGS = 4


@dataclass(frozen=True)
class Masked:
    """`text` may be stored. `found` says what stood where in the text that was given, in order, without the secret."""

    text: str
    found: tuple[Found, ...]


def mask(text: str) -> Masked:
    """Replace each secret by a marker. Masking what is masked changes nothing; time is linear in the length.

    Expects text as `text.clean` gives it. Phone numbers, mail and web addresses, dates, UAI codes and references of
    tickets are never touched.
    """
    ground = with_walls(fold_in_place(text), (marker.span() for marker in _MARKER.finditer(text)), MASKED)
    found: list[Found] = []
    # A secret that is gone may uncover another; two readings are the rule, the bound keeps hostile texts cheap.
    for _ in range(_READINGS):
        new = _found_in(text, ground)
        if not new:
            break
        ground = with_walls(ground, ((one.start, one.end) for one in new), MASKED)
        found += new
    found.sort(key=lambda one: one.start)
    return Masked(_with_markers(text, found), tuple(found))


def _found_in(text: str, ground: str) -> list[Found]:
    """One reading: the secrets that stand on the ground outside its walls, in order."""
    found: list[Found] = []
    for kind, spans_in in _PROVED_NUMBERS:
        found += (here := [Found(kind, start, end) for start, end in spans_in(ground)])
        ground = with_walls(ground, ((one.start, one.end) for one in here), MASKED)
    ground = with_walls(ground, numbers.kept(ground), KEPT)
    found += (here := [Found(Kind.INE, start, end) for start, end in numbers.student_numbers(ground, text)])
    ground = with_walls(ground, ((one.start, one.end) for one in here), MASKED)
    return sorted([*found, *find_said(text, ground)], key=lambda one: one.start)


def _with_markers(text: str, found: Iterable[Found]) -> str:
    parts = []
    at = 0
    for one in found:
        parts += [text[at : one.start], MARKERS[one.kind]]
        at = one.end
    return "".join([*parts, text[at:]])
