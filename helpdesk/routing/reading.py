"""What the person wrote this time: quoted history and signature set apart before words are looked for.

Nothing is lost by it: the whole text stays in the message. When what remains says nothing (a forwarded mail without a
word of one's own), the quotation is the message.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.routing.clues.reading import READ_AT_MOST
from helpdesk.routing.clues.zones import Zone, zones
from helpdesk.text import clean, fold_in_place

_FORWARDED = re.compile(r"\s*(?:re\s?:\s*)*(?:fwd?|tr|wg|rv)\s?:", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Reading:
    """`words` is the subject and what was written this time; `signature` what stands below it (name, function, school);
    `shown` what a forwarded mail shows of somebody else's words.
    """

    words: str
    signature: str = ""
    shown: str = ""

    def __bool__(self) -> bool:
        """Whether a single word was written."""
        return bool(_WORD.search(self.words) or _WORD.search(self.signature))

    def whole(self) -> "Reading":
        """The same with the signature read as part of the message."""
        return Reading(f"{self.words}\n{self.signature}", "", self.shown)


@lru_cache(maxsize=2)  # a replay reads each message twice
def read(subject: str, text: str) -> Reading:
    """Of a long text only the first `READ_AT_MOST` characters are read."""
    subject = clean(subject[:READ_AT_MOST])
    text = clean(text[:READ_AT_MOST])
    pieces: dict[Zone, list[str]] = {zone: [] for zone in Zone}
    start = 0
    for end, zone in zones(fold_in_place(text)):
        pieces[zone].append(text[start:end])
        start = end
    fresh, signature, quoted = ("\n".join(pieces[zone]).strip() for zone in Zone)
    if len(_WORD.findall(fresh)) < 2:
        fresh = f"{fresh}\n{signature}"
    if len(_WORD.findall(fresh)) < 2:
        fresh, quoted = "\n".join(line.lstrip("> ") for line in text.split("\n")), ""
    shown = quoted if _FORWARDED.match(subject) else ""
    return Reading(f"{subject}\n\n{fresh}".strip(), signature, shown)
