"""What administrators are told of the telephone."""

from pathlib import Path

import pytest
from flask import Flask

from helpdesk.cli.checks import Result, checks
from helpdesk.errors import ConfigError
from helpdesk.settings import Settings, load_settings
from tests.intake.voice.provider import Caller, post

ACCOUNT = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKENS": "new old", "CALL_NUMBER": "09 99 99 99 99"}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Those of a site with an account, whose secret is being changed."""
    return load_settings({"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, **ACCOUNT})


def told(app: Flask) -> Result:
    return next(result for result in checks(app) if result.name == "Téléphone")


def test_calls_errors_and_a_wrong_secret_are_told(app: Flask) -> None:
    forged = {"CallSid": "CA1", "AccountSid": "AC1"}
    assert post(app, "/telephone/appel", forged, "wrong").status_code == 403
    assert told(app).wrong
    assert "1 requête(s) refusée(s) et aucun appel : vérifiez TWILIO_AUTH_TOKENS" in told(app).text

    caller = Caller(app).ring()
    assert told(app) == Result("Téléphone", "on", "depuis 7 jours : 1 appel(s), 1 requête(s) refusée(s)")

    caller.follow("/telephone/appel/panne", ErrorCode="11200<script>")
    assert told(app).wrong
    assert "erreur 11200script de l’opérateur (1 appel(s))" in told(app).text


def test_both_secrets_are_taken_while_one_is_being_changed(app: Flask) -> None:
    form = {"CallSid": "CA1", "AccountSid": "AC1", "From": "+33639981234"}

    assert [post(app, "/telephone/appel", form, secret).status_code for secret in ("new", "old", "older")] == [
        200, 200, 403,
    ]  # fmt: skip


def test_a_site_with_an_account_has_no_telephone_on_a_page(app: Flask) -> None:
    assert app.test_client().get("/demo/telephone/").status_code == 404


def test_a_number_without_an_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="CALL_NUMBER : il manque TWILIO_ACCOUNT_SID"):
        load_settings({"DATA_DIR": str(tmp_path), "CALL_NUMBER": "09 99 99 99 99"})
