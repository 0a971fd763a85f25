"""Rate limits, counted in Redis where there is one, else in this process."""

import ipaddress

import structlog
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

log = structlog.get_logger()


class RateLimits:
    """Counts per name and key. `redis_url` empty: counts are this process's own."""

    def __init__(self, redis_url: str) -> None:
        storage = storage_from_string(redis_url or "memory://", **({"wrap_exceptions": True} if redis_url else {}))
        self._limiter = MovingWindowRateLimiter(storage)

    def allow(self, limit: str, name: str, key: str) -> bool:
        """Count one more; false where that is too many. `limit` reads as in settings: "20 per hour".

        When Redis is away everything is allowed: a limit must not close the service.
        """
        try:
            return self._limiter.hit(parse(limit), name, key)
        except StorageError as error:
            log.warning("rate limits not counted", error=type(error).__name__)
            return True


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
