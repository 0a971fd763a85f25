"""Robots are kept out without asking people anything; a person taken for one loses nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import func, select

from helpdesk.db import db, utc_now
from helpdesk.duties import do_due
from helpdesk.limits import RateLimits
from helpdesk.models import Hit, Ticket
from helpdesk.pages import parts_of
from tests.application import MONDAY, field_in
from tests.intake.forms import filled

KEY = "k" * 40


@pytest.fixture
def slow(app: Flask) -> None:
    """As in service: three seconds at least."""
    parts = parts_of(app)
    app.extensions["helpdesk"] = replace(parts, settings=replace(parts.settings, form_seconds=3))


def shown_at(moment: datetime) -> str:
    """What a page that was made at that moment holds."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(moment.timestamp())

    return Then([KEY], salt="robots").sign("request-form").decode()


def tickets() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


@pytest.mark.usefixtures("slow")
def test_a_form_sent_at_once_comes_back_as_it_was_and_is_accepted_later(client: FlaskClient) -> None:
    fields = filled(client)

    refused = client.post("/demande", data=fields)

    assert refused.status_code == 422
    assert "Vous avez été très rapide" in refused.text
    assert fields["text"].split("\n")[0] in refused.text
    assert tickets() == 0
    later = {**fields, "shown_at": shown_at(utc_now() - timedelta(seconds=4))}
    assert client.post("/demande", data=later).status_code == 303
    assert tickets() == 1


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("said", ["", "demain", shown_at(MONDAY)[:-3] + "abc", "\x00é"])
def test_a_moment_that_we_did_not_sign_proves_nothing(client: FlaskClient, said: str) -> None:
    assert client.post("/demande", data={**filled(client), "shown_at": said}).status_code == 422
    assert tickets() == 0


def test_whoever_fills_in_the_hidden_field_is_asked_again_with_the_field_empty(client: FlaskClient) -> None:
    trapped = client.post("/demande", data={**filled(client), "remarks": "https://casino.example"})

    assert trapped.status_code == 422
    assert "casino" not in trapped.text
    assert field_in(trapped.text, "token")
    assert tickets() == 0
    assert client.post("/demande", data={**filled(client), "remarks": ""}).status_code == 303


def test_a_limit_outlives_the_process_and_ends_with_its_window(app: Flask) -> None:
    for _ in range(2):
        assert RateLimits("", KEY).allow("2 per hour", "form", "192.0.2.1")  # each time as after a restart

    assert not RateLimits("", KEY).allow("2 per hour", "form", "192.0.2.1")
    assert RateLimits("", KEY).allow("2 per hour", "form", "192.0.2.2")
    assert RateLimits("", KEY).allow("2 per hour", "sign-in", "192.0.2.1")
    assert "192.0.2.1" not in str(db.session.scalars(select(Hit.visitor)).all())

    do_due(parts_of(app), utc_now() + timedelta(hours=2))

    assert RateLimits("", KEY).allow("2 per hour", "form", "192.0.2.1")
    assert db.session.scalar(select(func.count()).select_from(Hit)) == 1
