"""What is new in a letter, apart from the history below, above or between, and from signatures.

Folded away, never deleted: what is not in `new` is in `old`. When in doubt, a line is new: an agent who sees a line too
many loses a second, one who misses the answer loses the case.
"""

import re
from dataclasses import dataclass

from helpdesk.intake.mail.html_marks import HISTORY, MARKS, QUOTE_CLOSE, QUOTE_OPEN, SIGNATURE, SIGNATURE_CLOSE
from helpdesk.intake.mail.quote_marks import (
    FORWARD_SUBJECT,
    FORWARDED,
    RULE,
    SIGNATURE_DASHES,
    added,
    attribution,
    header_block,
    list_footer,
    original,
    reply_below,
)

_ORNAMENT = re.compile(r"[-_=*#~+—–─━\s]{2,}")
_CLOSING = QUOTE_CLOSE + SIGNATURE_CLOSE
# « > », or the initials of who is quoted: « CE> »; not « >>> ici <<< ».
_QUOTED = re.compile(r"^[ \t\u00a0]{0,4}(?:[A-Z]{2,3})?>(?!>{1,8}[^<>]{1,80}<{2,8}\s{0,9}(?:<\S{1,300}>)?\s{0,9}$)")
# A mailbox file puts « > » before a line that begins with « From »: alone, it quotes nothing.
_FROM = re.compile(r"^>From\b")
# « …<x@example.org\n> a écrit : »: the end of an address that was wrapped, no quotation.
_TAIL = re.compile(r"^>\s?(?:a écrit|wrote|schrieb|escribió|ha scritto)?[\s\u00a0]?[:：]$")
_SIGNATURE_AT_MOST = 25  # lines
_WRAPPED_AT_MOST = 40  # characters of a quoted line's tail that lost its mark
# Bounds of the work on a letter that no person wrote.
_MOST_LINES = 20_000
_LONGEST_LINE = 500
_RUN = re.compile(r"([-_=*>|.])\1{24,}")
_MOST_STRETCHES = 1000
_MOST_TOP_ANNOUNCEMENTS = 20


@dataclass(frozen=True)
class Split:
    """`new`: what the person writes now. `old`: all else, in order. `told`: something was told apart."""

    new: str
    old: str

    @property
    def told(self) -> bool:
        return bool(self.old.strip())


@dataclass
class _Line:
    text: str
    quoted: bool = False
    old: bool = False
    history: bool = False  # a mark of the markup: from here on it is the former mail
    signature: bool = False

    said: str = ""

    def __post_init__(self) -> None:
        """`said`: the text as the patterns look at it, its runs of spaces and signs short; long lines are prose."""
        short = len(self.text) <= _LONGEST_LINE
        self.said = _RUN.sub(lambda run: run[1] * 24, " ".join(self.text.split())) if short else "…"


def split(text: str, subject: str = "") -> Split:
    """Tell new from old. `text` is plain, or the marked text of `html_text`. `subject` tells a forward."""
    rows = text.split("\n")
    lines, rest = _lines(rows[:_MOST_LINES]), MARKS.sub("", "\n".join(rows[_MOST_LINES:]))
    _fold(lines, forwarded=bool(FORWARD_SUBJECT.match(subject)))
    if not any(line.text.strip() and not line.old for line in lines) and not _announced(lines):
        # Nothing but « > » lines that nothing announces: the person put them there.
        return Split(f"{_joined(lines, old=None)}\n{rest}".rstrip("\n"), "")
    new, old = _joined(lines, old=False), _joined(lines, old=True)
    # What is too long to be looked at goes where the last line looked at went.
    return Split(new, f"{old}\n{rest}".rstrip("\n")) if lines[-1].old else Split(f"{new}\n{rest}".rstrip("\n"), old)


def _announced(lines: list[_Line]) -> bool:
    return any(line.text.strip() and not line.quoted for line in lines)


def _joined(lines: list[_Line], *, old: bool | None) -> str:
    chosen = [line.text.rstrip() for line in lines if old is None or line.old == old]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(chosen)).strip("\n")


def _lines(rows: list[str]) -> list[_Line]:
    found: list[_Line] = []
    depth = signature = 0
    for raw in rows:
        # Marks that close stand before the text of the next line, marks that open before their own.
        text_at = next((at for at, char in enumerate(raw) if char not in _CLOSING), len(raw))
        before, after = raw[:text_at], raw[text_at:]
        depth = max(0, depth - before.count(QUOTE_CLOSE)) + after.count(QUOTE_OPEN)
        signature = max(0, signature - before.count(SIGNATURE_CLOSE)) + after.count(SIGNATURE)
        bare = MARKS.sub("", raw)
        quoted = depth > 0 or (bool(_QUOTED.match(bare)) and not _TAIL.match(bare))
        found.append(_Line(bare, quoted, history=HISTORY in raw, signature=signature > 0))
        depth = max(0, depth - after.count(QUOTE_CLOSE))
        signature = max(0, signature - after.count(SIGNATURE_CLOSE))
    return found


def _mend_from(lines: list[_Line]) -> None:
    for at, line in enumerate(lines):
        if line.quoted and _FROM.match(line.text):
            line.quoted = any(beside.quoted for beside in lines[max(0, at - 1) : at] + lines[at + 1 : at + 2])


def _mend_framed(lines: list[_Line]) -> None:
    """What stands between « Écrivez au-dessus … » and « en dessous de cette ligne » is what we sent."""
    last = next((at for at, line in enumerate(lines) if reply_below(line.said)), None)
    if last is not None and any(line.said for line in lines[last + 1 :]):
        first = next((at for at in range(last) if original(lines[at].said)), 0)
        for line in lines[first : last + 1]:
            line.quoted = True


def _fold(lines: list[_Line], *, forwarded: bool) -> None:
    forward_at = next((at for at, line in enumerate(lines[:400]) if FORWARDED.match(line.said)), None)
    _mend_wrapped(lines)
    _mend_from(lines)
    _mend_framed(lines)
    end = _first_history(lines, forward_at)
    if forward_at is not None and (end is None or forward_at <= end) and _is_new_until(lines, forward_at):
        _fold_tail(lines, forward_at)
        return
    former = _first_block(lines, end) if forwarded else None
    if former is not None and _is_new_until(lines, former):
        _fold_tail(lines, former)
        return
    texts = [line.said for line in lines]
    for _ in range(_MOST_TOP_ANNOUNCEMENTS):
        if end is None or any(line.text.strip() and not line.old and not added(line.said) for line in lines[:end]):
            break
        # The announcement stands above all: what follows may be the answer as well as the history.
        announced = attribution(texts, end)
        for line in lines[end : end + announced]:
            line.old = True
        end = _first_history(lines, None, end + announced) if announced else None
    for line in lines[end:] if end is not None else ():
        line.old = True
    end = len(lines) if end is None else end
    _fold_quotes(lines, end)
    _fold_signature_marks(lines, end)
    _fold_signatures(lines, end)
    _fold_armour(lines, end)


def _is_new_until(lines: list[_Line], at: int) -> bool:
    """Whether no history stands before this line: a forward within the history is history."""
    return not any(line.quoted and line.text.strip() for line in lines[:at])


def _mend_wrapped(lines: list[_Line]) -> None:
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


def _first_history(lines: list[_Line], forward_at: int | None, start: int = 0) -> int | None:
    """The first line from which everything is the former mail, none of it marked by « > »."""
    texts = [line.said for line in lines]
    for at in range(start, len(lines)):
        line = lines[at]
        if line.history:
            return at
        if line.quoted and _heads_bare_text(lines, texts, at):
            return at
        if line.quoted or not line.text.strip():
            continue
        if original(line.said) and not _quoted_after(lines, at + 1):
            return at
        block = header_block(texts, at)
        if block and (RULE.match(line.said) is None or block > 1) and not _quoted_after(lines, at + block):
            return at
        count = attribution(texts, at)
        if count and not any(each.quoted for each in lines[at : at + count]) and not _quoted_after(lines, at + count):
            return at
    return forward_at


def _first_block(lines: list[_Line], end: int | None) -> int | None:
    """Where a forwarded mail begins: its header, quoted or not, at `end` at the latest."""
    texts = [line.said for line in lines]
    return next((at for at in range(len(lines) if end is None else end) if header_block(texts, at)), end)


def _heads_bare_text(lines: list[_Line], texts: list[str], at: int) -> bool:
    """Whether the header of the former mail is quoted here and its text is not, below something new."""
    above = next((lines[place] for place in range(at - 1, -1, -1) if texts[place]), None)
    if above is None or above.quoted:
        return False
    below = at + header_block(texts, at)
    return below > at and not _quoted_after(lines, below) and any(texts[below : below + 6])


def _quoted_after(lines: list[_Line], at: int) -> bool:
    """Whether the next line that says something is a quoted one."""
    return next((line.quoted for line in lines[at : at + 6] if line.text.strip()), False)


def _fold_quotes(lines: list[_Line], end: int) -> None:
    """Quoted stretches, each with the lines that announce it."""
    texts = [line.said for line in lines]
    at = stretches = 0
    while at < end:
        if not lines[at].quoted:
            at += 1
            continue
        start, stretches = at, stretches + 1
        while at < end and (lines[at].quoted or (not texts[at].strip() and _quoted_after(lines, at))):
            at += 1
        for line in lines[_announced_from(lines, texts, start) if stretches < _MOST_STRETCHES else start : at]:
            line.old = True


def _announced_from(lines: list[_Line], texts: list[str], start: int) -> int:
    """Where the announcement of the quotation at `start` begins; `start` itself if nothing announces it."""
    announced = start
    for back in range(1, 16):
        at = start - back
        if at < 0 or lines[at].old or lines[at].quoted:
            break
        if not texts[at].strip():
            continue
        block = header_block(texts, at)
        if block and not any(text.strip() for text in texts[at + block : start]):
            return at
        if back > 8 or (announced < start and not texts[at + 1].strip()):
            continue
        count = attribution(texts, at, before_quote=start)
        if count and not any(text.strip() for text in texts[at + count : start]):
            announced = at
        if original(texts[at]) and not any(text.strip() for text in texts[at + 1 : start]):
            return at
    return announced


def _fold_signature_marks(lines: list[_Line], end: int) -> None:
    for line in lines[:end]:
        line.old = line.old or line.signature


def _fold_signatures(lines: list[_Line], end: int) -> None:
    """« -- » and what stands below it, up to the history; a mailing list's foot; and what telephones add."""
    texts, written, at = [line.said for line in lines], False, 0
    while at < end:
        if lines[at].old or not texts[at].strip():
            at += 1
        elif written and list_footer(texts, at):
            for line in lines[at:end]:
                line.old = True
            break
        elif written and SIGNATURE_DASHES.match(texts[at]):
            stop = next((later for later in range(at, end) if lines[later].old), end)
            if lines[at].text == "-- " or sum(1 for text in texts[at:stop] if text.strip()) <= _SIGNATURE_AT_MOST:
                for line in lines[at:stop]:
                    line.old = True
            at = stop
        else:
            written, at = True, at + 1
    _fold_tail(lines, end)


def _fold_armour(lines: list[_Line], end: int) -> None:
    """The frame of a letter signed with OpenPGP."""
    inside = False
    for at, line in enumerate(lines[:end]):
        inside = inside or line.text.startswith("-----BEGIN PGP SIGNATURE-----")
        line.old = line.old or inside or line.text.startswith("-----BEGIN PGP SIGNED MESSAGE-----")
        if line.text.startswith("Hash: ") and at and lines[at - 1].text.startswith("-----BEGIN PGP SIGNED"):
            line.old = True
        inside = inside and not line.text.startswith("-----END PGP SIGNATURE-----")


def _fold_tail(lines: list[_Line], end: int) -> None:
    """« Envoyé de mon iPhone » at the foot of the new text, wherever the new text ends."""
    new = [at for at in range(end) if lines[at].text.strip() and not lines[at].old]
    while len(new) > 1 and (added(lines[new[-1]].said) or _ORNAMENT.fullmatch(lines[new[-1]].said)):
        lines[new.pop()].old = True
    # Between the text and a quotation that it answers below: the same, before each folded stretch.
    for place, at in enumerate(new[:-1]):
        if place and added(lines[at].said) and any(line.old for line in lines[at : new[place + 1]]):
            lines[at].old = True
