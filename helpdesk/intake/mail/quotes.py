"""What is new in a letter, apart from the history below, above or between, and from signatures.

Folded away, never deleted: what is not in `new` is in `old`. When in doubt, a line is new: an agent who sees a line too
many loses a second, one who misses the answer loses the case.
"""

import re
from dataclasses import dataclass

from helpdesk.intake.mail.html_marks import HISTORY, MARKS, QUOTE_CLOSE, QUOTE_OPEN, SIGNATURE, SIGNATURE_CLOSE
from helpdesk.intake.mail.quote_marks import (
    ADDED,
    FORWARDED,
    RULE,
    SIGNATURE_DASHES,
    attribution,
    header_block,
    list_footer,
    original,
)

_QUOTED = re.compile(r"^[ \t\u00a0]{0,4}>")
_DEPTH = re.compile(r"[ \t\u00a0]*>")
_FORWARD_SUBJECT = re.compile(r"^\s*(?:\[[^\]]*\]\s*)?(?:fwd?|tr|wg|rv|i|enc|doorst|vs)\s*:", re.IGNORECASE)
_SIGNATURE_AT_MOST = 25  # lines
_WRAPPED_AT_MOST = 40  # characters of a quoted line's tail that lost its mark
_MOST_LINES = 20_000


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


def split(text: str, subject: str = "") -> Split:
    """Tell new from old. `text` is plain, or the marked text of `html_text`. `subject` tells a forward."""
    lines = _lines(text)
    if not lines:
        return Split("", "")
    _fold(lines, forwarded=bool(_FORWARD_SUBJECT.match(subject)))
    if not any(line.text.strip() and not line.old for line in lines):
        # Nothing but quotation: whatever it is, the person sent it.
        return Split(_joined(lines, old=None), "")
    return Split(_joined(lines, old=False), _joined(lines, old=True))


def _joined(lines: list[_Line], *, old: bool | None) -> str:
    chosen = [line.text.rstrip() for line in lines if old is None or line.old == old]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(chosen)).strip("\n")


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    depth = signature = 0
    for number, raw in enumerate(text.split("\n")):
        history = HISTORY in raw
        depth += raw.count(QUOTE_OPEN)
        signature += raw.count(SIGNATURE)
        bare = MARKS.sub("", raw)
        quoted = depth > 0 or (bool(_QUOTED.match(bare)) and number < _MOST_LINES)
        found.append(_Line(bare, quoted, history=history, signature=signature > 0))
        depth = max(0, depth - raw.count(QUOTE_CLOSE))
        signature = max(0, signature - raw.count(SIGNATURE_CLOSE))
    return found


def _fold(lines: list[_Line], *, forwarded: bool) -> None:
    forward_at = next((at for at, line in enumerate(lines[:400]) if FORWARDED.match(line.text)), None)
    _mend_wrapped(lines)
    end = _first_history(lines, forward_at)
    if forward_at is not None and (end is None or forward_at <= end) and _is_new_until(lines, forward_at):
        _fold_tail(lines, forward_at)
        return
    if end is not None and forwarded and not any(line.quoted for line in lines[:end]):
        _fold_tail(lines, end)
        return
    if end is not None and any(line.text.strip() for line in lines[:end]):
        for line in lines[end:]:
            line.old = True
    else:
        end = len(lines)
    _fold_quotes(lines, end)
    _fold_signature_marks(lines, end)
    _fold_signatures(lines, end)


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


def _first_history(lines: list[_Line], forward_at: int | None) -> int | None:
    """The first line from which everything is the former mail, none of it marked by « > »."""
    texts = [line.text for line in lines]
    stop = min(len(lines), _MOST_LINES)
    for at in range(stop):
        line = lines[at]
        if line.history:
            return at
        if line.quoted or not line.text.strip():
            continue
        if original(line.text) and _followed_by_bare_text(lines, at + 1):
            return at
        block = header_block(texts, at)
        if block and (RULE.match(line.text) is None or block > 1) and not _quoted_after(lines, at + block):
            return at
        count = attribution(texts, at)
        if count and not any(each.quoted for each in lines[at : at + count]) and not _quoted_after(lines, at + count):
            if at + count >= len(lines) or not any(each.text.strip() for each in lines[at + count :]):
                return at
            return at
    return forward_at


def _quoted_after(lines: list[_Line], at: int) -> bool:
    """Whether the next line that says something is a quoted one."""
    return next((line.quoted for line in lines[at : at + 6] if line.text.strip()), False)


def _followed_by_bare_text(lines: list[_Line], at: int) -> bool:
    return not _quoted_after(lines, at)


def _fold_quotes(lines: list[_Line], end: int) -> None:
    """Quoted stretches, each with the lines that announce it."""
    texts = [line.text for line in lines]
    at = 0
    while at < end:
        if not lines[at].quoted:
            at += 1
            continue
        start = at
        while at < end and (lines[at].quoted or (not texts[at].strip() and _quoted_after(lines, at))):
            at += 1
        for line in lines[_announced_from(lines, texts, start) : at]:
            line.old = True


def _announced_from(lines: list[_Line], texts: list[str], start: int) -> int:
    """Where the announcement of the quotation at `start` begins; `start` itself if nothing announces it."""
    for back in range(1, 16):
        at = start - back
        if at < 0 or lines[at].old or lines[at].quoted:
            break
        if not texts[at].strip():
            continue
        block = header_block(texts, at)
        if block and not any(text.strip() for text in texts[at + block : start]):
            return at
        if back > 8:
            continue
        count = attribution(texts[:start], at, before_quote=True)
        if count and not any(text.strip() for text in texts[at + count : start]):
            return _with_start(texts, at, start)
        if original(texts[at]) and not any(text.strip() for text in texts[at + 1 : start]):
            return at
    return start


def _with_start(texts: list[str], at: int, start: int) -> int:
    """An announcement is found by its last lines first; its true beginning is the earliest line that still announces."""
    for earlier in range(max(0, at - 4), at):
        if texts[earlier].strip() and all(text.strip() for text in texts[earlier:at]):
            count = attribution(texts[:start], earlier, before_quote=False)
            if count and earlier + count >= at:
                return earlier
    return at


def _fold_signature_marks(lines: list[_Line], end: int) -> None:
    for line in lines[:end]:
        line.old = line.old or line.signature


def _fold_signatures(lines: list[_Line], end: int) -> None:
    """« -- » and what stands below it, up to the history; and what telephones add."""
    at, texts = 0, [line.text for line in lines]
    while at < end:
        if not lines[at].old and SIGNATURE_DASHES.match(lines[at].text) and _something_before(lines, at):
            stop = next((later for later in range(at, end) if lines[later].old), end)
            if sum(1 for line in lines[at:stop] if line.text.strip()) <= _SIGNATURE_AT_MOST or lines[at].text == "-- ":
                for line in lines[at:stop]:
                    line.old = True
                at = stop
        elif not lines[at].old and list_footer(texts, at):
            for line in lines[at:end]:
                line.old = True
            break
        at += 1
    _fold_tail(lines, end)


def _something_before(lines: list[_Line], at: int) -> bool:
    return any(line.text.strip() and not line.old for line in lines[:at])


def _fold_tail(lines: list[_Line], end: int) -> None:
    """« Envoyé de mon iPhone » at the foot of the new text, wherever the new text ends."""
    new = [at for at in range(end) if lines[at].text.strip() and not lines[at].old]
    while len(new) > 1 and (ADDED.match(lines[new[-1]].text) or RULE.match(lines[new[-1]].text)):
        lines[new.pop()].old = True
    # Between the text and a quotation that it answers below: the same, before each folded stretch.
    for place, at in enumerate(new[:-1]):
        if place and ADDED.match(lines[at].text) and any(line.old for line in lines[at : new[place + 1]]):
            lines[at].old = True
