"""Text messages that come at the same moment, on both databases."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models import Event, Outgoing, TextStop, Ticket
from helpdesk.outbox.texting import FolderTexter, Texter
from tests.intake.phone.texts import LOU, send, text_of


@pytest.fixture
def texter(tmp_path: Path) -> Texter | None:
    return FolderTexter(tmp_path / "texts")


def at_once(app: Flask, body: str) -> list[int]:
    """What the provider is answered when it says the same thing five times at the same moment."""
    answers: list[int] = []

    def tell() -> None:
        answers.append(send(app, app.test_client(), text_of(body)).status_code)

    threads = [threading.Thread(target=tell) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_five_at_the_same_moment_are_one_ticket_and_one_stop(app: Flask) -> None:
    asked = at_once(app, "je suis à Lyon 69003 et rien ne marche")
    stopped = at_once(app, "STOP")

    assert (asked, stopped) == ([200] * 5, [200] * 5)
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Ticket, TextStop)] == [1, 1]
    assert db.session.scalar(select(func.count()).where(Outgoing.to_address == LOU)) == 1
    assert db.session.scalar(select(func.count()).where(Event.kind == "texts-stopped")) == 1
