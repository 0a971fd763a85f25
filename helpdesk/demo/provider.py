"""The provider of the telephone, played by the demo: its requests, signed as it signs them, to this application."""

import contextvars
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask.testing import FlaskClient

from helpdesk.intake.phone.signatures import SIGNATURE, account_of, secrets_of, sign
from helpdesk.pages import parts


def tell(address: str, told: Mapping[str, str]) -> Any:
    """Send one request, and give the answer; it knows nothing of the page's own request."""
    settings = parts().settings
    fields = {"AccountSid": account_of(settings), **told}
    headers = {SIGNATURE: sign(f"{settings.public_base_url}{address}", fields, secrets_of(settings)[0])}
    client = FlaskClient(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own method
    return contextvars.Context().run(client.post, address, data=fields, headers=headers)
