"""The Markdown of answers as plain text, for mails and letters: lists stay lists, links show where they lead."""

import re

_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`|\\(?=[^\w\s])")
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE)


def as_text(markdown: str, base: str) -> str:
    """Readable as it stands. `base` is our own address, for links to other entries."""
    text = _PICTURE.sub("", _BULLET.sub(r"\1- ", markdown))
    text = _LINK.sub(lambda found: _told(found[1], found[2], base), text)
    return _EMPHASIS.sub("", _HEADING.sub("", text)).strip()


def _told(words: str, address: str, base: str) -> str:
    """The words of a link and, behind them, where it leads; underscores in it are no emphasis."""
    address = f"{base}/questions/{address.removeprefix('fiche:')}" if address.startswith("fiche:") else address
    address = f"{base}{address}" if address.startswith("/") else address
    address = address.removeprefix("mailto:").removeprefix("tel:")
    if "_" in address:
        address = address.replace("_", "\\_")
    return address if words == address else f"{words} ({address})"
