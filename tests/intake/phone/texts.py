"""Text messages as the provider hands them over: its documented parameters, signed."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from helpdesk.intake.phone.signatures import SIGNATURE, account_of, secrets_of, sign
from helpdesk.pages import parts_of
from helpdesk.settings import Settings

LOU = "+33639980111"


def text_of(body: str, sender: str = LOU, sid: str = "SM" + "1" * 32, **more: str) -> dict[str, str]:
    """What the provider says of a text that somebody sent."""
    return {"MessageSid": sid, "From": sender, "To": "+33939010203", "Body": body, "NumMedia": "0", **more}


def signed(settings: Settings, path: str, fields: dict[str, str], secret: str = "") -> dict[str, Any]:
    """Arguments of a client's `post` with which the provider would send these fields."""
    form = {"AccountSid": account_of(settings), **fields}
    signature = sign(f"{settings.public_base_url}{path}", form, secret or secrets_of(settings)[0])
    return {"path": path, "data": form, "headers": {SIGNATURE: signature}}


def send(app: Flask, client: FlaskClient, fields: dict[str, str], path: str = "/telephone/sms") -> Any:
    """Have the provider say it."""
    return client.post(**signed(parts_of(app).settings, path, fields))
