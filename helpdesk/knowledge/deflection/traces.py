"""What is kept of a visitor: keyed hashes of a day that say nothing, and a search without what is personal in it."""

import hashlib
import hmac
from datetime import date

from helpdesk.privacy.impersonal import impersonal
from helpdesk.stems import stem, words

LONGEST_KEY = 200
_MOST_WORDS = 12


def contact_hash(secret_key: str, day: date, address: str) -> str:
    """64 hexadecimal digits for a mail address or a number, another each day; empty for none."""
    if not address.strip():
        return ""
    text = f"contact\n{day.isoformat()}\n{address.strip().casefold()}"
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_control(visitor: str, percent: int) -> bool:
    """Whether this visitor is shown no proposals today: drawn by the hash, so the same on every page of the day."""
    return int(visitor[:8], 16) % 100 < percent


def search_key(query: str, fillers: frozenset[str] = frozenset()) -> str:
    """What groups searches that say the same: stems in order of the alphabet. Empty where no word is left."""
    found = [word.folded for word in words(query)][:_MOST_WORDS]
    kept = [word for word in found if word not in fillers] or found
    return " ".join(sorted({stem(word) for word in kept}))[:LONGEST_KEY]


def shown_words(query: str) -> str:
    """The query without numbers, addresses and names that can be told; what is left of it is kept for editors."""
    return impersonal(query).text[:300]
