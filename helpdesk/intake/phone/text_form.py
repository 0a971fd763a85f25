"""A text message as the provider tells of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.text import clean, fold

MOST_PICTURES = 10  # that one message can hold, by the provider's rules
LONGEST = 20_000  # characters; a real one has 1 600 at most
WITHOUT_WORDS = "(photo sans texte)"
_STOP = frozenset(("stop", "stopall", "arret", "arreter", "desabonner", "unsubscribe", "fin"))
_START = frozenset(("start", "unstop", "reprendre", "reprise"))


class Command(StrEnum):
    """Words that are for the channel itself, and no message."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True)
class Text:
    """`sender` is E.164, or a short code or name as it came: neither can be answered. `pictures` are addresses."""

    sid: str
    sender: str
    words: str
    pictures: tuple[str, ...] = ()
    command: Command | None = None


def read_text(form: Mapping[str, str]) -> Text | None:
    """The message; None where there is nothing in it, or no name by which to know it again."""
    sid, words = form.get("MessageSid", "") or form.get("SmsSid", ""), clean(form.get("Body", ""))[:LONGEST].strip()
    count = form.get("NumMedia", "")
    number = min(int(count), MOST_PICTURES) if count.isascii() and count.isdecimal() and len(count) < 4 else 0
    pictures = tuple(url for place in range(number) if (url := form.get(f"MediaUrl{place}", "")[:500]))
    if not sid or not (words or pictures):
        return None
    sender = clean(form.get("From", "")).strip()[:40]
    return Text(sid[:64], sender, words or WITHOUT_WORDS, pictures, _command(words, form.get("OptOutType", "")))


def _command(words: str, told: str) -> Command | None:
    """Only where nothing else is said: « stop, je n’y arrive pas » is a request. The provider may have read it too."""
    if told.lower() in set(Command):
        return Command(told.lower())
    word = re.sub(r"\W", "", fold(words))
    return Command.STOP if word in _STOP else Command.START if word in _START else None
