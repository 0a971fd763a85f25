"""The number of a ticket (EC-4F7K-9XR3): short enough for the phone, with a character that catches what was misheard.

Nineteen characters that are hard to take for one another. No vowel, so that they make no words. By sight: none of I L
O Q U 0 1, no S (5), Z (2), B (8), G (6). By ear: of B D P T V only P, of M and N only M, of G and J only J, of F and S
only F. Whoever writes one of those left out is understood all the same.

The last character is a check: the weighted sum of all is a multiple of 19. As 19 is prime and the weights differ, every
single wrong character and every swap of two is caught.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from itertools import product

ALPHABET = "23456789CFHJKMPRWXY"
LENGTH = 8  # seven drawn, nine hundred million numbers, and the check
PREFIX = "EC"

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_PRIME = len(ALPHABET)
# What a character that never occurs can stand for: the one it looks like, then the one it sounds like.
_MEANT = {"1": "7", "Z": "2", "S": "5F", "B": "8P", "G": "6J", "D": "P", "T": "P", "V": "P", "N": "M"}
_MOST_MEANINGS = 16
_GAP = r"[\s.\-–—_/]{0,3}"
_BETWEEN = re.compile(r"[\s.\-–—_/]+")
_NAMED = re.compile(rf"(?<![^\W_])E{_GAP}C{_GAP}((?:[A-Z0-9]{_GAP}){{{LENGTH - 1}}}[A-Z0-9])(?![^\W_])")

# The names of the French spelling table.
_NAMES = {
    "C": "Célestin",
    "E": "Eugène",
    "F": "François",
    "H": "Henri",
    "J": "Joseph",
    "K": "Kléber",
    "M": "Marcel",
    "P": "Pierre",
    "R": "Raoul",
    "W": "William",
    "X": "Xavier",
    "Y": "Yvonne",
}


def new_reference(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A number nobody can guess from another. Not checked against those in use."""
    drawn = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    # The check's weight is LENGTH: divide by it to make the whole sum a multiple of the prime.
    check = ALPHABET[-_sum(drawn) * pow(LENGTH, -1, _PRIME) % _PRIME]
    return _shown(drawn + check)


def read_reference(text: str) -> str | None:
    """The reference that was meant, or None if it cannot be one or could be two.

    Case, spaces, dashes and the prefix do not matter; characters that never occur are read as what they stand for.
    """
    bare = _BETWEEN.sub("", text[:60].upper())
    bare = bare.removeprefix(PREFIX) if len(bare) > LENGTH else bare
    meanings = [char if char in _VALUE else _MEANT.get(char, "") for char in bare]
    if len(meanings) != LENGTH or not 1 <= _count(meanings) <= _MOST_MEANINGS:
        return None
    right = [meant for meant in map("".join, product(*meanings)) if _sum(meant) % _PRIME == 0]
    return _shown(right[0]) if len(right) == 1 else None


def find_references(text: str) -> tuple[str, ...]:
    """The references that a text names with their prefix, in order, each once."""
    read = (read_reference(named) for named in _NAMED.findall(text.upper()))
    return tuple(dict.fromkeys(reference for reference in read if reference))


def spell(reference: str) -> str:
    """For reading aloud: « E comme Eugène, C comme Célestin, 4, … »."""
    characters = [char for char in reference if char.isalnum()]
    return ", ".join(f"{char} comme {_NAMES[char]}" if char in _NAMES else char for char in characters)


def _shown(bare: str) -> str:
    return f"{PREFIX}-{bare[:4]}-{bare[4:]}"


def _count(meanings: Sequence[str]) -> int:
    count = 1
    for choices in meanings:
        count *= len(choices)
    return count


def _sum(bare: str) -> int:
    return sum((place + 1) * _VALUE[char] for place, char in enumerate(bare))
