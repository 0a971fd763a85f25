"""HTML mail as text: what a reader would see, with lists, tables, links, and marks where a quotation stands.

The markup is first made well formed by nh3, so that a plain walk over its tags is enough and takes linear time.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from helpdesk.intake.mail.charsets import printable
from helpdesk.intake.mail.html_clean import regular_html, safe_html, tame
from helpdesk.intake.mail.html_marks import (
    HISTORY,
    MARKS,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    SIGNATURE,
    SIGNATURE_CLOSE,
    hides,
    quote_kind,
    tight,
)

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>|([^<]+)")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_VOID = frozenset(("br", "hr", "img", "col"))
_BLOCK = frozenset((
    "address", "article", "blockquote", "caption", "center", "dd", "details", "div", "dl", "dt", "figure", "footer",
    "h1",     "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"))
_MARKS = {
    "quote": (QUOTE_OPEN, QUOTE_CLOSE),
    "wrapper": (QUOTE_OPEN, QUOTE_CLOSE),
    "history": (HISTORY, ""),
    "signature": (SIGNATURE, SIGNATURE_CLOSE),
}
_NUMBER = re.compile(r"[0-9]{1,6}")
_SPACES = re.compile(r"[ \t\n\r\f]+")


@dataclass
class _Element:
    tag: str
    closing: str = ""  # what to write into the text when it ends
    hidden: bool = False
    href: str = ""
    start: int = 0
    lines: int = 0  # line ends around a block
    kind: str = ""


@dataclass(frozen=True)
class Rendered:
    """`marked`: the text with the marks of this file. `html`: safe, without what was hidden."""

    marked: str
    html: str

    @property
    def text(self) -> str:
        """The text without marks."""
        return MARKS.sub("", self.marked)


def render(html: str) -> Rendered:
    """The two forms of an HTML body."""
    walker = _Walker()
    for match in _TOKEN.finditer(regular_html(tame(MARKS.sub("", html)))):
        if match[4] is not None:
            walker.text(match[4])
        elif match[1]:
            walker.close(match[2])
        else:
            walker.open(match[2], dict(_ATTRIBUTE.findall(match[3])))
        walker.keep(match[0])
    return Rendered(walker.result(), safe_html("".join(walker.kept)))


@dataclass
class _Walker:
    out: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    stack: list[_Element] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    hidden: int = 0
    pre: int = 0
    was_hidden: bool = False
    line_empty: bool = True
    newlines: int = 2
    space: bool = False
    after_bullet: bool = False

    def keep(self, token: str) -> None:
        """Hand the token on to the safe HTML unless it is hidden."""
        if not self.hidden and not self.was_hidden:
            self.kept.append(token)
        self.was_hidden = False

    def text(self, raw: str) -> None:
        if self.hidden:
            return
        text = MARKS.sub("", unescape(raw))
        if self.pre:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.break_line(1, add=True)
                self.write(line)
            return
        if text[:1] in " \t\n\r\f":
            self.space = True
        words = _SPACES.sub(" ", text).strip(" ")
        if words:
            self.write(words)
            self.space = text[-1:] in " \t\n\r\f"

    def write(self, text: str) -> None:
        if not text:
            return
        if self.space and not self.line_empty:
            self.out.append(" ")
        self.space = False
        self.out.append(text)
        self.line_empty, self.newlines, self.after_bullet = False, 0, False

    def break_line(self, count: int, *, add: bool = False) -> None:
        """At least `count` line ends here; `add`: one more, whatever is there."""
        if self.after_bullet and not add:
            # « <li><p>… »: the paragraph begins beside its bullet.
            return
        missing = count if add else count - self.newlines
        if missing > 0 and (self.out or add):
            self.out.append("\n" * missing)
            self.newlines += missing
        self.line_empty, self.space = True, False

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            if not self.hidden:
                self.break_line(1, add=True)
            return
        if tag == "hr":
            if not self.hidden:
                self.break_line(1)
                self.out.append(HISTORY if quote_kind(tag, attributes) == "history" else "")
            return
        if tag in _VOID:
            return
        element = _Element(tag, hidden=bool(self.hidden) or hides(tag, attributes))
        self.stack.append(element)
        if element.hidden:
            self.hidden += 1
            return
        self._begin(element, attributes)

    def _begin(self, element: _Element, attributes: dict[str, str]) -> None:
        tag = element.tag
        self.after_bullet = self.after_bullet and tag not in {"ul", "ol"}
        if tag in _BLOCK:
            spaced = tag in _SPACED and not tight(attributes)
            inside_item = any(outer.tag == "li" for outer in self.stack[-3:-1])
            element.lines = 2 if spaced and not inside_item else 1
            self.break_line(element.lines)
        element.kind = quote_kind(tag, attributes)
        if element.kind:
            opening, element.closing = _MARKS[element.kind]
            self.break_line(1)
            self.out.append(opening)
        if tag in {"ul", "ol"}:
            start = attributes.get("start", "1")
            self.lists.append(None if tag == "ul" else int(start) if _NUMBER.fullmatch(start) else 1)
        elif tag == "li":
            self._bullet()
        elif tag == "pre":
            self.pre += 1
        elif tag == "a":
            element.href, element.start = unescape(attributes.get("href", "")), len(self.out)
        elif tag in {"td", "th"} and not self.line_empty:
            self.space = True

    def _bullet(self) -> None:
        number = self.lists[-1] if self.lists else None
        self.write("  " * min(8, max(0, len(self.lists) - 1)) + (f"{number}. " if number is not None else "- "))
        if number is not None:
            self.lists[-1] = number + 1
        self.line_empty = self.after_bullet = True

    def close(self, tag: str) -> None:
        """nh3 closes everything in order, so the element on top is the one that ends."""
        if tag in _VOID or not self.stack:
            return
        element = self.stack.pop()
        if element.hidden:
            self.hidden -= 1
            self.was_hidden = not self.hidden
            return
        if element.href:
            self._link(element)
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.pre -= 1
        self.after_bullet = self.after_bullet and tag != "li"
        if element.closing:
            self.break_line(1)
            self.out.append(element.closing)
        if element.kind == "quote":
            self._end_wrapper()
        if element.lines:
            self.break_line(element.lines)

    def _end_wrapper(self) -> None:
        """What follows a quotation inside its wrapper is an answer written between or below."""
        outer = next((each for each in reversed(self.stack) if each.kind in {"quote", "wrapper"}), None)
        if outer is not None and outer.kind == "wrapper" and outer.closing:
            self.out.append(outer.closing)
            outer.closing = ""

    def _link(self, element: _Element) -> None:
        shown = "".join(self.out[element.start :]).strip()
        target = element.href.strip()
        if target.startswith("tel:"):
            return
        bare = re.sub(r"^(?:mailto:|https?://)", "", target, flags=re.IGNORECASE).rstrip("/").partition("?")[0]
        if shown and bare and bare.lower() not in shown.lower() and not target.startswith("#") and len(target) < 2000:
            self.out.append(f" <{target}>")

    def result(self) -> str:
        lines = [line.rstrip(" \t") for line in "".join(self.out).split("\n")]
        return printable(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))
