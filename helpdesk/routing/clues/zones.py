"""Which lines of a mail were written this time, which are a signature, which are somebody's earlier words."""

import re
from enum import IntEnum
from functools import lru_cache


class Zone(IntEnum):
    FRESH = 0
    SIGNATURE = 1
    QUOTED = 2


_WROTE = re.compile(
    r"^[ \t]*(?:le|on|el|il|am|em|op)\b[^\n]{4,200}(?:\n[^\n]{0,200})?"
    r"\b(?:a ecrit|wrote|escribio|ha scritto|schrieb|escreveu)\b[^\n]{0,80}:[ \t]*$",
    re.MULTILINE,
)
_HEADERS = re.compile(
    r"^[ *\t]*(?:de|from|expediteur)[ \t]?:[^\n]{1,300}\n(?:[^\n]{0,300}\n){0,3}?"
    r"[ *\t]*(?:envoye|date|sent|a|to|objet|subject)(?: le)?[ \t]?:",
    re.MULTILINE,
)
_RULE = re.compile(
    r"^[-_ >*=]{2,}[ ]?(?:message d'origine|message initial|message original|original message|message transfere"
    r"|forwarded message|mail original|courriel original|message precedent|mensaje original)[^\n]{0,40}$"
    r"|^(?:debut du message (?:transfere|reexpedie)|begin forwarded message)[ ]?:?",
    re.MULTILINE,
)
_MARK = re.compile(
    r"^-- ?$|^_{5,}[ \t]*$|^(?:envoye (?:de|depuis|a partir de|avec)|sent from|enviado desde|telecharger outlook"
    r"|get outlook|provenance : courrier|obtenez outlook|ce message (?:et|est|peut|contient)|this e?-?mail)\b",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:(?:bien |tres )?(?:cordialement|cdlt|cdt|bav|respectueusement|sinceres? salutations?|salutations?)"
    r"|bien a vous|(?:best|kind) regards|regards|saludos|un saludo)\b[^\n]{0,40}"
    r"|(?:merci|merci (?:d'avance|beaucoup|de votre aide)|bonne journee|bonne soiree)(?: a vous)?\b[^\n]{0,12}"
    r"|(?:dans l'attente|je vous prie|veuillez (?:agreer|recevoir|croire)|recevez|avec mes)\b[^\n]{0,200})$",
    re.MULTILINE,
)
_AFTERTHOUGHT = re.compile(r"^\s*(?:p\.? ?s\.?\b|nb\b|precision\b|j'oubliais)", re.MULTILINE)
_SIGNATURE_AT_MOST = 450  # characters: more than this below a closing formula is a message that goes on
_PROSE_LINE = 90  # characters: no line of a signature is as long as this


@lru_cache(maxsize=4)  # the search for clues and that for words ask for the same message, one after the other
def zones(folded: str) -> tuple[tuple[int, Zone], ...]:
    """Ends of stretches, in order, each with its zone; the last is past the text. `folded` keeps the text's places."""
    lines = _Lines(folded)
    if ">" in folded:
        lines.mark_quoted()
    for pattern in (_WROTE, _HEADERS, _RULE):
        if found := pattern.search(folded):
            lines.mark_history(found.start(), found.end(), marked_lines=pattern is _WROTE)
    lines.mark_signature()
    return tuple(lines.stretches())


class _Lines:
    """Zones by line, while they are being found."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._starts = [0] + [match.end() for match in re.finditer(r"\n", folded)]
        self._zones = [Zone.FRESH] * len(self._starts)

    def mark_quoted(self) -> None:
        for number, start in enumerate(self._starts):
            if self._folded[start : start + 4].lstrip().startswith(">"):
                self._zones[number] = Zone.QUOTED

    def mark_history(self, start: int, end: int, marked_lines: bool) -> None:
        """What follows a heading like « Le … a écrit : » is history; if its lines bear « > », only those are."""
        each_line_marked = marked_lines and Zone.QUOTED in self._zones
        for number, line in enumerate(self._starts):
            if line >= start and (line < end or not each_line_marked):
                self._zones[number] = Zone.QUOTED

    def mark_signature(self) -> None:
        fresh_end = self._fresh_end()
        begin = fresh_end
        if mark := _MARK.search(self._folded, 0, fresh_end):
            begin = mark.start()
        for closing in _CLOSING.finditer(self._folded, 0, begin):
            rest = self._folded[closing.end() : begin]
            if len(rest.strip()) <= _SIGNATURE_AT_MOST and not _AFTERTHOUGHT.search(rest) and not _has_prose(rest):
                begin = closing.start()
                break
        for number, line in enumerate(self._starts):
            if begin <= line < fresh_end and self._zones[number] is Zone.FRESH:
                self._zones[number] = Zone.SIGNATURE

    def _fresh_end(self) -> int:
        """Where the last line written this time ends."""
        for number in range(len(self._zones) - 1, -1, -1):
            if self._zones[number] is Zone.FRESH:
                return self._starts[number + 1] if number + 1 < len(self._starts) else len(self._folded)
        return 0

    def stretches(self) -> list[tuple[int, Zone]]:
        found = []
        for number, zone in enumerate(self._zones):
            if number + 1 == len(self._zones):
                found.append((len(self._folded) + 1, zone))
            elif self._zones[number + 1] is not zone:
                found.append((self._starts[number + 1], zone))
        return found


def _has_prose(text: str) -> bool:
    return any(len(line) >= _PROSE_LINE for line in text.split("\n"))
