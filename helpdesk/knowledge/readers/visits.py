"""Who votes, without knowing who: a keyed hash of the day, and tokens that say which answer was shown."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from itsdangerous import BadData, URLSafeTimedSerializer

SHOWN_FOR = 24 * 3600  # seconds: a page may stay open for a day
GIVEN_FOR = 3600  # in which a vote may be given its reason


@dataclass(frozen=True)
class Shown:
    """An answer as a page showed it: id of the article, number of its version, language."""

    article_id: int
    number: int
    language: str


def visitor(secret_key: str, day: date, network: str, browser: str) -> str:
    """64 hexadecimal digits, the same for all visits of one browser in one network on one day; another day's have
    nothing in common with them.
    """
    text = f"visitor\n{day.isoformat()}\n{network}\n{browser}"
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def token_of(secret_key: str, shown: Shown) -> str:
    """Shows that our page was seen lately. The same for all readers, so that the page may be kept."""
    return _serializer(secret_key, "vote").dumps([shown.article_id, shown.number, shown.language])


def shown_by(secret_keys: Sequence[str], token: str) -> Shown | None:
    """What the token's page showed; None where it is not ours, or too old."""
    value = _loaded(secret_keys, "vote", token, SHOWN_FOR)
    return Shown(*value) if isinstance(value, list) else None


def receipt_of(secret_key: str, vote_id: int) -> str:
    """Lets who has voted say why."""
    return _serializer(secret_key, "vote-reason").dumps(vote_id)


def vote_by(secret_keys: Sequence[str], receipt: str) -> int | None:
    """The vote's id; None where the receipt is not ours, or too old."""
    value = _loaded(secret_keys, "vote-reason", receipt, GIVEN_FOR)
    return value if isinstance(value, int) else None


def _serializer(key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=purpose)


def _loaded(secret_keys: Sequence[str], purpose: str, text: str, seconds: int) -> object:
    for key in secret_keys:
        try:
            value: object = _serializer(key, purpose).loads(text, max_age=seconds)
        except BadData:
            continue
        return value
    return None
