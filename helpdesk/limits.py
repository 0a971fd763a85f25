"""Rate limits, counted in Redis where there is one, else in the database: they survive a restart and hold for all
processes together.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

import structlog
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import delete, func, select

from helpdesk.db import transaction, utc_now
from helpdesk.models import Hit

log = structlog.get_logger()


class RateLimits:
    """Counts per name and key. `secret_key` makes what the database holds of a key unreadable."""

    def __init__(self, redis_url: str, secret_key: str) -> None:
        storage = storage_from_string(redis_url or "memory://", **({"wrap_exceptions": True} if redis_url else {}))
        self._limiter = MovingWindowRateLimiter(storage)
        self._in_database = not redis_url
        self._secret_key = secret_key

    def allow(self, limit: str, name: str, key: str, *, lasting: bool = True) -> bool:
        """Count one more; false where that is too many. `limit` reads as in settings: "20 per hour".

        Not `lasting`: for what happens with every key pressed, counted in this process without Redis. When Redis is
        away everything is allowed: a limit must not close the service. Raises Unavailable without the database.
        """
        item = parse(limit)
        if self._in_database and lasting:
            return self._count(item, name, key)
        try:
            return self._limiter.hit(item, name, key)
        except StorageError as error:
            log.warning("rate limits not counted", error=type(error).__name__)
            return True

    def _count(self, item: RateLimitItem, name: str, key: str) -> bool:
        now = utc_now()
        visitor = hmac.new(self._secret_key.encode(), f"limit\n{name}\n{key}".encode(), hashlib.sha256).hexdigest()
        with transaction() as session:
            lately = select(func.count()).where(Hit.visitor == visitor, Hit.until > now)
            if (session.scalar(lately) or 0) >= item.amount:
                return False
            session.add(Hit(visitor=visitor, until=now + timedelta(seconds=item.get_expiry())))
            return True


def forget_hits(now: datetime) -> None:
    """Delete what no longer counts."""
    with transaction() as session:
        session.execute(delete(Hit).where(Hit.until <= now))


def network_of(address: str | None) -> str:
    """What a limit counts as one visitor: an IPv4 address, or the /64 that one IPv6 household holds."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))
