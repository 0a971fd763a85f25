"""A telephone on a page, for whoever has no account at the provider: it asks our own addresses, signed, as the provider
would, and plays what they answer. Registered on a demo without an account only.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from flask import Blueprint, render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from helpdesk.demo.provider import tell
from helpdesk.intake.phone.voice.prompts import ADDRESS
from helpdesk.intake.phone.voice.recordings import demo_recordings
from helpdesk.pages import parts

bp = Blueprint("telephone", __name__, url_prefix="/demo/telephone")

NUMBER = "06 39 98 12 34"  # of a range kept for fiction
_SID, _ACTION = re.compile(r"CA[0-9a-f]{32}"), re.compile(rf"{ADDRESS}/\d{{1,4}}")
_TYPED = re.compile(r"[0-9*# ]{0,40}")


class TelephoneForm(FlaskForm):
    """What one press sends. `sid` and `action` are of the call as the page shows it."""

    sid = StringField()
    action = StringField()
    number = StringField(default=NUMBER)
    keys = StringField()
    said = TextAreaField()
    seconds = StringField(default="20")


@dataclass(frozen=True)
class Line:
    """What is heard now. `asks`: "keys", "recording" or "" once the line has hung up."""

    lines: list[tuple[str, str]]  # language, sentence
    asks: str
    action: str


@bp.get("/")
def show() -> str:
    """The telephone, hung up."""
    return _page(TelephoneForm(formdata=None), None)


@bp.post("/")
def press() -> Any:
    """Call, answer or hang up."""
    form = TelephoneForm()
    if not form.validate():
        return _page(form, None), 400
    act, sid, action = request.form.get("act", ""), form.sid.data or "", form.action.data or ""
    if act == "call" or not _SID.fullmatch(sid):
        sid, told, address = f"CA{secrets.token_hex(16)}", {"CallStatus": "ringing"}, ADDRESS
    elif act == "hang-up":
        _post(f"{ADDRESS}/etat", form, sid, {"CallStatus": "completed"})
        return _page(TelephoneForm(formdata=None, number=form.number.data), None, ended=True)
    else:
        told, address = _answer(act, form), action if _ACTION.fullmatch(action) else ADDRESS
    line = _read(_post(address, form, sid, told).text)
    if "RecordingSid" in told and form.said.data:
        words = {"RecordingSid": told["RecordingSid"], "TranscriptionText": form.said.data}
        _post("/telephone/transcription", form, sid, {**words, "TranscriptionStatus": "completed"})
    if not line.asks:
        _post(f"{ADDRESS}/etat", form, sid, {"CallStatus": "completed"})
    return _page(TelephoneForm(formdata=None, sid=sid, action=line.action, number=form.number.data), line)


def _answer(act: str, form: TelephoneForm) -> dict[str, str]:
    """As the provider tells it: keys without the hash key, words, or a recording."""
    if act == "record":
        length = form.seconds.data or ""
        seconds = min(int(length), 180) if length.isascii() and length.isdecimal() and len(length) < 4 else 20
        recording = f"RE{secrets.token_hex(16)}"
        url = demo_recordings(parts().settings).keep(recording, seconds)
        return {"RecordingSid": recording, "RecordingUrl": url, "RecordingDuration": str(seconds)}
    if act == "say":
        return {"SpeechResult": (form.said.data or "")[:300]}
    keys = act.removeprefix("key-") if act.startswith("key-") else form.keys.data or ""
    return {"Digits": re.sub(r"[# ]", "", keys) if _TYPED.fullmatch(keys) else ""}


def _post(address: str, form: TelephoneForm, sid: str, told: dict[str, str]) -> Any:
    """One request as the provider sends it."""
    figures = re.sub(r"[^0-9+]", "", form.number.data or "")[:20]
    caller = f"+33{figures[1:]}" if figures.startswith("0") else figures or "anonymous"
    return tell(address, {"CallSid": sid, "From": caller, "CallStatus": "in-progress", **told})


def _read(twiml: str) -> Line:
    response = fromstring(twiml)  # noqa: S314 (our own)
    lines = [(said.get("language", "fr")[:2], said.text or "") for said in response.iter("Say")]
    verb = next((each for each in response if each.tag in ("Gather", "Record")), Element("Hangup"))
    asks = {"Gather": "keys", "Record": "recording"}.get(verb.tag, "")
    return Line(lines, asks, verb.get("action", ""))


def _page(form: TelephoneForm, line: Line | None, *, ended: bool = False) -> str:
    return render_template("demo/telephone.html", form=form, line=line, ended=ended)
