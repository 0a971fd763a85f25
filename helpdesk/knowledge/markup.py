"""The Markdown of answers as HTML: paragraphs, lists, emphasis, links, our own images; nothing that runs or loads.

`[texte](fiche:mot-de-passe)` leads to an entry by its address, `![description](image:0123456789abcdef)` shows an image
that an editor uploaded. No other image is shown: its description stands in its place.
"""

import re
from collections.abc import Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from helpdesk.languages import typeset

ENTRY = "fiche:"
IMAGE = re.compile(r"image:([0-9a-f]{16})")
ENTRIES, IMAGES = "/questions/", "/questions/images/"

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "img"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}}
_SCHEMES = {"https", "http", "mailto", "tel"}


def as_html(markdown: str, base: str = "", *, french: bool = True) -> Markup:
    """Safe HTML, whatever the text holds: markup in it is shown as it was typed. `base` comes before our own addresses
    (`/en`, or the whole site for readers elsewhere); what is not French keeps its own spaces before signs.
    """
    parser = _parser()
    tokens = parser.parse(typeset(markdown) if french else markdown)
    for block in tokens:
        for token in block.children or ():
            _lead_home(token, base)
    cleaned = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )
    return Markup(cleaned)  # noqa: S704 (cleaned the line before)


def tokens_in(markdown: str) -> Iterator[Token]:
    """What stands in the lines of a text, as it will be read: links, images, words."""
    for block in _parser().parse(markdown):
        yield from block.children or ()


def _lead_home(token: Token, base: str) -> None:
    """Give our own addresses to a link or an image; whole ones, where `base` is that of the site."""
    outside = base.startswith("http")
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        if address.startswith(ENTRY):
            token.attrSet("href", f"{base}{ENTRIES}{address.removeprefix(ENTRY)}")
        elif base and address.startswith("/" if outside else ENTRIES):
            token.attrSet("href", base + address)
    elif token.type == "image":
        named = IMAGE.fullmatch(str(token.attrGet("src") or ""))
        if named:
            token.attrSet("src", (base if outside else "") + IMAGES + named[1])
        else:
            token.type, token.children = "text", None


@cache
def _parser() -> MarkdownIt:
    """`html=False` shows tags as text. Headings stay below the page's own: « # » is for the question."""
    return MarkdownIt("commonmark", {"html": False}).disable(["code", "fence", "html_block", "html_inline"])
