"""The number of a ticket (EC-4F7K-9TR3): short enough for the phone, with a character that catches what was misheard.

23 characters that neither look alike nor make words: no vowel, none of I L O 0 1 (each other), S (5), Z (2), B (8),
G (6), Q (O). The last one is a check: the weighted sum of all is a multiple of 23. Since 23 is prime and neighbouring
weights differ, every single wrong character and every swap of neighbours is caught.
"""

import re
import secrets

ALPHABET = "23456789CDFHJKMNPRTVWXY"
LENGTH = 8  # seven drawn, 3.4 thousand million numbers, and the check
PREFIX = "EC"

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_PRIME = len(ALPHABET)
# What people type for a character that never occurs: the one it looks like.
_LOOKS_LIKE = str.maketrans({"S": "5", "Z": "2", "B": "8", "G": "6", "U": "V"})
_SHAPE = re.compile(r"(?<![A-Z0-9])E\s*C[\s.\-–_]*((?:[A-Z0-9][\s.\-–_]*){7}[A-Z0-9])(?![A-Z0-9])")

_NAMES = {
    "C": "Célestin",
    "D": "Désiré",
    "E": "Eugène",
    "F": "François",
    "H": "Henri",
    "J": "Joseph",
    "K": "Kléber",
    "M": "Marcel",
    "N": "Nicolas",
    "P": "Pierre",
    "R": "Raoul",
    "T": "Thérèse",
    "V": "Victor",
    "W": "William",
    "X": "Xavier",
    "Y": "Yvonne",
}


def new_reference() -> str:
    """A number nobody can guess from another. Not checked against those in use."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return show(drawn + _check(drawn))


def read_reference(text: str) -> str | None:
    """The reference that was meant, or None if it cannot be one. Case, spaces and dashes do not matter."""
    bare = re.sub(r"[\s.\-–_]", "", text.upper()).translate(_LOOKS_LIKE)
    bare = bare.removeprefix(PREFIX) if len(bare) > LENGTH else bare
    if len(bare) != LENGTH or any(char not in _VALUE for char in bare) or _sum(bare) % _PRIME:
        return None
    return show(bare)


def find_references(text: str) -> tuple[str, ...]:
    """The references that a text names with their prefix, in order, each once."""
    read = (read_reference(found) for found in _SHAPE.findall(text.upper()))
    return tuple(dict.fromkeys(reference for reference in read if reference))


def show(bare: str) -> str:
    """Eight characters as people see them."""
    return f"{PREFIX}-{bare[:4]}-{bare[4:]}"


def spell(reference: str) -> str:
    """For reading aloud, with the names of the French spelling table: « E comme Eugène, C comme Célestin, 4, … »."""
    characters = [char for char in reference if char.isalnum()]
    return ", ".join(f"{char} comme {_NAMES[char]}" if char in _NAMES else char for char in characters)


def _sum(bare: str) -> int:
    return sum((place + 1) * _VALUE[char] for place, char in enumerate(bare))


def _check(drawn: str) -> str:
    """The character that makes the sum a multiple of 23; its weight is LENGTH."""
    return ALPHABET[-_sum(drawn) * pow(LENGTH, -1, _PRIME) % _PRIME]
