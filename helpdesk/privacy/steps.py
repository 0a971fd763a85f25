"""The walk from a word that announces a secret, token by token, to what may be the secret."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.privacy import words
from helpdesk.privacy.found import KEPT, MASKED

_MAX_STEPS = 12
_GAP = re.compile(r"[\s,:=→>/+()*_\[\]\"'«“‘-]{0,12}")
_OPENS_QUOTE = re.compile(r"[^\"«“]*[\"«“]\s?")
_TOKEN = re.compile(rf"(?![.!?)])(?:[^\W\d_]{{1,40}}(?=[:=])|[^\s\"«»“”,;{MASKED}{KEPT}]{{1,80}})")
_KEPT_RUN = re.compile(rf"{KEPT}{{1,300}}")
_QUOTED = re.compile(rf"[^\n\"»”{MASKED}{KEPT}]{{2,40}}(?=[\"»”])")
_TAIL = ".:)]}…'!?*"
_SMALL_NUMBER = re.compile(r"(?:n?°)?[0-9]{1,2}(?:h[0-9]{0,2})?")
PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")


@dataclass(frozen=True)
class Announced:
    """The word that announces a secret. `shown` is the text as given, `ground` the same, folded and walled.

    Nothing is looked at before `free`, where the last secret found ends, nor after `until`, where the next announcing
    word begins.
    """

    shown: str
    ground: str
    sort: str  # the group's name in words.ANNOUNCES
    start: int
    end: int
    free: int
    until: int

    @property
    def is_password(self) -> bool:
        return self.sort in {"password", "pair"}

    def comes_after(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.ground, max(self.free, self.start - 200), self.start) is not None


@dataclass(frozen=True)
class Step:
    """A token met on the walk. `lead` are the words before it; `link` is ":", "est" or, for the weak ones, "et" when
    such a word or sign stands just before it.
    """

    start: int
    end: int
    word: str
    lead: tuple[str, ...]
    link: str
    quoted: bool
    new_line: bool

    @property
    def near(self) -> bool:
        """Only words that say nothing else stand between."""
        return words.NEAR.issuperset(self.lead)


def steps(announced: Announced) -> Iterator[Step]:
    """The tokens after the announcing word, until the sentence ends or speaks of something else."""
    ground, at = announced.ground, announced.end
    lead: list[str] = []
    link = ""
    for _ in range(_MAX_STEPS):
        between = matched(_GAP, ground, at)
        at += len(between)
        if "," in between:
            lead.append(",")
            link = ""
        link = ":" if re.search(r"[:=→>]", between) else link
        if "\n" in between and link != ":":
            return
        if kept := matched(_KEPT_RUN, ground, at):
            lead.append(KEPT)
            at, link = at + len(kept), ""
            continue
        word = token(ground, at)
        if not word or at + len(word) > announced.until:
            return
        quote = matched(_QUOTED, ground, at).rstrip() if _OPENS_QUOTE.fullmatch(between) else ""
        yield Step(at, at + len(quote or word), word, tuple(lead), link, bool(quote), "\n" in between)
        parts = [part for part in re.split("['-]", word) if part]
        understood = PLAIN.fullmatch(word) or words.IDENTIFIER.fullmatch(word) or _SMALL_NUMBER.fullmatch(word)
        if not understood or not words.STOPS.isdisjoint(parts):
            return
        link = _link_after(parts, link) if PLAIN.fullmatch(word) else link
        lead += parts
        at += len(word)


def token(ground: str, at: int) -> str:
    """The token that begins there, without the punctuation that follows it; empty where none does."""
    return matched(_TOKEN, ground, at).rstrip(_TAIL)


def matched(pattern: re.Pattern[str], ground: str, at: int) -> str:
    match = pattern.match(ground, at)
    return match.group() if match else ""


def _link_after(parts: list[str], link: str) -> str:
    if parts[-1] in words.LINKS:
        return "est"
    if parts[-1] in words.WEAK_LINKS:
        return "et"
    return link if words.AFTER_LINK.issuperset(parts) else ""
