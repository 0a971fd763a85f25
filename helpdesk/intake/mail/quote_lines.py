"""The lines of a letter, and which of them are quoted by a sign of their own, by the markup or by their place."""

import re
from dataclasses import dataclass

from helpdesk.intake.mail.html_marks import (
    HISTORY,
    MARKS,
    PART,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    SIGNATURE,
    SIGNATURE_CLOSE,
)
from helpdesk.intake.mail.quote_marks import original, reply_below

_CLOSING = QUOTE_CLOSE + SIGNATURE_CLOSE
# « > », or the initials of who is quoted: « CE> »; not « > ici < ».
_QUOTED = re.compile(r"^[ \t\u00a0]{0,4}(?:[A-Z]{2,3})?>(?!>{0,8}[^<>]{1,200}<{1,8}\s{0,9}(?:<\S{1,300}>)?\s{0,9}$)")
# A mailbox file puts « > » before a line that begins with « From »: alone, it quotes nothing.
_FROM = re.compile(r"^>From\b")
# « …<x@example.org\n> a écrit : »: the end of an address that was wrapped, no quotation.
_TAIL = re.compile(r"^>\s?(?:a écrit|wrote|schrieb|escribió|ha scritto)?[\s\u00a0]?[:：]$")
_WRAPPED_AT_MOST = 40  # characters of a quoted line's tail that lost its mark
_LONGEST_LINE = 500
_RUN = re.compile(r"([-_=*>|.])\1{24,}")


@dataclass
class Line:
    """One line, and what is known of it. `quoted`: by a sign or the markup; `old`: folded away."""

    text: str
    quoted: bool = False
    old: bool = False
    history: bool = False  # a mark of the markup: from here on it is the former mail
    signature: bool = False
    part: bool = False  # the first one of another part of the mail
    said: str = ""

    def __post_init__(self) -> None:
        """`said`: the text as the patterns look at it, its runs of spaces and signs short; long lines are prose."""
        short = len(self.text) <= _LONGEST_LINE
        self.said = _RUN.sub(lambda run: run[1] * 24, " ".join(self.text.split())) if short else "…"


def lines_of(rows: list[str]) -> list[Line]:
    """Each row with what its own marks and its neighbours tell of it."""
    found: list[Line] = []
    depth = signature = 0
    for raw in rows:
        # Marks that close stand before the text of the next line, marks that open before their own.
        text_at = next((at for at, char in enumerate(raw) if char not in _CLOSING), len(raw))
        before, after = raw[:text_at], raw[text_at:]
        depth = max(0, depth - before.count(QUOTE_CLOSE)) + after.count(QUOTE_OPEN)
        signature = max(0, signature - before.count(SIGNATURE_CLOSE)) + after.count(SIGNATURE)
        bare = MARKS.sub("", raw)
        quoted = depth > 0 or (bool(_QUOTED.match(bare)) and not _TAIL.match(bare))
        found.append(Line(bare, quoted, history=HISTORY in raw, signature=signature > 0, part=PART in raw))
        depth = max(0, depth - after.count(QUOTE_CLOSE))
        signature = max(0, signature - after.count(SIGNATURE_CLOSE))
    _mend_wrapped(found)
    _mend_from(found)
    _mend_framed(found)
    return found


def _mend_from(lines: list[Line]) -> None:
    for at, line in enumerate(lines):
        if line.quoted and _FROM.match(line.text):
            line.quoted = any(beside.quoted for beside in lines[max(0, at - 1) : at] + lines[at + 1 : at + 2])


def _mend_framed(lines: list[Line]) -> None:
    """What stands between « Écrivez au-dessus … » and « en dessous de cette ligne » is what we sent."""
    last = next((at for at, line in enumerate(lines) if reply_below(line.said)), None)
    if last is not None and any(line.said for line in lines[last + 1 :]):
        first = next((at for at in range(last) if original(lines[at].said)), 0)
        for line in lines[first : last + 1]:
            line.quoted = True


def _mend_wrapped(lines: list[Line]) -> None:
    """A short line squeezed between two quoted ones is the tail of a quoted line that was wrapped on the way."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if (
            before.quoted
            and after.quoted
            and not line.quoted
            and line.text.strip()
            and len(line.text) <= _WRAPPED_AT_MOST
            and len(before.text) >= 60
            and line.text[:1].islower()
        ):
            line.quoted = True
