"""Regular word-making of French: what a word that no list knows may be made of.

« réinitialisations », « cliquez », « structurellement »: a list of words never holds them all, and a repair that took
them for damage would do some. The rules are loose on purpose: they only ever keep a word as it is.
"""

import re
from collections.abc import Iterator

from helpdesk.knowledge.closed_lists import word_list, word_set

_PREFIXES = word_list(
    "anti auto bien bio co contre cyber dé dés éco entre extra géo hyper infra inter intra macro mal médico méta "
    "micro mini mono multi néo non para péri photo pluri poly post pré primo psycho radio ré re rétro semi socio sous "
    "super supra sur télé thermo trans tri ultra vidéo visio"
)
# Small words that follow « sur » or « re » by a missing space, not by word-making.
_NO_STEMS = word_set("cette notre votre leurs toute toutes elles entre quelle quelles chaque autre autres")
_CONJUGATED = word_list(
    "e es ons ez ent ais ait ions iez aient ai as a èrent erai eras era erons erez eront erais erait erions eriez "
    "eraient ant é ée és ées"
)
# ending → what it replaced
_SUFFIXES = (
    ("ation", "er"), ("isation", "iser"), ("ification", "ifier"), ("age", "er"), ("able", "er"), ("eur", "er"),
    ("euse", "er"), ("ateur", "er"), ("atrice", "er"), ("ement", "er"), ("ante", "er"), ("euse", "eur"),
    ("trice", "teur"), ("ellement", "el"), ("ivement", "if"), ("eusement", "eux"), ("ment", ""), ("ement", ""),
    ("ive", "if"), ("euse", "eux"), ("enne", "en"), ("elle", "el"), ("ère", "er"), ("ité", "e"), ("ité", ""),
    ("abilité", "able"), ("iste", ""), ("isme", ""), ("al", ""), ("ale", ""), ("aux", "al"), ("aire", ""),
    ("ier", ""), ("ière", "ier"), ("onnel", "on"), ("onnelle", "on"),
)  # fmt: skip


_STRESSED = re.compile(r"e[b-df-hj-np-tv-z]$")
# The feminine of these takes an accent or doubles its consonant, or there is none.
_NO_FEMININE = ("ment", "tion", "er", "el", "en", "et", "on")


def bases(word: str) -> Iterator[str]:
    """Words, listed or not, that `word` (lower case, five letters at least) may be an inflection or a derivative of."""
    if len(word) < 5 or not word.isalpha():
        return
    if word.endswith("s") and word[-2] not in "sxz":
        yield word[:-1]
    singular = word.removesuffix("s")
    stem = singular.removesuffix("e")
    if stem != singular and stem[-1] in "éiutdnlrsc" and not stem.endswith(_NO_FEMININE):
        yield stem
    for ending in _CONJUGATED:
        root = word.removesuffix(ending)
        # « élever » gives « élève »: without the accent before a silent ending it is no form of it.
        is_silent = ending[0] == "e" and ending != "ez" and _STRESSED.search(root)
        if root != word and len(root) > 2 and not is_silent:
            yield root + "er"
    for ending, former in _SUFFIXES:
        root = singular.removesuffix(ending)
        if root != singular and len(root) > 3 and not (ending == "ement" and _STRESSED.search(root)):
            yield root + former


def without_prefix(word: str) -> Iterator[str]:
    """What follows a prefix that `word` may begin with."""
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 4 and rest not in _NO_STEMS:
            yield rest


def is_prefix(word: str) -> bool:
    """Whether it can stand before a hyphen without being a word: « co », « primo », « médico »."""
    return word in _PREFIXES
