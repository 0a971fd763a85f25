"""What the person wrote this time: quoted history, signature and legal notices set aside before words are looked for.

Nothing is lost by it: the whole text stays in the message, only routing reads less. When what remains says nothing
(a forwarded mail without a word of one's own), the quotation is the message.
"""

import re
from dataclasses import dataclass

from helpdesk.text import clean, fold, fold_in_place

READ_AT_MOST = 20_000  # characters: nobody tells more of a trouble, and a pasted megabyte must not hold a worker
_SIGNATURE_AT_MOST = 350  # characters: past a closing formula, more than this is a postscript, not a signature
_ONE_FOR_ONE = str.maketrans("œŒæÆ…ß", "oOaA.s")  # folding would make them two or three characters and move the rest
_WROTE = re.compile(
    r"^(?:le|on|el|il|am|em|op)\b[^\n]{4,200}(?:\n[^\n]{0,200})?\b(?:a ecrit|ecrivait|wrote|escribio|ha scritto|schrieb)"
    r"\b[^\n]{0,80}:\s*$",
    re.MULTILINE,
)
_HEADERS = re.compile(
    r"^[ *]*(?:de|from|expediteur)\s?:[^\n]{1,300}\n(?:[^\n]{0,300}\n){0,3}?"
    r"[ *]*(?:envoye|date|sent|a|to|objet|subject)(?: le)?\s?:",
    re.MULTILINE,
)
_RULE = re.compile(
    r"^[-_ >]{2,}\s?(?:message d'origine|message original|original message|message transfere|forwarded message"
    r"|mail original|message precedent|mensaje original|courriel original)[^\n]{0,40}$"
    r"|^(?:debut du message (?:transfere|reexpedie)|begin forwarded message)\s?:",
    re.MULTILINE,
)
_SIGNATURE_MARK = re.compile(
    r"^-- ?$|^(?:envoye (?:de|depuis|a partir de)|sent from|enviado desde|telecharger outlook|get outlook"
    r"|provenance : courrier|obtenez outlook|ce message (?:et|est|peut|contient)|this e?-?mail)\b",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"^(?:(?:bien |tres )?(?:cordialement|cdlt|cdt|bav|respectueusement|sinceres? salutations?|salutations?)|bien a vous"
    r"|(?:dans l'attente|je vous prie|veuillez (?:agreer|recevoir|croire)|recevez|avec mes)\b[^\n]{0,200}"
    r"|(?:best|kind) regards|regards|saludos)\b[^\n]{0,30}$",
    re.MULTILINE,
)
_AFTERTHOUGHT = re.compile(r"^\s*p\.? ?s\.?\b", re.MULTILINE)
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Reading:
    """`words` is what was written this time; `signature` what stands below it: name, function, school."""

    words: str
    signature: str


def read(text: str) -> Reading:
    """Set aside from `text` what was not written this time. Never empty when `text` says something."""
    text = clean(text[:READ_AT_MOST])
    fresh = _without_history(text)
    if len(_SAYS_SOMETHING.findall(fresh)) < 2:
        fresh = "\n".join(line.lstrip("> ") for line in text.split("\n"))
    return _without_signature(fresh)


def _without_history(text: str) -> str:
    lines = text.split("\n")
    quoted = [line.lstrip().startswith(">") for line in lines]
    fresh = "\n".join(line for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted)
    folded = _folded_lines(fresh)
    for mark in (_WROTE, _HEADERS, _RULE):
        found = mark.search(folded)
        if found is None:
            continue
        if mark is _WROTE and any(quoted):  # each quoted line bears its mark, so what follows may be an answer below
            fresh, folded = _cut(fresh, found.start(), found.end()), _cut(folded, found.start(), found.end())
        else:
            fresh, folded = fresh[: found.start()], folded[: found.start()]
    return fresh


def _without_signature(fresh: str) -> Reading:
    folded = _folded_lines(fresh)
    end = len(fresh)
    if mark := _SIGNATURE_MARK.search(folded):
        end = mark.start()
    for closing in _CLOSING.finditer(folded, 0, end):
        rest = fresh[closing.end() : end]
        if len(rest.strip()) <= _SIGNATURE_AT_MOST and not _AFTERTHOUGHT.search(folded, closing.end(), end):
            end = closing.start()
            break
    if not _SAYS_SOMETHING.search(fresh[:end]):
        return Reading(fresh, "")
    return Reading(fresh[:end].strip(), fresh[end:].strip())


def _folded_lines(text: str) -> str:
    """`text` folded, each character at its place: only marks of quotation are looked for in it."""
    folded = fold(text.translate(_ONE_FOR_ONE))
    return folded if len(folded) == len(text) else fold_in_place(text)


def _cut(text: str, start: int, end: int) -> str:
    return text[:start] + text[end:]
