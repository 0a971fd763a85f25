"""The words of an incident's answer: written once, with fields for what differs from person to person."""

import re

from helpdesk.tickets.canned_text import fill, gaps_in, named_in

FIELDS = ("nom", "référence")
_NAMELESS = re.compile(r"[ \u00a0]*\{\s*nom\s*\}", re.IGNORECASE)


def written(text: str, name: str, reference: str) -> str:
    """The words for one person. Without a name « Bonjour {nom}, » becomes « Bonjour, »."""
    if not name:
        text = _NAMELESS.sub("", text)
    return fill(text, {"nom": name, "référence": reference})


def wrong_in(text: str) -> list[str]:
    """What is in braces and no field, or a gap of a model answer that nobody has filled in."""
    unknown = [name for name in named_in(text) if name not in FIELDS]
    return list(dict.fromkeys([*unknown, *(gap for gap in gaps_in(text) if gap not in FIELDS)]))
