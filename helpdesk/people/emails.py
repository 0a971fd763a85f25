"""Mail addresses as people type them."""

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import DamerauLevenshtein

# Where French families have their mail; only slips of these are asked about.
_PROVIDERS = (
    "gmail.com",
    "orange.fr",
    "wanadoo.fr",
    "hotmail.fr",
    "hotmail.com",
    "outlook.fr",
    "outlook.com",
    "live.fr",
    "yahoo.fr",
    "yahoo.com",
    "free.fr",
    "sfr.fr",
    "laposte.net",
    "icloud.com",
    "bbox.fr",
    "neuf.fr",
)
# Real providers that are one slip away from another.
_KNOWN = {*_PROVIDERS, "ymail.com", "gmx.fr", "gmx.com", "gmx.net", "mail.com", "live.com", "free.com", "yahoo.es", "me.com"}


def read_email(text: str) -> str | None:
    """The address in lower case, or None if mail could never reach it. No network is asked."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def likely_typo(address: str) -> str | None:
    """The address that was probably meant (« lou@gmial.com » → « lou@gmail.com »), or None if it looks right."""
    name, _at, domain = address.rpartition("@")
    if domain in _KNOWN:
        return None
    for provider in _PROVIDERS:
        if DamerauLevenshtein.distance(domain, provider, score_cutoff=1) == 1:
            return f"{name}@{provider}"
    return None
