"""Whether a request comes from the provider of the telephone: each is signed with a secret that only both know."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from helpdesk.settings import Settings

SIGNATURE = "X-Twilio-Signature"
DEMO_ACCOUNT = "ACdemonstration"


def valid(url: str, form: Mapping[str, str], headers: Mapping[str, str], secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signed this request.

    `url` is the address as the provider asked for it: the public one, with the raw query. `form` may hold several
    values for a name (a MultiDict). Both the older signature (SHA-1) and that of shared keys (SHA-256) are known.
    """
    from twilio.request_validator import (  # type: ignore[import-untyped]
        SIGNATURE_SETTINGS_HEADER,
        RequestValidator,
        get_signature_algorithm,
    )

    signature, algorithm = headers.get(SIGNATURE, ""), get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
    if not signature:
        return False
    return any(RequestValidator(secret).validate(url, form, signature, algorithm) for secret in secrets)


def sign(url: str, form: Mapping[str, str], secret: str) -> str:
    """The signature of a request that the demo sends to itself, and that tests send as the provider does."""
    from twilio.request_validator import RequestValidator

    return str(RequestValidator(secret).compute_signature(url, form))


def account_of(settings: Settings) -> str:
    """The account whose requests are taken; empty: the channel is off. A demo without an account has one of its own."""
    return settings.twilio_account_sid or (DEMO_ACCOUNT if settings.demo else "")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What its requests are signed with, the present secret first."""
    if settings.twilio_account_sid:
        return settings.twilio_auth_tokens
    return (hmac.digest(settings.secret_key.encode(), b"telephone", hashlib.sha256).hex(),) if settings.demo else ()
