"""The link by which a person follows a request without an account.

Its secret is computed from the server's key, never stored: a copy of the database opens no request. Raising the
ticket's `link_version` ends the links already sent.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

FOLLOW_UP, OPINION = "follow-up", "opinion"  # what a link opens; none opens the other


def link_secret(key: str, reference: str, link_version: int, purpose: str = FOLLOW_UP) -> str:
    """22 characters (128 bits) that go into the address of the follow-up page, or of another page of the request."""
    signed = hmac.digest(key.encode(), f"{purpose}\n{reference}\n{link_version}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(signed[:16]).decode().rstrip("=")


def opens(secret: str, keys: Sequence[str], reference: str, link_version: int, purpose: str = FOLLOW_UP) -> bool:
    """Whether the secret was made with one of the keys; in constant time for each."""
    return any(
        hmac.compare_digest(
            link_secret(key, reference, link_version, purpose).encode(), secret.encode("utf-8", "replace")
        )
        for key in keys
    )
