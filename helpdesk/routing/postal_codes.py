"""From a postal code to a département: the first digits, and the few communes that a neighbour's office serves."""

from collections.abc import Collection

from rapidfuzz.distance import OSA

# Communes whose code begins like another département's, where this changes the académie (12, official codes of 2026).
_SERVED_BY_NEIGHBOURS = {
    ("01200", "eloise"): "74",
    ("01410", "lajoux"): "39",
    ("01590", "chancia"): "39",
    ("01590", "lavancia epercy"): "39",
    ("42620", "saint pierre laval"): "03",
    ("06260", "rochette"): "04",
    ("06260", "saint pierre"): "04",
    ("05700", "villebois les pins"): "26",
    ("48250", "laveyrune"): "07",
    ("13780", "riboux"): "83",
    ("37160", "buxeuil"): "86",
    ("94390", "paray vieille poste"): "91",
}
_LETTERS_A_SLIP = 5
_RARE_FROM = 8  # letters
# Saint-Martin and Saint-Barthélemy have codes in 971; their schools are Guadeloupe's anyway.
_ISLANDS = {"97150": "978", "97133": "977", "97095": "977"}


def is_shared(code: str) -> bool:
    """Whether the code also serves a commune of another académie than its first digits tell."""
    return any(served == code for served, _ in _SERVED_BY_NEIGHBOURS)


def department(code: str, communes: Collection[str] = ()) -> str | None:
    """Number of the département of a five-digit postal code, None if it is no French one.

    `communes` are the names told with it (`communes.bare_key`), slips allowed. Codes for firms (CEDEX) follow their
    first digits too.
    """
    if len(code) != 5 or not code.isdecimal():
        return None
    for (served, name), neighbour in _SERVED_BY_NEIGHBOURS.items():
        if served == code and any(_is_meant(name, commune) for commune in communes):
            return neighbour
    if code in _ISLANDS:
        return _ISLANDS[code]
    if code[:3] == "978":  # the CEDEX codes of La Réunion, not Saint-Martin
        return "974"
    if code[:2] in ("97", "98"):
        return code[:3] if code[:3] in ("971", "972", "973", "974", "975", "976", "986", "987", "988") else None
    if code[:2] == "20":
        return "2A" if code[2] in "01" else "2B"
    return code[:2] if "01" <= code[:2] <= "95" else None


def _is_meant(name: str, told: str) -> bool:
    """Slips allowed, and the first word alone when it is rare: « Lavancia »."""
    first = name.split(" ", 1)[0]
    if len(first) >= _RARE_FROM and told == first:
        return True
    return OSA.distance(name, told) <= len(name) // _LETTERS_A_SLIP
