"""Elision: « l’ » is the thinnest mark of a French text, and the one that scans break most.

« I'école », « 'école », « ’'école », « l école » and « ouI'école » all become « l’école ».
"""

import re
from collections.abc import Callable, Iterator

from helpdesk.knowledge.closed_lists import word_list
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.tokens import tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule

_MARKS = "'’‘ʼ´`′"
_VOWELS = "aàâäeéèêëiîïoôöuùûüyhœæAÀÂEÉÈÊËIÎÏOÔUÙÛYHŒ"
_ELIDED = word_list("l d s n c j m t qu jusqu lorsqu puisqu quoiqu presqu quelqu aujourd prud entr grand")
_QUOTED = re.compile(r"(?<![\w'’])['‘](?=\w)[^'‘’\n]{1,60}(?<=[\w.!?][\w.!?])['’](?![\w'’])")
_RUN = re.compile(rf"(?<=[\w\s])[{_MARKS}](?:\s?[{_MARKS}])+(?=\w)|^[{_MARKS}]{{2,}}(?=\w)")
_STRAIGHT = re.compile(rf"(?<=\w)[{_MARKS.replace('’', '')}](?=\w)")
_LEADING = re.compile(rf"(?<![\w’])[{_MARKS}](?=[{_VOWELS}])")
_GAP = re.compile(rf"(?<!\w)(?P<word>[ldsncjmtLDSNCJMT]|[Qq]u|(?:jus|lors|puis|quoi)qu)(?:\s’\s?|’\s)(?=[{_VOWELS}])")
_FALSE_L = re.compile(rf"(?<!\w)[I1|!]’(?=[{_VOWELS}])")
_ORPHAN = re.compile(rf"(?<![\w’])’(?=[{_VOWELS}])")
_ATTACHED = re.compile(rf"(?<![\w’])(?P<word>[^\W\d_]+?)(?P<last>jusqu|lorsqu|puisqu|qu|[ldsncjmtI1])’(?=[{_VOWELS}])")
_LOST = re.compile(rf"(?<![\w’-])(?P<word>[ldsncjmtI]|qu) (?=(?P<next>[{_VOWELS}]\w*)(?![’-]))")
_NOT_ELIDED_BEFORE = frozenset({"et", "ou", "à", "au", "aux", "h"})


def mend_apostrophes(draft: Draft, lexicon: Lexicon) -> None:
    """Set the apostrophes of a passage right, and make them typographic. Words in ‘single quotes’ are left alone."""
    _each(draft, _RUN, lambda _: "’")
    _each(draft, _STRAIGHT, lambda _: "’")
    _each(draft, _LEADING, lambda _: "’")
    _each(draft, _GAP, lambda match: match["word"] + "’")
    _each(draft, _FALSE_L, lambda match: _article(draft.text, match.start()))
    _each(draft, _ORPHAN, lambda match: _article(draft.text, match.start()))
    draft.apply(list(_attached(draft.text, lexicon)))
    draft.apply(list(_lost(draft.text, lexicon)))


def _each(draft: Draft, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> None:
    quoted = {place for match in _QUOTED.finditer(draft.text) for place in range(*match.span())}
    matches = (match for match in pattern.finditer(draft.text) if match.start() not in quoted)
    draft.apply([Edit(*match.span(), new(match), Rule.APOSTROPHE) for match in matches])


def _article(text: str, place: int) -> str:
    """« l’ », with a capital where a sentence begins."""
    before = text[:place].rstrip(" «(")
    return "L’" if not before or before[-1] in ".?!…" else "l’"


def _attached(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """« ouI’école », « pasd’accès »: a word run into the elided one that follows."""
    for match in _ATTACHED.finditer(text):
        whole, word = match["word"] + match["last"], match["word"]
        if whole.lower() in _ELIDED or lexicon.name(whole) or not lexicon.frequency(word):
            continue
        last = match["last"] if match["last"] not in "I1" else "l"
        yield Edit(match.start("last"), match.end("last"), " " + last, Rule.TOGETHER)


def _lost(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """« l école », « qu il »: the mark itself is gone."""
    whole = {token.start for token in tokens(text)}
    for match in _LOST.finditer(text):
        following = match["next"]
        if following.lower() in _NOT_ELIDED_BEFORE:  # « les points c et d »
            continue
        if match.start() in whole and (lexicon.spellings(following) or lexicon.name(following)):
            word = "l" if match["word"] == "I" else match["word"]
            yield Edit(match.start(), match.end(), word + "’", Rule.APOSTROPHE)
