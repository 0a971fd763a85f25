"""What the provider does next, in its own XML: say, ask for keys or words, record, hang up."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
_SPEECH_WAIT = "auto"


@dataclass(frozen=True)
class Voice:
    """`language` is ours ("fr"); `name` a voice of the provider's, or empty for its usual one."""

    language: str
    name: str = ""

    @property
    def code(self) -> str:
        return _LANGUAGES[self.language]


def ask(lines: Sequence[str], voice: Voice, action: str, *, wait: int, keys: int | None = None) -> str:
    """Say, and wait for keys (that many, or up to the hash key) or for speech; the answer, silence too, goes to
    `action`.
    """
    response = Element("Response")
    gather = SubElement(
        response,
        "Gather",
        {
            "input": "dtmf speech",
            "action": action,
            "method": "POST",
            "timeout": str(wait),
            "speechTimeout": _SPEECH_WAIT,
            "finishOnKey": "#",
            "actionOnEmptyResult": "true",
            "language": voice.code,
        },
    )
    if keys:
        gather.set("numDigits", str(keys))
    _say(gather, lines, voice)
    return _written(response)


def record(lines: Sequence[str], voice: Voice, action: str, *, told_to: str, longest: int, silence: int) -> str:
    """Say, and record after a tone. Without a word said the provider goes on below: to `action` as well."""
    response = Element("Response")
    _say(response, lines, voice)
    attributes = {
        "action": action,
        "method": "POST",
        "maxLength": str(longest),
        "timeout": str(silence),
        "finishOnKey": "#",
        "playBeep": "true",
        "recordingStatusCallback": told_to,
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed",
    }
    SubElement(response, "Record", attributes)
    SubElement(response, "Redirect", {"method": "POST"}).text = action
    return _written(response)


def hang_up(lines: Sequence[str], voice: Voice) -> str:
    """Say, and end the call."""
    response = Element("Response")
    _say(response, lines, voice)
    SubElement(response, "Hangup")
    return _written(response)


def _say(parent: Element, lines: Sequence[str], voice: Voice) -> None:
    """A line that begins with a language in brackets (« [en] ») is said in that one, whatever the rest is said in."""
    for line in lines:
        marked = next((code for code in _LANGUAGES if line.startswith(f"[{code}] ")), "")
        attributes = {"language": _LANGUAGES[marked or voice.language]}
        if voice.name and not marked:
            attributes["voice"] = voice.name
        SubElement(parent, "Say", attributes).text = line.removeprefix(f"[{marked}] ")


def _written(response: Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(response, encoding="unicode")
