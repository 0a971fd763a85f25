"""What is new in a letter, apart from the history below, above or between, and from signatures.

Folded away, never deleted: what is not in `new` is in `old`. When in doubt, a line is new: an agent who sees a line too
many loses a second, one who misses the answer loses the case.
"""

import re
from dataclasses import dataclass

from helpdesk.intake.mail.html_marks import MARKS
from helpdesk.intake.mail.quote_lines import Line, lines_of
from helpdesk.intake.mail.quote_marks import (
    FORWARD_SUBJECT,
    FORWARDED,
    RULE,
    SIGNATURE_DASHES,
    added,
    attribution,
    header_block,
    list_footer,
    numbered_links,
    original,
)

_ORNAMENT = re.compile(r"[-_=*#~+—–─━\s]{2,}")
_SIGNATURE_AT_MOST = 25  # lines
# Bounds of the work on a letter that no person wrote.
_MOST_LINES = 20_000
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


def split(text: str, subject: str = "") -> Split:
    """Tell new from old. `text` is plain, or the marked text of `html_text`. `subject` tells a forward."""
    rows = text.split("\n")
    lines, rest = lines_of(rows[:_MOST_LINES]), MARKS.sub("", "\n".join(rows[_MOST_LINES:]))
    _fold(lines, forwarded=bool(FORWARD_SUBJECT.match(subject)))
    if not any(line.text.strip() and not line.old for line in lines) and not _announced(lines):
        # Nothing but « > » lines that nothing announces: the person put them there.
        return Split(f"{_joined(lines, old=None)}\n{rest}".rstrip("\n"), "")
    new, old = _joined(lines, old=False), _joined(lines, old=True)
    # What is too long to be looked at goes where the last line looked at went.
    return Split(new, f"{old}\n{rest}".rstrip("\n")) if lines[-1].old else Split(f"{new}\n{rest}".rstrip("\n"), old)


def _announced(lines: list[Line]) -> bool:
    return any(line.text.strip() and not line.quoted for line in lines)


def _joined(lines: list[Line], *, old: bool | None) -> str:
    chosen = [line.text.rstrip() for line in lines if old is None or line.old == old]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(chosen)).strip("\n")


def _fold(lines: list[Line], *, forwarded: bool) -> None:
    forward_at = next((at for at, line in enumerate(lines[:400]) if FORWARDED.match(line.said)), None)
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


def _is_new_until(lines: list[Line], at: int) -> bool:
    """Whether no history stands before this line: a forward within the history is history."""
    return not any(line.quoted and line.text.strip() for line in lines[:at])


def _first_history(lines: list[Line], forward_at: int | None, start: int = 0) -> int | None:
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


def _first_block(lines: list[Line], end: int | None) -> int | None:
    """Where a forwarded mail begins: its header, quoted or not, at `end` at the latest."""
    texts = [line.said for line in lines]
    return next((at for at in range(len(lines) if end is None else end) if header_block(texts, at)), end)


def _heads_bare_text(lines: list[Line], texts: list[str], at: int) -> bool:
    """Whether the header of the former mail is quoted here and its text is not, below something new."""
    above = next((lines[place] for place in range(at - 1, -1, -1) if texts[place]), None)
    if above is None or above.quoted:
        return False
    below = at + header_block(texts, at)
    return below > at and not _quoted_after(lines, below) and any(texts[below : below + 6])


def _quoted_after(lines: list[Line], at: int) -> bool:
    """Whether the next line that says something is a quoted one."""
    return next((line.quoted for line in lines[at : at + 6] if line.text.strip()), False)


def _fold_quotes(lines: list[Line], end: int) -> None:
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


def _announced_from(lines: list[Line], texts: list[str], start: int) -> int:
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


def _fold_signature_marks(lines: list[Line], end: int) -> None:
    for line in lines[:end]:
        line.old = line.old or line.signature


def _fold_signatures(lines: list[Line], end: int) -> None:
    """« -- » and what stands below it, up to the history; a mailing list's foot; and what telephones add."""
    texts, written, at = [line.said for line in lines], False, 0
    while at < end:
        if lines[at].old or not texts[at].strip():
            at += 1
        elif written and (list_footer(texts, at) or (numbered_links(texts, at) and not _numbered(lines[:at]))):
            for line in lines[at:end]:
                line.old = True
            break
        elif written and SIGNATURE_DASHES.match(texts[at]):
            stop = next((later for later in range(at + 1, end) if lines[later].old or lines[later].part), end)
            if lines[at].text == "-- " or sum(1 for text in texts[at:stop] if text.strip()) <= _SIGNATURE_AT_MOST:
                for line in lines[at:stop]:
                    line.old = True
            at = stop
        else:
            written, at = True, at + 1
    _fold_tail(lines, end)


def _numbered(lines: list[Line]) -> bool:
    """Whether the new text has a link with a number of its own."""
    return any("[1]" in line.text and not line.old for line in lines)


def _fold_armour(lines: list[Line], end: int) -> None:
    """The frame of a letter signed with OpenPGP."""
    inside = False
    for at, line in enumerate(lines[:end]):
        inside = inside or line.text.startswith("-----BEGIN PGP SIGNATURE-----")
        line.old = line.old or inside or line.text.startswith("-----BEGIN PGP SIGNED MESSAGE-----")
        if line.text.startswith("Hash: ") and at and lines[at - 1].text.startswith("-----BEGIN PGP SIGNED"):
            line.old = True
        inside = inside and not line.text.startswith("-----END PGP SIGNATURE-----")


def _fold_tail(lines: list[Line], end: int) -> None:
    """« Envoyé de mon iPhone » at the foot of the new text, wherever the new text ends."""
    new = [at for at in range(end) if lines[at].text.strip() and not lines[at].old]
    while len(new) > 1 and (added(lines[new[-1]].said) or _ORNAMENT.fullmatch(lines[new[-1]].said)):
        lines[new.pop()].old = True
    # Between the text and a quotation that it answers below: the same, before each folded stretch.
    for place, at in enumerate(new[:-1]):
        if place and added(lines[at].said) and any(line.old for line in lines[at : new[place + 1]]):
            lines[at].old = True
