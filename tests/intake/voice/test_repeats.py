"""The provider repeats, reorders and sends at once; others forge. One call is one ticket, and a forgery is none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.db import db, utc_now
from helpdesk.intake.phone.signatures import DEMO_ACCOUNT, SIGNATURE, secrets_of, sign
from helpdesk.intake.phone.voice.refused import refusals
from helpdesk.models import Call, CallBack, Message, Recording, Ticket
from helpdesk.pages import parts_of
from tests.intake.voice.provider import Caller, post, told_of

ADDRESS = "/telephone/appel"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Where transactions really overlap."""
    return postgresql_url


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def at_once(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(work) for work in works]]


def to_tone(caller: Caller) -> Caller:
    return caller.ring().press("69").press("1").press("1").press("1").wait()


def test_the_same_answer_five_times_and_at_once_is_one_ticket(caller: Caller) -> None:
    to_tone(caller)
    told, address = dict(told_of(caller, "RE1", 30)), caller.action

    answers = at_once(*[lambda: caller.post(address, **told)] * 5)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert count(Ticket) == count(Message) == count(Recording) == count(Call) == 1


def test_the_end_and_the_last_answer_at_once_are_one_ticket_with_its_recording(caller: Caller) -> None:
    to_tone(caller)
    told, address = dict(told_of(caller, "RE1", 30)), caller.action

    at_once(
        *[lambda: caller.post(f"{ADDRESS}/etat", CallStatus="completed")] * 2,
        *[lambda: caller.post(address, **told)] * 2,
        *[lambda: caller.post("/telephone/enregistrement", RecordingStatus="completed", **told)] * 2,
    )

    assert count(Ticket) == count(Message) == count(Recording) == 1
    assert count(CallBack) <= 1


def test_a_call_that_begins_five_times_at_once_is_one(caller: Caller) -> None:
    answers = at_once(*[lambda: caller.post(ADDRESS, CallStatus="ringing")] * 5)

    assert len({answer.text for answer in answers}) == 1
    assert count(Call) == 1


def test_an_old_answer_that_comes_again_hears_the_last_question(caller: Caller) -> None:
    caller.ring()
    first = caller.action
    caller.press("69").press("1")
    now = caller.says

    caller.follow(first, Digits="59")

    assert caller.says.endswith(now)
    caller.press("6").press("2").press("4")
    assert db.session.scalars(select(Ticket)).one().academy == "10"


def test_the_end_told_before_the_beginning_leaves_one_call_and_no_ticket(caller: Caller) -> None:
    caller.hang_up()

    assert caller.ring().over
    assert (count(Call), count(Ticket)) == (1, 0)


def test_a_recording_told_of_after_everything_joins_its_ticket_once(caller: Caller) -> None:
    to_tone(caller).hang_up()
    assert (count(Ticket), count(Recording)) == (1, 0)

    told = told_of(caller, "RE1", 30)
    for _ in range(5):
        assert caller.post("/telephone/enregistrement", RecordingStatus="completed", **told).status_code == 204

    assert count(Ticket) == count(Message) == count(Recording) == 1


def test_a_late_recording_of_who_withheld_the_number_still_makes_a_ticket(app: Flask) -> None:
    caller = to_tone(Caller(app, number="anonymous")).hang_up()
    assert count(Ticket) == 0

    caller.post("/telephone/enregistrement", RecordingStatus="completed", **told_of(caller, "RE1", 30))
    caller.post("/telephone/enregistrement", RecordingStatus="completed", **told_of(caller, "RE1", 30))

    assert count(Ticket) == count(Recording) == 1
    db.session.rollback()
    assert db.session.scalars(select(Call)).one().ticket_id is not None


PATHS = [ADDRESS, f"{ADDRESS}/0", f"{ADDRESS}/etat", f"{ADDRESS}/panne", "/telephone/enregistrement",
         "/telephone/transcription"]  # fmt: skip


def test_what_is_forged_is_refused_and_counted(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    settings, said = parts_of(app).settings, "il est en danger"
    form = {"CallSid": "CA1", "AccountSid": DEMO_ACCOUNT, "From": "+33639981234", "SpeechResult": said}
    ours, theirs = secrets_of(settings)[0], "of-somebody-else"

    for path in PATHS:
        elsewhere = {SIGNATURE: sign(f"https://pirate.example{path}", form, ours), "X-Forwarded-Host": "pirate.example"}
        answers = [
            app.test_client().post(path, data=form),
            post(app, path, form, theirs),
            post(app, path, {**form, "AccountSid": "ACother"}, ours),
            app.test_client().post(path, data=form, headers=elsewhere),
            app.test_client().post(path, data={**form, "Digits": "8"}, headers=signed(app, path, form)),
        ]
        assert {answer.status_code for answer in answers} == {403}, path

    assert (count(Call), count(Ticket)) == (0, 0)
    assert refusals(utc_now(), 1) == {"signature": 4 * len(PATHS), "account": len(PATHS)}
    assert said not in caplog.text
    assert "39981234" not in caplog.text


def signed(app: Flask, path: str, form: dict[str, str]) -> dict[str, str]:
    settings = parts_of(app).settings
    return {SIGNATURE: sign(f"{settings.public_base_url}{path}", form, secrets_of(settings)[0])}


def test_a_call_without_a_proper_name_is_told_to_call_again(app: Flask) -> None:
    for sid in ("", "CA" * 60, "CA'; --", "ÇA"):
        caller = Caller(app, sid=sid)
        assert caller.ring().over
        assert "Rappelez dans quelques minutes" in caller.says

    assert count(Call) == 0


def test_words_of_unknown_calls_and_recordings_change_nothing(caller: Caller) -> None:
    told = told_of(caller, "RE9", 3)
    assert caller.post("/telephone/enregistrement", RecordingStatus="completed", **told).status_code == 204
    assert caller.post("/telephone/transcription", RecordingSid="RE9", TranscriptionText="x").status_code == 204
    assert caller.post(f"{ADDRESS}/etat", CallStatus="bavardage").status_code == 204

    assert (count(Call), count(Ticket), count(Recording)) == (0, 0, 0)
