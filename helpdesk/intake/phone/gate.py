"""The door of the provider: what is not signed by it, or not of our account, stays outside."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

import structlog
from flask import Response, request
from flask.typing import ResponseReturnValue

from helpdesk.db import Unavailable, utc_now
from helpdesk.intake.phone.signatures import account_of, secrets_of, valid
from helpdesk.intake.phone.voice.refused import count_refusal
from helpdesk.pages import parts

log = structlog.get_logger()
P = ParamSpec("P")
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def from_provider(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only signed requests of our account in; the others are refused and logged without a word of theirs."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        settings = parts().settings
        account = account_of(settings)
        if not account:
            return _refused("off")
        # The address is that of the settings: what the request says of its host is as a proxy, or a forger, has it.
        query = request.query_string.decode("latin-1")
        url = f"{settings.public_base_url}{request.path}{f'?{query}' if query else ''}"
        if not valid(url, request.form, dict(request.headers), secrets_of(settings)):
            return _refused("signature")
        if request.form.get("AccountSid") != account:
            return _refused("account")
        return view(*args, **kwargs)

    return guarded


def twiml(text: str = NOTHING) -> Response:
    """An answer that the provider reads."""
    return Response(text, content_type="text/xml; charset=utf-8")


def _refused(why: str) -> ResponseReturnValue:
    log.warning("telephone request refused", why=why, path=request.path)
    with suppress(Unavailable):  # to count them is worth less than to refuse them
        count_refusal(why, utc_now())
    return Response("", 403, content_type="text/plain")
