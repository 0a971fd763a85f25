"""Words by their sound, for those who spell by ear. Words and stems as such are in `helpdesk.stems`.

Knows no list of words; the lists an editor may change are in `synonyms`.
"""

import re
from functools import lru_cache

# Written differently, said alike: « telefone », « conexion », « kestion », « ensaignant », « renouveller ».
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"mp?(?=t)", "n"),
        (r"qu|q|ck|cc(?=[aou])|c(?=[aouklmnrt]|$)", "k"),
        (r"c(?=[eiy])|sc(?=[eiy])|ss", "s"),
        (r"ge(?=[ao])|j", "j"),
        (r"g(?=[eiy])", "j"),
        (r"tion", "sion"),
        (r"eau|au", "o"),
        (r"ai|ei|ay|ey", "e"),
        (r"y", "i"),
        (r"oeu|eu", "e"),
        (r"[ae]n(?=[^aeiou]|$)|[ae]m(?=[bp])", "an"),
        (r"(?:er|ez|es|ee|ees|ent|ait|aient|et)$", "e"),
        (r"(?<=[^aeiou])h|^h", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)(?:es|ts|ds|[estxdp])$", ""),
    )
)


@lru_cache(maxsize=100_000)
def sound(folded: str) -> str:
    """A rough key that a word and its spelling by ear share: « connexion » and « conexion »."""
    for pattern, replacement in _SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded
