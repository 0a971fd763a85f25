"""Looking at pages as their readers do: titles, words, links and what is tied to what."""

import re
from html.parser import HTMLParser
from typing import Any

from tests.workspace.pages import main_of, plain, title_of, words_of

__all__ = ["Elements", "elements_of", "links_of", "main_of", "plain", "title_of", "words_of"]


class Elements(HTMLParser):
    """Every start tag of a page with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def by_id(self, wanted: str) -> dict[str, str | None]:
        (found,) = [attributes for _, attributes in self.found if attributes.get("id") == wanted]
        return found


def elements_of(answer: Any) -> Elements:
    return Elements(answer.text)


def links_of(answer: Any) -> dict[str, str]:
    """Words of each link → its address."""
    pairs = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', answer.text, re.DOTALL)
    return {words_of(words): address for address, words in pairs}
