"""Reading agents' pages as their readers do: the words, without the tags."""

import re
from html import unescape
from typing import Any


def plain(text: str) -> str:
    """Non-breaking spaces as spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words_of(html: str) -> str:
    """The text of a page, spaces folded."""
    return " ".join(plain(unescape(re.sub(r"<[^>]+>", " ", html))).split())


def main_of(answer: Any) -> str:
    """The words of a page's main part: without menu and footer."""
    return words_of(answer.text.split("<main", 1)[1].split("</main>", 1)[0])


def title_of(answer: Any) -> str:
    return words_of(answer.text.split("<title>", 1)[1].split("</title>", 1)[0])
