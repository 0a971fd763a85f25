"""Words that no French list knows: torn apart, without their accents, misread, or run together.

A word is changed only when it is unknown. Names, acronyms, addresses and words made by the rules of French stay.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from helpdesk.knowledge.closed_lists import word_set
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.morphology import is_prefix
from helpdesk.knowledge.repair import accents
from helpdesk.knowledge.repair.accents import Evidence
from helpdesk.knowledge.repair.grammar import Around
from helpdesk.knowledge.repair.participles import told_by_neighbours
from helpdesk.knowledge.repair.readings import LONGEST, Reading, damaged_name, likeliest, small_words
from helpdesk.knowledge.repair.tokens import Token, tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Rule
from helpdesk.text import fold

_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}(?:[’-][^\W\d_]{1,40}){1,5}(?![^\W\d_])")
_ELISIONS = word_set("qu jusqu lorsqu puisqu quoiqu presqu quelqu aujourd prud entr grand parcequ")
_TIES = frozenset("·.&_/\\")


def mend_words(draft: Draft, lexicon: Lexicon, evidence: Evidence) -> None:
    """Mend the unknown words of a passage: first those torn apart, then each by itself."""
    draft.apply(list(_rejoined(draft.text, lexicon)))
    draft.apply(list(_compounds(draft.text, lexicon, evidence)))
    draft.apply(list(_mended(draft.text, lexicon, evidence)))


def _rejoined(text: str, lexicon: Lexicon) -> Iterator[Edit]:
    """« établis sement »: two pieces, not both words, that make a word together."""
    found = tokens(text)
    taken = -1
    for first, second in pairwise(found):
        pieces = (first.text, second.text)
        is_tied = first.start <= taken or first.after != " " or (second.after[:1] or " ") in "’°(·"
        if is_tied or not "".join(pieces).isalpha():
            continue
        if not second.text.islower() or not (first.text.islower() or first.text.istitle()):
            continue
        is_small = any(len(piece) < 3 and lexicon.frequency(piece) for piece in pieces)
        if is_small or all(lexicon.knows(piece) for piece in pieces) or not lexicon.frequency("".join(pieces)):
            continue
        taken = second.start
        yield Edit(first.start, second.end, "".join(pieces), Rule.APART)


def _compounds(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    """« c’est-a-dire », « vis-a-vis »: words that the list knows only whole."""
    for match in _COMPOUND.finditer(text):
        written = match.group().lower().replace("’", "'")
        if not lexicon.lists(written) and (meant := accents.best_spelling(written, lexicon, evidence)):
            yield Edit(*match.span(), _cased(match.group(), meant.replace("'", "’"), capital=False), Rule.ACCENT)


def _mended(text: str, lexicon: Lexicon, evidence: Evidence) -> Iterator[Edit]:
    found = tokens(text)
    for place, token in enumerate(found):
        if _is_prose(token):
            reading = _mend(Around(found, place, lexicon), lexicon, evidence)
        else:
            reading = damaged_name(token.text, lexicon)
        if reading:
            yield Edit(token.start, token.end, reading.text, reading.rule)


def _is_prose(token: Token) -> bool:
    """Not an elided word, a code, a number, a piece of « inscrit·e·s », nor a word with capitals inside."""
    word = token.text
    if len(word) == 2 and "I" not in word and word != "ll":  # « ie », « ii »
        return False
    if not 1 < len(word) < LONGEST or (token.after[:1] == "’" and token.lower in _ELISIONS):
        return False
    if (token.start and token.before in _TIES) or token.after[:1] in _TIES - {".", "/"} | {"("}:
        return False
    if digits := sum(char.isdigit() for char in word):
        return digits == 1 and len(word) > 4 and not word[-1].isdigit() and not any(c.isupper() for c in word[1:])
    return word.isupper() or word[1:].replace("I", "l").islower()


def _mend(around: Around, lexicon: Lexicon, evidence: Evidence) -> Reading | None:
    """What to make of the word, None where it is best left alone. The surest signs go first."""
    token = around.token
    word = token.text
    if lexicon.is_name(word):
        return None
    if lexicon.frequency(word):
        return _cased_reading(token, accents.stronger_spelling(word.lower(), lexicon, evidence), Rule.ACCENT)
    if (name := lexicon.name(word)) and not word.islower() and not word.isupper() and not name.isupper():
        return Reading(name, 0, Rule.NAME)
    if spellings := accents.ranked_spellings(word.lower(), lexicon, evidence):
        if not token.is_tied and (pair := small_words(word.lower(), around.word(1), lexicon, evidence)):
            return _cased_reading(token, pair, Rule.TOGETHER)
        spelling = told_by_neighbours(around, spellings) or spellings[0]
        return _cased_reading(
            token, spelling if _lacks_accents(token, spelling, lexicon, evidence) else None, Rule.ACCENT
        )
    is_part = "-" in (token.before[-1:], token.after[:1])
    if lexicon.knows(word) or word.isupper() or (is_part and (len(word) < 7 or is_prefix(word.lower()))):
        return None
    may_be_name = word[0].isupper() and not token.opens_sentence
    best = likeliest(word, around.word(1), lexicon, evidence, may_be_name=may_be_name)
    return _cased_reading(token, best.text, best.rule) if best else damaged_name(word, lexicon)


def _lacks_accents(token: Token, meant: str, lexicon: Lexicon, evidence: Evidence) -> bool:
    """Whether the word is `meant` without its accents, rather than a word or a name that no list has.

    A capital inside a sentence may start a name: « Denis » is not « dénis », but « Ecole » is « École ».
    """
    word = token.text
    if accents.is_reformed(word.lower(), meant) and not evidence.shows_any_loss:
        return False
    if lexicon.lists(word) and fold(meant[-2:]) != meant[-2:]:  # « fragilise » is a form beside « fragilisé »
        return False
    if word.islower():
        return len(word) > 2 or token.before[-1:] != "("
    if token.opens_sentence and not word.isupper():
        return len(word) > 3 or lexicon.frequency(meant) > 5000
    return len(word) > 3 and lexicon.frequency(meant) > 400


def _cased_reading(token: Token, meant: str | None, rule: Rule) -> Reading | None:
    return Reading(_cased(token.text, meant, capital=token.opens_sentence), 0, rule) if meant else None


def _cased(written: str, meant: str, *, capital: bool) -> str:
    """`meant` with the capitals of `written`; an I or l that was the other letter says nothing about capitals."""
    if len(written) > 1 and written.isupper():
        return meant.upper()
    is_other = fold(written[0]) != fold(meant[0]) and written[0] in "Il1"
    if capital if is_other else written[0].isupper():
        return meant[0].upper() + meant[1:]
    return meant
