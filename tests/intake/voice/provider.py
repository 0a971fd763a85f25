"""The provider of the telephone, as tests play it: it asks our addresses with its parameters, signed, and reads what we
answer with a parser, verb by verb. The tables are those of its documentation of TwiML.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from flask import Flask

from helpdesk.intake.phone.signatures import SIGNATURE, account_of, secrets_of, sign
from helpdesk.pages import parts_of

# Verb → its attributes → the values that are allowed; None: any text.
VERBS: dict[str, dict[str, set[str] | None]] = {
    "Response": {},
    "Say": {"voice": None, "loop": None, "language": {"fr-FR", "en-GB"}},
    "Gather": {
        "action": None,
        "method": {"GET", "POST"},
        "input": {"dtmf", "speech", "dtmf speech"},
        "timeout": None,
        "speechTimeout": None,
        "finishOnKey": None,
        "numDigits": None,
        "actionOnEmptyResult": {"true", "false"},
        "language": {"fr-FR", "en-GB"},
        "hints": None,
    },
    "Record": {
        "action": None,
        "method": {"GET", "POST"},
        "timeout": None,
        "finishOnKey": None,
        "maxLength": None,
        "playBeep": {"true", "false"},
        "trim": {"trim-silence", "do-not-trim"},
        "recordingStatusCallback": None,
        "recordingStatusCallbackMethod": {"GET", "POST"},
        "recordingStatusCallbackEvent": {"in-progress", "completed", "absent"},
    },
    "Redirect": {"method": {"GET", "POST"}},
    "Hangup": {},
}
INSIDE = {"Response": {"Say", "Gather", "Record", "Redirect", "Hangup"}, "Gather": {"Say"}}
SAID_AT_MOST = 4096  # characters of one Say


def read_twiml(text: str) -> Element:
    """The document; fails where the provider would not take it."""
    response = fromstring(text)
    assert response.tag == "Response"
    for element in response.iter():
        allowed = VERBS[element.tag]
        for name, value in element.attrib.items():
            assert name in allowed, f"{element.tag} has no attribute {name}"
            values = allowed[name]
            assert values is None or value in values, f"{element.tag} {name}={value}"
        assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
        if element.tag == "Say":
            assert 0 < len((element.text or "").strip()) <= SAID_AT_MOST
        for number in ("timeout", "numDigits", "maxLength"):
            assert element.get(number, "1").isdecimal()
    return response


class Caller:
    """One call. Each step answers what the line said last; `says` is what is heard now, `over` whether it hung up."""

    def __init__(
        self, app: Flask, number: str = "+33639981234", sid: str = "CA00000000000000000000000000000001"
    ) -> None:
        self._app, self.number, self.sid = app, number, sid
        self.says, self.over = "", False
        self._verb = Element("Hangup")

    def ring(self) -> "Caller":
        return self.follow("/telephone/appel", CallStatus="ringing")

    def press(self, keys: str) -> "Caller":
        """Keys, without the hash key, which the provider takes away."""
        return self.follow(self.action, Digits=keys)

    def say(self, words: str) -> "Caller":
        return self.follow(self.action, SpeechResult=words, Confidence="0.91")

    def wait(self) -> "Caller":
        """Say and press nothing. Recording silence, the provider goes on below."""
        return self.follow(self.action) if self._verb.tag == "Record" else self.follow(self.action, Digits="")

    def record(self, recording: str = "RE1", seconds: int = 42, keys: str = "") -> "Caller":
        assert self._verb.tag == "Record", self.says
        return self.follow(self.action, **told_of(self, recording, seconds), Digits=keys)

    def hang_up(self, status: str = "completed") -> "Caller":
        assert self.post("/telephone/appel/etat", CallStatus=status).status_code == 204
        return self

    @property
    def action(self) -> str:
        return self._verb.attrib["action"]

    @property
    def records(self) -> bool:
        return self._verb.tag == "Record"

    @property
    def keys(self) -> int:
        """How many keys the line waits for; 0: up to the hash key."""
        return int(self._verb.get("numDigits", "0"))

    def follow(self, path: str, **told: str) -> "Caller":
        answer = self.post(path, **told)
        assert answer.status_code == 200, answer.text
        assert answer.content_type.startswith("text/xml")
        response = read_twiml(answer.text)
        self.says = " ".join(said.text or "" for said in response.iter("Say"))
        self._verb = next((each for each in response if each.tag in ("Gather", "Record", "Hangup")), Element("Hangup"))
        self.over = self._verb.tag == "Hangup"
        return self

    def post(self, path: str, **told: str) -> Any:
        settings = parts_of(self._app).settings
        form = {"CallSid": self.sid, "AccountSid": account_of(settings), "From": self.number, "To": "+33800000000",
                "Direction": "inbound", "ApiVersion": "2010-04-01", "CallStatus": "in-progress", **told}  # fmt: skip
        return post(self._app, path, form, secrets_of(settings)[0])


def told_of(caller: Caller, recording: str, seconds: int) -> Mapping[str, str]:
    """What the provider tells of a recording."""
    account = account_of(parts_of(caller._app).settings)
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{recording}"
    return {"RecordingSid": recording, "RecordingUrl": url, "RecordingDuration": str(seconds)}


def post(app: Flask, path: str, form: Mapping[str, str], secret: str, **headers: str) -> Any:
    """One request of the provider's, signed with the secret."""
    url = f"{parts_of(app).settings.public_base_url}{path}"
    return app.test_client().post(path, data=form, headers={SIGNATURE: sign(url, form, secret), **headers})
