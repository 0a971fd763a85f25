"""How the configuration writes what to look for: « code + pas RECEVOIR », « renouvel* », « mot de passe ».

- parts joined by « + » stand near each other, in any order;
- a part is words in their order; small words (le, mon…) of the text are skipped unless the expression says them, and
  links (de, à…) inside an expression do not count: « mot de passe » finds « mot passe »;
- « pas » beside a word wants it denied: « pas reçu » finds « n'ai jamais reçu » and « aucun code reçu »; alone in its
  part it is any denial, and « pas de code » means just these words;
- a word in capitals is a family of words; a word ending in « * » is any word that begins so.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from helpdesk.routing.spelling import plain, stem

DENIAL = "pas"
_WORD = re.compile(r"[^\W_]+\*?")
_FAMILY = re.compile(r"[A-ZÀ-Ý]{2,}$")
_SHORTEST_BEGINNING = 3


class Item(NamedTuple):
    """One word to find: a stem, a beginning (ending in « * ») or a family's name; `denied` if it must be denied."""

    symbol: str
    denied: bool = False


Part = tuple[Item, ...]


@dataclass(frozen=True)
class Language:
    """Words that have no meaning of their own here but shape that of the others. All plain.

    `links` do not count inside an expression; they and the `small` may be skipped in a text. `denials` deny the words
    around them, `denials_ahead` only those that follow; « plus » denies after « ne » or one of `before_plus`; `breaks`
    end the reach of a denial; `undone` are events that a denial makes unhappened (« pas perdu »); `abbreviations`
    stand for several words (« mdp »); `kept` are never taken for slips of others (towns, foreign words).
    """

    links: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    denials: frozenset[str] = frozenset()
    denials_ahead: frozenset[str] = frozenset()
    before_plus: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    abbreviations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parse_expression(text: str, families: Container[str], language: Language) -> tuple[Part, ...]:
    """The parts of an expression. ValueError, in French, tells what is wrong with it."""
    parts = tuple(_parse_part(part, families, language.links) for part in text.split("+"))
    if not all(parts):
        raise ValueError(f"« {text} » : il manque un mot")
    words = [item.symbol for part in parts for item in part]
    if len(words) == 1 and words[0] in language.small | language.links | {DENIAL}:
        raise ValueError(f"« {text} » se réduit à un mot trop courant pour être cherché seul")
    return parts


def parse_member(text: str, language: Language) -> Part:
    """A member of a family: one part, without another family. ValueError as above."""
    part = _parse_part(text, (), language.links)
    if "+" in text or not part:
        raise ValueError(f"« {text} » : une famille contient des mots, sans « + »")
    return part


def _parse_part(part: str, families: Container[str], links: Container[str]) -> Part:
    items: list[Item] = []
    denied = False
    words = _WORD.findall(part)
    for at, word in enumerate(words):
        inside = 0 < at < len(words) - 1 and plain(word) in links  # « mère de » means its « de »
        if word == DENIAL:
            denied = True
        elif denied and inside:  # « pas de code » means these words, not any denial of a code
            items += [Item(DENIAL), Item(_symbol(word, families))]
            denied = False
        elif not inside:
            items.append(Item(_symbol(word, families), denied))
            denied = False
    if denied:  # « existe pas » as well as « pas reçu »; alone, it is any denial
        items[-1:] = [Item(items[-1].symbol, True) if items else Item(DENIAL)]
    return tuple(items)


def _symbol(word: str, families: Container[str]) -> str:
    """A word in capitals that names no family is a mistake, not a word."""
    if _FAMILY.match(word):
        if word not in families:
            raise ValueError(f"la famille « {word} » n’existe pas (un mot s’écrit en minuscules)")
        return word
    bare = plain(word.rstrip("*"))
    if not word.endswith("*"):
        return stem(bare)
    if len(bare) < _SHORTEST_BEGINNING:
        raise ValueError(f"« {word} » : il faut au moins trois lettres avant l’étoile")
    return bare + "*"


def words_of(text: str) -> list[str]:
    """The plain words of an expression, for the vocabulary: families and stars left out."""
    return [plain(word) for word in _WORD.findall(text) if not _FAMILY.match(word) and not word.endswith("*")]
