"""Fetching what lies at the provider of the telephone: pictures and recordings. From its hosts only, in bounded time
and size: an address in a request could else make this server read whatever it can reach.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

TIMEOUT = 20  # seconds without a byte
LONGEST = 120.0  # seconds in all: who sends a byte from time to time does not hold a worker
PORTION = 64 * 1024


class NotFetched(Exception):
    """It is not here, and may be later. The text holds no personal data."""


class Never(NotFetched):
    """It will not come: another host, gone, or too large."""


@dataclass(frozen=True)
class Provider:
    """Where its files lie. `api` is asked with the account's secret; it may send on to `hosts` (and what is below
    them), which get no secret.
    """

    account: str
    token: str
    api: str = "https://api.twilio.com"
    hosts: tuple[str, ...] = ("twilio.com", "twiliocdn.com")

    def owns(self, url: str) -> bool:
        """Whether the address is of this account at the provider's."""
        return url.startswith(f"{self.api}/2010-04-01/Accounts/{self.account}/") and ".." not in url


def fetch(provider: Provider, url: str, limit: int) -> bytes:
    """The bytes, `limit` of them at most. Raises Never or NotFetched."""
    with _opened(provider, url, "GET") as answer:
        content, end = b"", monotonic() + LONGEST
        try:
            while portion := answer.read(PORTION):
                content += portion
                if len(content) > limit:
                    raise Never("fichier trop lourd")
                if monotonic() > end:
                    raise NotFetched("fichier trop lent")
        except (OSError, HTTPException) as error:
            raise NotFetched(f"fichier interrompu ({type(error).__name__})") from error
    return content


def remove(provider: Provider, url: str) -> None:
    """Have it deleted there; what is gone already is fine. Raises NotFetched."""
    try:
        _opened(provider, url, "DELETE").close()
    except Never:
        return


class _SameProvider(HTTPRedirectHandler):
    """Goes on to the provider's own hosts, without the secret."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request:
        if not _is_of(newurl, self._provider.hosts, urlsplit(self._provider.api).scheme):
            raise Never("fichier renvoyé chez un inconnu")
        return Request(newurl)  # noqa: S310 (scheme and host are looked at above)


def _opened(provider: Provider, url: str, method: str) -> Any:
    if not provider.owns(url):
        raise Never("adresse qui n’est pas celle de l’opérateur")
    secret = base64.b64encode(f"{provider.account}:{provider.token}".encode()).decode()
    asked = Request(url, headers={"Authorization": f"Basic {secret}"}, method=method)  # noqa: S310 (of the provider, see above)
    try:
        # No proxy of the environment: nothing else reads it.
        return build_opener(ProxyHandler({}), _SameProvider(provider)).open(asked, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        if error.code in (404, 410):
            raise Never("fichier absent chez l’opérateur") from error
        raise NotFetched(f"réponse {error.code} de l’opérateur") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotFetched(f"opérateur injoignable ({type(error).__name__})") from error


def _is_of(url: str, hosts: Iterable[str], scheme: str) -> bool:
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == scheme and any(name == host or name.endswith(f".{host}") for host in hosts)
