"""The Markdown of answers as HTML: paragraphs, lists, emphasis and links; nothing that runs or loads."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from helpdesk.languages import typeset

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3"}
_ATTRIBUTES = {"a": {"href", "title"}}
_SCHEMES = {"https", "http", "mailto", "tel"}


def as_html(markdown: str) -> Markup:
    """Safe HTML, whatever the text holds: markup in it is shown as it was typed."""
    cleaned = nh3.clean(
        _parser().render(typeset(markdown)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )
    return Markup(cleaned)  # noqa: S704 (cleaned the line before)


@cache
def _parser() -> MarkdownIt:
    """`html=False` shows tags as text. Headings stay below the page's own: « # » is for the question."""
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "html_block", "html_inline"])
