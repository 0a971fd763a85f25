"""The call code of a ticket: figures alone, so that they can be typed on a telephone.

It is computed from the ticket's number in the database: seven figures that look drawn (one affine step modulo a power
of ten, which is a permutation) and one of Damm's check, which catches every wrong figure and every swap of neighbours.
Beyond ten million tickets a code grows by a figure. It proves nothing: a caller only says by it what the call is about.
"""

# Damm's quasigroup of order ten: totally anti-symmetric, with a diagonal of zeros.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_LEAST = 7  # figures before the check
_FACTOR, _SHIFT = 7_368_787, 2_718_281  # the factor has no divisor in common with ten
_MOST = 12


def code_of(number: int) -> str:
    """Of a ticket by its number in the database, which begins with one."""
    length = max(_LEAST, len(str(number)))
    drawn = f"{(number * _FACTOR + _SHIFT) % 10**length:0{length}}"
    return drawn + _check(drawn)


def show_code(number: int) -> str:
    """As it is read best: « 1234 5678 »."""
    code = code_of(number)
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def number_of(code: str) -> int | None:
    """The ticket's number, or None where this is no code: a figure was wrong, or it never was one."""
    figures = "".join(code.split())
    if not figures.isascii() or not figures.isdecimal() or not _LEAST < len(figures) <= _MOST:
        return None
    drawn, length = figures[:-1], len(figures) - 1
    if _check(drawn) != figures[-1]:
        return None
    number = (int(drawn) - _SHIFT) * pow(_FACTOR, -1, 10**length) % 10**length
    return number if number and max(_LEAST, len(str(number))) == length else None


def _check(figures: str) -> str:
    interim = 0
    for figure in figures:
        interim = int(_DAMM[interim][int(figure)])
    return str(interim)
