"""Cuts a text into words and tells what each one means here: the symbols it stands for, whether it is denied."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.routing.expressions import Language
from helpdesk.routing.spelling import plain, stem

_LINK = r"https?://\S{1,2000}|www\.\S{1,2000}"
_ADDRESS = r"|[\w.+-]{1,64}@[\w.-]{1,255}"  # looked for at each word, which takes its time
_REST = r"|(?P<word>[^\W_]+)|(?P<stop>[.!?…]+|\n[^\S\n]*\n\s*)|(?P<comma>[,;:()/])"
_TOKEN = re.compile(_LINK + _REST)
_TOKEN_OR_ADDRESS = re.compile(_LINK + _ADDRESS + _REST)
_STOP_COUNTS = 3  # words: the end of a sentence sets its words that much farther from the next
_DENIED_AFTER = 4
_DENIED_BEFORE = 2
_ONE = frozenset(("la", "une", "cette", "chaque", "autre", "ma", "sa"))  # before « personne »: somebody
_BEGINNINGS = (4, 5, 6)  # letters: words that begin alike often speak of the same thing (« scolaire », « scolarité »)
_REMEMBERED = 50_000  # words met; forgotten all at once past that, so that odd texts cannot fill the memory


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What one word, as written, means here. Shared by all its occurrences."""

    symbols: tuple[str, ...]
    plain: str
    meant: str  # the stem as the lexicon understood it, slips mended
    families: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()  # what it has in common with other words: stem, families, beginnings
    small: bool = False
    denies: bool = False
    denies_ahead: bool = False
    breaks: bool = False
    undone: bool = False  # an event that did not happen when it is denied


class Token:
    """A word at its place. `start` and `end` are characters, `position` counts words and the gaps between sentences.

    `denies` tells a word that denies others here, `denied` one that is denied, `unhappened` an event that is.
    """

    __slots__ = ("clause", "denied", "denies", "end", "position", "start", "unhappened", "word")

    def __init__(self, word: Word, start: int, end: int, position: int, clause: int) -> None:
        self.word = word
        self.start = start
        self.end = end
        self.position = position
        self.clause = clause
        self.denies = False
        self.denied = False
        self.unhappened = False


class Tokenizer:
    """Turns text into tokens; `symbols_of` tells which symbols a plain word stands for, mended or not."""

    def __init__(self, symbols_of: Callable[[str, bool], tuple[str, ...]], language: Language) -> None:
        self._symbols_of = symbols_of
        self._language = language
        self._met: dict[str, tuple[Word, ...]] = {}

    def tokens(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        position = clause = 0
        for found in (_TOKEN_OR_ADDRESS if "@" in text else _TOKEN).finditer(text):
            kind = found.lastgroup
            if kind == "word":
                start, end = found.span()
                for word in self._met.get(found[0]) or self._meet(found[0]):
                    tokens.append(Token(word, start, end, position, clause))
                    position += 1
            elif kind == "stop":
                position += _STOP_COUNTS
                clause += 1
            elif kind == "comma":
                clause += 1
        self._mark_denied(tokens)
        return tokens

    def _meet(self, written: str) -> tuple[Word, ...]:
        bare = plain(written[:40])
        short = self._language.abbreviations
        full = short.get(written.casefold()) or short.get(bare, (bare,))  # « jé » is « j’ai », « je » is itself
        if len(self._met) >= _REMEMBERED:
            self._met.clear()
        maybe_a_name = written[:1].isupper() and written[1:].islower()  # Arles is not « armes »
        words = self._met[written] = tuple(self._word(part, mend=not maybe_a_name) for part in full)
        return words

    def _word(self, bare: str, *, mend: bool) -> Word:
        language = self._language
        symbols = self._symbols_of(bare, mend)
        meant = next((symbol for symbol in symbols if not symbol.isupper()), stem(bare))
        families = tuple(symbol for symbol in symbols if symbol.isupper())
        beginnings = (f"{bare[:letters]}~" for letters in _BEGINNINGS if len(bare) >= letters)
        return Word(
            symbols=symbols,
            plain=bare,
            meant=meant,
            families=families,
            traits=(meant, *families, *beginnings),
            small=bare in language.small or bare in language.links,
            denies=bare in language.denials,
            denies_ahead=bare in language.denials_ahead,
            breaks=bare in language.breaks,
            undone=bare in language.undone,
        )

    def _mark_denied(self, tokens: list[Token]) -> None:
        for at, token in enumerate(tokens):
            word = token.word
            behind = word.denies or (word.plain == "plus" and self._is_denying_plus(tokens, at))
            nobody = word.plain == "personne" and self._is_nobody(tokens, at)
            if not behind and not word.denies_ahead and not nobody:
                continue
            token.denies = True
            for before in tokens[max(0, at - _DENIED_BEFORE) : at] if behind else ():
                if before.clause == token.clause:
                    before.denied = True
                    before.unhappened = before.unhappened or (word.plain == "rien" and before.word.undone)
            for after in tokens[at + 1 : at + 1 + _DENIED_AFTER]:
                if after.clause != token.clause or after.word.breaks:
                    break
                after.denied = True
                after.unhappened = after.word.undone and not nobody  # « personne n'aide, il touche… » did happen

    def _is_nobody(self, tokens: list[Token], at: int) -> bool:
        """« personne n’est en danger », but not « la personne n’a pas reçu »."""
        after = tokens[at + 1].word.plain if at + 1 < len(tokens) else ""
        return after in ("n", "ne") and (at == 0 or tokens[at - 1].word.plain not in _ONE)

    def _is_denying_plus(self, tokens: list[Token], at: int) -> bool:
        """« je ne trouve plus », « j'ai plus accès », but not « de plus », « plus tard », « le plus simple »."""
        near = [token.word.plain for token in tokens[max(0, at - 3) : at]]
        return "ne" in near or "n" in near or (bool(near) and near[-1] in self._language.before_plus)
