"""Authentication-Results (RFC 8601) of our own server; anybody else's are a claim of the sender."""

import re

from helpdesk.intake.mail.structure import Part
from helpdesk.intake.mail.value import Authentication
from helpdesk.intake.mail.words import header_text

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(spf|dkim|dmarc)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*\"?(?:[^\s;@\"]*@)?([^\s;\"]+)", re.IGNORECASE)


def authentication(root: Part, trusted_host: str) -> Authentication | None:
    """What the trusted host found, over all headers that bear its name; the first word of each method counts."""
    if not trusted_host:
        return None
    found: dict[str, str] = {}
    trusted = False
    for raw in root.all("authentication-results")[:50]:
        host, _semicolon, results = _COMMENT.sub(" ", header_text(raw[:20_000])).partition(";")
        if host.split()[:1] != [host.strip().partition(" ")[0]] or not _same(host, trusted_host):
            continue
        trusted = True
        for part in results.split(";"):
            result = _RESULT.match(part)
            if result:
                method, word = result.group(1).lower(), result.group(2).lower()
                if found.setdefault(method, word) == word and method == "dmarc":
                    domain = _FROM.search(part)
                    found.setdefault("from", domain.group(1).lower() if domain else "")
                elif method == "dkim" and word == "pass":
                    # Several signatures: one that holds is enough.
                    found["dkim"] = word
    if not trusted:
        return None
    return Authentication(found.get("spf", ""), found.get("dkim", ""), found.get("dmarc", ""), found.get("from", ""))


def _same(host: str, trusted_host: str) -> bool:
    """The name alone, or followed by the version number that the RFC allows."""
    words = host.split()
    return bool(words) and words[0].lower().rstrip(".") == trusted_host.lower().rstrip(".")
