"""The Markdown of answers as plain text, for mails and letters: lists stay lists, links show where they lead."""

import re

_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)(?:\s+\"[^\"]*\")?\)")
_MARKUP = (
    (re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`|\\(?=[^\w\s])"), ""),
)


def as_text(markdown: str, base: str) -> str:
    """Readable as it stands. `base` is our own address, for links to other entries."""
    pieces, copied = [], 0
    markdown = _PICTURE.sub("", markdown)
    for link in _LINK.finditer(markdown):
        pieces += [_bare(markdown[copied : link.start()]), _told(_bare(link[1]), link[2], base)]
        copied = link.end()
    return "".join([*pieces, _bare(markdown[copied:])]).strip()


def _bare(text: str) -> str:
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return text


def _told(words: str, address: str, base: str) -> str:
    """The words of a link and, behind them, where it leads."""
    if address.startswith("fiche:"):
        address = f"{base}/questions/{address.removeprefix('fiche:')}"
    elif address.startswith("/"):
        address = f"{base}{address}"
    address = address.removeprefix("mailto:").removeprefix("tel:")
    return words if words == address else f"{words} ({address})"
