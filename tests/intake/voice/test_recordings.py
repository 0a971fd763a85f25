"""What callers said: fetched with the account's secret from the provider alone, deleted there, transcribed, erased."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.phone.fetching import Provider
from helpdesk.intake.phone.voice.recordings import RETRIES, AtProvider, fetch_recordings
from helpdesk.intake.phone.voice.states import RecordingState
from helpdesk.models import Attachment, Call, CallBack, Event, Message, Recording, Ticket
from helpdesk.tickets import actions, history
from helpdesk.tickets.erasing import erase
from helpdesk.vocabulary import Priority
from tests.application import Desk
from tests.intake.phone import provider as providers
from tests.intake.voice.provider import Caller

MP3 = b"ID3\x04" + b"\0" * 200
LIMIT = 1000
SECRET = providers.TOKEN


@pytest.fixture(scope="module")
def _server() -> Iterator[providers.Provider]:
    with providers.running() as server:
        yield server


@pytest.fixture
def server(_server: providers.Provider) -> providers.Provider:
    _server.files.clear()
    _server.asked.clear()
    return _server


@pytest.fixture
def source(server: providers.Provider) -> AtProvider:
    return AtProvider(Provider(providers.ACCOUNT, SECRET, server.url, ("127.0.0.1",)))


def path(sid: str = "RE1") -> str:
    return f"/2010-04-01/Accounts/{providers.ACCOUNT}/Recordings/{sid}"


def call(app: Flask, url: str, place: str = "69", topic: str = "6") -> Ticket:
    """A call that left a recording at the address."""
    caller = Caller(app).ring()
    for keys in (place, "1", topic, "1", ""):
        caller.press(keys)
    caller.follow(caller.action, RecordingSid="RE1", RecordingUrl=url, RecordingDuration="20")
    db.session.rollback()
    return db.session.scalars(select(Ticket)).one()


def look(source: AtProvider, desk: Desk, now: datetime | None = None) -> Recording:
    db.session.rollback()
    fetch_recordings(source, desk.parts.files, LIMIT, now or utc_now())
    db.session.rollback()
    return db.session.scalars(select(Recording)).one()


def heard() -> list[Attachment]:
    return list(db.session.scalars(select(Attachment)))


def test_a_recording_is_fetched_kept_and_deleted_there(
    app: Flask, desk: Desk, server: providers.Provider, source: AtProvider
) -> None:
    """The provider leads on to its store, which is not told the secret."""
    server.files |= {f"{path()}.mp3": f"{server.url}/open/sound", "/open/sound": MP3, f"{path()}.json": b"{}"}
    ticket = call(app, server.url + path())

    assert look(source, desk).state is RecordingState.DONE

    (attachment,) = heard()
    assert (attachment.name, attachment.content_type) == ("message-vocal.mp3", "audio/mpeg")
    assert desk.parts.files.read(attachment.sha256) == MP3
    assert attachment.message_id == ticket.messages[0].id
    assert server.asked == [
        ("GET", f"{path()}.mp3", True),
        ("GET", "/open/sound", False),
        ("DELETE", f"{path()}.json", True),
    ]
    assert f"{path()}.json" not in server.files


def test_a_recording_that_is_not_ready_is_asked_for_again(
    app: Flask, desk: Desk, server: providers.Provider, source: AtProvider
) -> None:
    call(app, "http://127.0.0.1:9" + path())
    elsewhere = AtProvider(Provider(providers.ACCOUNT, SECRET, "http://127.0.0.1:9", ()))

    waiting = look(elsewhere, desk)
    assert (waiting.state, waiting.attempts) == (RecordingState.PENDING, 1)
    assert "injoignable" in waiting.error
    with transaction() as session:
        session.get_one(Recording, waiting.id).url = server.url + path()
    server.files[f"{path()}.mp3"] = MP3

    assert look(source, desk).state is RecordingState.PENDING  # not before its time
    assert look(source, desk, utc_now() + RETRIES[0] + timedelta(seconds=1)).state is RecordingState.DONE


@pytest.mark.parametrize("where", ["another host", "a way up", "gone", "too large", "led away"])
def test_what_will_not_come_is_refused_and_told(
    app: Flask, desk: Desk, server: providers.Provider, source: AtProvider, where: str
) -> None:
    server.files |= {f"{path('RE2')}.mp3": b"x" * (LIMIT + 1), f"{path('RE3')}.mp3": "http://localhost:1/x"}
    url = {
        "another host": "http://169.254.169.254/latest",
        "a way up": f"{server.url}{path()}/../../../secret",
        "gone": server.url + path(),
        "too large": server.url + path("RE2"),
        "led away": server.url + path("RE3"),
    }[where]
    ticket = call(app, url)

    assert look(source, desk).state is RecordingState.REFUSED

    assert heard() == []
    told = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == history.RECORDING)).one()
    assert told.data["error"]
    if where in ("another host", "a way up"):
        assert server.asked == []


def test_what_is_here_and_not_deleted_there_is_tried_again(
    app: Flask, desk: Desk, server: providers.Provider, source: AtProvider
) -> None:
    server.files[f"{path()}.mp3"] = MP3
    call(app, server.url + path())
    with transaction() as session:
        recording = session.scalars(select(Recording)).one()
        recording.state, recording.url = RecordingState.KEPT, "http://127.0.0.1:9" + path()
    unreachable = AtProvider(Provider(providers.ACCOUNT, SECRET, "http://127.0.0.1:9", ()))

    assert look(unreachable, desk).state is RecordingState.KEPT
    assert heard() == []  # nothing is fetched twice


def transcribe(app: Flask, text: str) -> None:
    caller = Caller(app)
    for _ in range(2):
        answer = caller.post("/telephone/transcription", RecordingSid="RE1", TranscriptionText=text)
        assert answer.status_code == 204
    db.session.rollback()


def test_a_transcript_is_marked_and_stands_there_once(app: Flask, desk: Desk) -> None:
    ticket = call(app, "x")

    transcribe(app, "<b>Bonjour</b>, mon mot de passe est : Soleil2026\x00")

    words = desk.read(ticket.reference).messages[1].text
    assert words.startswith("Transcription automatique")
    assert "<b>Bonjour</b>" in words
    assert "Soleil2026" not in words
    assert len(desk.read(ticket.reference).messages) == 2


def test_a_transcript_that_tells_of_danger_makes_the_ticket_urgent(app: Flask, desk: Desk) -> None:
    ticket = call(app, "x")

    transcribe(app, "Mon mari me frappe devant les enfants, j’ai peur pour eux.")

    assert desk.read(ticket.reference).priority is Priority.URGENT
    assert desk.read(ticket.reference).service.slug == "protection-nationale"


def test_a_transcript_moves_no_ticket_that_an_agent_has_taken(app: Flask, desk: Desk) -> None:
    ticket = call(app, "x")
    actions.take(desk.agent(), ticket.reference, utc_now())

    transcribe(app, "Mon mari me frappe devant les enfants, j’ai peur pour eux.")

    assert desk.read(ticket.reference).service.slug == "assistance-10"


def test_erasing_a_ticket_takes_voice_number_and_words(app: Flask, desk: Desk) -> None:
    ticket = call(app, "x")

    with transaction() as session:
        erase(session, [session.get_one(Ticket, ticket.id)], utc_now())

    db.session.rollback()
    assert db.session.scalars(select(Call)).one().number == ""
    assert db.session.scalars(select(Call)).one().talk == {}
    assert Caller(app).ring().over
    assert db.session.scalar(select(Recording)) is db.session.scalar(select(CallBack)) is None
    assert {message.text for message in db.session.scalars(select(Message))} == {""}
