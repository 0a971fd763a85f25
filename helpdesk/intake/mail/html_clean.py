"""HTML of strangers made fit to be shown: nothing runs, nothing loads, links tell nobody where the reader came from."""

import re

import nh3

_KEPT = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "div",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "tt", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_SILENT = {"script", "style", "title", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea",
           "xml", "noembed", "noframes", "xmp", "head"}  # fmt: skip

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?=[\s/>])")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "p", "li", "td", "tr", "th", "wbr"}
_LONE_AMPERSAND = re.compile("&(?![a-zA-Z#])")
# « Camille <camille@example.fr> » whose angle brackets were not escaped: no tag has such a name.
_BARE_ADDRESS = re.compile(r"<([^\s<>@\"'=/]{1,64}@[\w.-]{1,255})>")
_DEEPEST = 300
_MOST_AMPERSANDS = 50_000


def tame(html: str) -> str:
    """The markup with what would keep an HTML parser busy for minutes taken out: elements nested beyond reason, and
    floods of lone ampersands. Addresses that look like tags stay text.
    """
    html = _BARE_ADDRESS.sub(r"&lt;\1&gt;", html)
    depth = deepest = 0
    for found in _TAG.finditer(html):
        if found[2].lower() not in _VOID:
            depth = max(0, depth + (-1 if found[1] else 1))
            deepest = max(deepest, depth)
    html = _LONE_AMPERSAND.sub("&amp;", html) if html.count("&") <= _MOST_AMPERSANDS else html.replace("&", " ")
    return html if deepest <= _DEEPEST else _TAG.sub(_Shallow(), html)


class _Shallow:
    """Renames tags below the deepest level to one that no parser knows, so that they nest nothing."""

    def __init__(self) -> None:
        self._depth = 0

    def __call__(self, found: re.Match[str]) -> str:
        if found[2].lower() in _VOID:
            return found[0]
        if found[1]:
            self._depth = max(0, self._depth - 1)
            return found[0] if self._depth < _DEEPEST else "<!x"
        self._depth += 1
        return found[0] if self._depth <= _DEEPEST else "<!x"


def safe_html(html: str) -> str:
    """What may be put into a page of ours. Pictures are left out: they are attachments, or watch the reader."""
    return nh3.clean(
        html,
        tags=_KEPT,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        clean_content_tags=_SILENT - {"head"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def regular_html(html: str) -> str:
    """The same markup well formed, with the marks that tell what is hidden or quoted; not fit to be shown."""
    return nh3.clean(
        html,
        tags=_KEPT | {"img", "section", "article", "header", "footer", "main", "font", "address", "figure", "details"},
        attributes={"*": {"style", "class", "id", "hidden", "type", "name"}, "a": {"href", "title"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        clean_content_tags=_SILENT - {"head"},
        link_rel=None,
    )
