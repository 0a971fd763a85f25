"""What a caller typed or said, as the script understands it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.text import clean, fold

_AT_MOST = 32  # keys; nothing that is asked for is longer
_SAID_AT_MOST = 300
_NUMBERS = {
    "zero": "0", "un": "1", "une": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7",
    "huit": "8", "neuf": "9", "etoile": "*", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "seven": "7", "eight": "8", "nine": "9", "star": "*", "oui": "1", "yes": "1", "non": "2", "no": "2", "english": "9",
    "anglais": "9", "francais": "9", "french": "9", "retour": "0", "back": "0", "repeter": "*", "repeat": "*",
}  # fmt: skip
_FILLERS = frozenset(
    ("euh", "le", "la", "l", "tapez", "touche", "choix", "numero", "the", "number", "please", "bonjour")
)


@dataclass(frozen=True)
class Heard:
    """`keys` are 0-9 and *; `words` as the provider understood them, folded. `recording`: its name at the provider, and
    how many seconds were said.
    """

    keys: str = ""
    words: str = ""
    recording: str = ""
    url: str = ""
    seconds: int = 0

    @property
    def key(self) -> str:
        """The one key that was pressed or said; empty where it was more, or none."""
        if self.keys:
            return self.keys if len(self.keys) == 1 else ""
        words = [word for word in self.words.split() if word not in _FILLERS]
        told = {_NUMBERS.get(word, word if word in set("0123456789") else "") for word in words}
        return told.pop() if len(told) == 1 else ""

    @property
    def figures(self) -> str:
        """All that was typed, or the figures that were said, without what stands between them."""
        return self.keys or re.sub(r"\D", "", self.words)[:_AT_MOST]

    def says(self, words: tuple[str, ...]) -> bool:
        """Whether one of these (folded) words was said."""
        return any(re.search(rf"\b{re.escape(word)}\b", self.words) for word in words)


def read_heard(form: Mapping[str, str]) -> Heard:
    """From the provider's parameters: `Digits`, `SpeechResult`, `RecordingSid`, `RecordingUrl`, `RecordingDuration`.

    Whatever else stands there is dropped; nothing of it is believed to be of a certain shape.
    """
    keys = re.sub(r"[^0-9*]", "", form.get("Digits", "")[: 2 * _AT_MOST])[:_AT_MOST]
    words = " ".join(re.findall(r"[a-z0-9*]+", fold(clean(form.get("SpeechResult", "")[:_SAID_AT_MOST]))))
    sid, url = form.get("RecordingSid", ""), form.get("RecordingUrl", "")
    length = form.get("RecordingDuration", "")
    seconds = int(length) if length.isascii() and length.isdecimal() and len(length) < 6 else 0
    right = re.fullmatch(r"RE[0-9A-Za-z]{1,60}", sid) is not None and len(url) <= 480
    return Heard(keys, words, sid if right else "", url if right else "", seconds if right else 0)
