"""Calls, as the provider hands them over: every answer at once, so that nobody waits on the line."""

from collections.abc import Callable

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from helpdesk.db import Unavailable, utc_now
from helpdesk.files import StorageFull
from helpdesk.intake.phone.gate import from_provider, twiml
from helpdesk.intake.phone.voice import line, transcripts
from helpdesk.intake.phone.voice.hearing import read_heard
from helpdesk.intake.phone.voice.prompts import ADDRESS, apology
from helpdesk.pages import parts
from helpdesk.people.phones import read_phone

log = structlog.get_logger()
bp = Blueprint("voice", __name__)

LONGEST_TRANSCRIPT = 20_000  # characters


@bp.post(ADDRESS)
@from_provider
def ring() -> ResponseReturnValue:
    """Somebody calls."""
    return _spoken(lambda: line.ring(parts(), _sid(), _number(), utc_now()))


@bp.post(f"{ADDRESS}/<int(max=9999):turn>")
@from_provider
def hear(turn: int) -> ResponseReturnValue:
    """The answer to a question: keys, words, a recording, or silence."""
    heard = read_heard(request.form)
    return _spoken(lambda: line.hear(parts(), _sid(), _number(), turn, heard, utc_now()))


@bp.post(f"{ADDRESS}/panne")
@from_provider
def fail() -> ResponseReturnValue:
    """The second address in the settings of the number: the first one did not answer as it should."""
    code = "".join(filter(str.isalnum, request.form.get("ErrorCode", "")))[:20]
    return _spoken(lambda: line.fail(parts(), _sid(), _number(), code, utc_now()))


@bp.post(f"{ADDRESS}/etat")
@from_provider
def status() -> ResponseReturnValue:
    """What becomes of a call: only its end matters."""
    told = request.form.get("CallStatus", "")
    if told == "completed" or told in line.FAILURES:
        _kept(lambda: line.end(parts(), _sid(), _number(), told, utc_now()))
    return "", 204


@bp.post("/telephone/enregistrement")
@from_provider
def recording() -> ResponseReturnValue:
    """A recording is ready."""
    heard = read_heard(request.form)
    if request.form.get("RecordingStatus", "completed") == "completed":
        _kept(lambda: line.recorded(parts(), _sid(), heard, utc_now()))
    return "", 204


@bp.post("/telephone/transcription")
@from_provider
def transcription() -> ResponseReturnValue:
    """The words of a recording, as a machine understood them."""
    text = request.form.get("TranscriptionText", "")[:LONGEST_TRANSCRIPT]
    if request.form.get("TranscriptionStatus", "completed") == "completed":
        recording_sid = request.form.get("RecordingSid", "")[:64]
        _kept(lambda: transcripts.add_transcript(parts(), recording_sid, text, utc_now()))
    return "", 204


def _spoken(work: Callable[[], str]) -> ResponseReturnValue:
    """What the caller hears; if nothing can be kept, that."""
    if not _sid():
        return twiml(apology(parts()))
    try:
        return twiml(work())
    except (Unavailable, StorageFull) as error:
        log.error("call not kept", error=type(error).__name__)
        return twiml(apology(parts()))


def _kept(work: Callable[[], object]) -> None:
    """Raises Unavailable, which answers 503: the provider's log shows it, and our duty ends what was lost."""
    if _sid():
        work()


def _sid() -> str:
    sid = request.form.get("CallSid", "")
    return sid if sid.isascii() and sid.isalnum() and len(sid) <= 64 else ""


def _number() -> str:
    """E.164 of who calls; empty where it is withheld, or no number."""
    said = request.form.get("From", "")
    phone = read_phone(said) if said.startswith("+") else None
    return phone.e164 if phone and not phone.short else ""
