"""Address headers: mailboxes, groups and comments of RFC 5322, and the many ways in which they are written wrong."""

import re

from helpdesk.intake.mail.value import Address
from helpdesk.intake.mail.words import decode_words, header_text
from helpdesk.text import one_line

_LEXEME = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*")'
    r"|(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)"
    r"|(?P<escaped>\\.)"
    r"|(?P<angle><[^<>]*>?)"
    r"|(?P<mark>[,;:()])"
    r'|(?P<plain>[^\s",;:()<\\]+|"|>|\\)'
    r"|(?P<space>\s+)",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s<>()\[\],;:\"'«»]+@[^\s<>()\[\],;:\"'«»]+")
_LARGEST = 200_000
_MOST = 1000


def parse_addresses(raw: bytes, charset: str = "") -> tuple[Address, ...]:
    """The mailboxes of one field, in order, groups opened. At most 1,000. `charset`: see `header_text`."""
    reader = _Reader()
    text = header_text(raw[:_LARGEST], decode_encoded=False, charset=charset)
    for match in _LEXEME.finditer(text):
        reader.take(match.lastgroup or "plain", match.group())
        if len(reader.found) >= _MOST:
            break
    reader.end()
    return tuple(reader.found)


class _Reader:
    """Gathers the tokens of one mailbox until a comma, a semicolon or the end."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self._depth = 0
        self._clear()

    def _clear(self) -> None:
        self._phrase: list[str] = []
        self._comment: list[str] = []
        self._angle: str | None = None
        self._angle_at = 0  # how much of the phrase stands before it
        self._quoted = False

    def take(self, kind: str, word: str) -> None:
        if kind == "mark" and word == "(":
            self._depth += 1
        elif kind == "mark" and word == ")":
            self._depth = max(0, self._depth - 1)
        elif self._depth:
            self._comment.append(word)
        elif kind == "angle":
            self._take_angle(word)
        elif kind == "mark" and word == ":":
            # A group's name; its members follow.
            if not any("@" in word for word in self._phrase):
                self._clear()
        elif kind == "mark":
            self.end()
        elif kind == "quoted":
            self._quoted = True
            self._phrase.append(re.sub(r"\\(.)", r"\1", word[1:-1]))
        else:
            self._phrase.append(word if word != '"' else "")

    def _take_angle(self, word: str) -> None:
        inside = re.sub(r"\s*([@.])\s*", r"\1", re.sub(r"\([^()]*\)", "", word.strip("<> \t"))).strip()
        if re.search(r"\s", inside) and "@" in inside and not inside.startswith('"'):
            inside = _bare(inside)
        between = "".join(self._phrase[self._angle_at :]).strip()
        if between and "@" in (self._angle or "") and "@" in inside:
            # « A <a@x> B <b@y> »: two people, the comma between them is missing.
            behind = self._phrase[self._angle_at :]
            del self._phrase[self._angle_at :]
            self.end()
            self._phrase = behind
        elif self._angle:
            # « <a@x> <b@y> »: the last one counts, as mail programs do.
            self._phrase.append(f"<{self._angle}>")
        self._angle_at = len(self._phrase)
        self._angle = inside.rpartition(":")[2] if inside.startswith("@") else inside

    def end(self) -> None:
        """Close the mailbox gathered so far."""
        self._depth = 0
        phrase = one_line(decode_words("".join(self._phrase)), 300).strip()
        comment = one_line(decode_words("".join(self._comment)), 300).strip()
        if self._angle is not None:
            address = self._angle or ""
            if "@" not in address:
                address = _bare(decode_words(address)) or address
            if address or phrase:
                self.found.append(Address(_tidy(address) or _bare(phrase), phrase or comment))
        elif phrase:
            self._end_without_angle(phrase, comment)
        self._clear()

    def _end_without_angle(self, phrase: str, comment: str) -> None:
        address = _bare(phrase)
        if not address and re.fullmatch(r"\S+", phrase) and not self._quoted:
            address = phrase
        rest = phrase.replace(address, " ", 1).strip(" '\"-") if address else phrase
        if self._quoted and "@" in address and not rest and phrase != address:
            rest = ""
        self.found.append(Address(_tidy(address), one_line(rest, 300) or comment))


def _bare(text: str) -> str:
    found = _BARE.search(text)
    return found.group().removeprefix("mailto:") if found else ""


def _tidy(address: str) -> str:
    # Not the quotes of a local part: « "#49#"@fax.example ».
    bare = address.strip().strip("'" if '"@' in address else "'\"")
    address = re.sub(r"^mailto:", "", bare, flags=re.IGNORECASE)
    return one_line(re.sub(r"\s*([@.])\s*", r"\1", address), 320)
