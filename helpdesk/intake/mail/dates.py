"""Date fields as they are written: RFC 5322, ISO 8601, and month names of other tongues; aware UTC."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_MONTHS = {
    "janv": "Jan", "févr": "Feb", "fevr": "Feb", "fév": "Feb", "mars": "Mar", "avr": "Apr", "mai": "May", "juin": "Jun",
    "juil": "Jul", "août": "Aug", "aout": "Aug", "déc": "Dec", "okt": "Oct", "dez": "Dec", "mär": "Mar", "ene": "Jan",
    "ago": "Aug", "dic": "Dec", "abr": "Apr",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+\.?")


def parse_date(text: str) -> datetime | None:
    """The moment, or None for what is no date. Without a zone it is UTC."""
    text = text.strip()[:200]
    try:
        return _rfc(text) or _rfc(_WORD.sub(_english, text)) or _iso(text)
    except (ValueError, OverflowError, IndexError, TypeError, KeyError):
        return None


def _rfc(text: str) -> datetime | None:
    found = parsedate_tz(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found[0:6]
    offset = found[9] or 0
    if abs(offset) >= 24 * 3600:
        offset = 0
    # A leap second is the second before it.
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(seconds=offset)
    return moment if moment.year >= 1970 else None


def _iso(text: str) -> datetime | None:
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if moment.year >= 1970 else None


def _english(match: re.Match[str]) -> str:
    word = match.group().rstrip(".").lower()
    return _MONTHS.get(word) or _MONTHS.get(word[:4]) or _MONTHS.get(word[:3]) or match.group()
