"""Text messages, as the provider hands them over and reports on ours. Answered at once; the work is done by workers."""

from datetime import timedelta

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from helpdesk.db import Unavailable, utc_now
from helpdesk.files import StorageFull
from helpdesk.intake.phone.gate import from_provider, twiml
from helpdesk.intake.phone.text_form import Command, read_text
from helpdesk.intake.phone.text_messages import Periods, start, stop, take
from helpdesk.outbox.reports import reported
from helpdesk.outbox.text_states import read_state
from helpdesk.pages import parts

log = structlog.get_logger()
bp = Blueprint("texts", __name__, url_prefix="/telephone/sms")


@bp.post("")
@from_provider
def receive_text() -> ResponseReturnValue:
    """A text from a person. The same one again changes nothing. What could not be kept answers 503: the provider then
    shows it as failed, and asks the second address of its settings if there is one.
    """
    text, settings = read_text(request.form), parts().settings
    if text is None:
        return twiml()
    periods = Periods(timedelta(days=settings.text_thread_days), timedelta(days=settings.reopen_days))
    try:
        if text.command is Command.STOP:
            stop(text.sender, utc_now())
        elif text.command is Command.START:
            start(text.sender, utc_now())
        else:
            take(text, parts().routing, parts().files, periods, utc_now())
            parts().dispatcher.wake()
    except (Unavailable, StorageFull) as error:
        log.error("text message not kept", error=type(error).__name__)
        return twiml(), 503
    return twiml()


@bp.post("/etat/<int(max=9007199254740991):outgoing_id>")
@from_provider
def report(outgoing_id: int) -> ResponseReturnValue:
    """What became of a text of ours. Unknown words and rows change nothing."""
    form = request.form
    state, sid = read_state(form.get("MessageStatus", "")), form.get("MessageSid", "")
    if state is not None and sid:
        reported(outgoing_id, sid[:40], state, form.get("ErrorCode", "")[:20], utc_now())
    return "", 204
