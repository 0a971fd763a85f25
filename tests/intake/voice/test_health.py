"""What administrators are told of the telephone."""

import base64
import hmac
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.errors import ConfigError
from helpdesk.health import Result, checks
from helpdesk.pages import parts_of
from helpdesk.settings import Settings, load_settings
from tests.intake.voice.provider import Caller, post

SHARED_KEY = "X-Twilio-Webhooks-Signature-Settings"
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


@pytest.mark.parametrize(
    ("algorithm", "settings_header"), [("sha1", {}), ("sha256", {SHARED_KEY: "key=SK1,algorithm=HMAC_SHA256"})]
)
def test_signatures_are_made_as_the_provider_says(app: Flask, algorithm: str, settings_header: dict[str, str]) -> None:
    """The public address and all parameters in order, each with its value, under the secret."""
    path = "/telephone/appel?langue=fr%20"
    form = {"From": "+33639981234", "CallSid": "CA1", "AccountSid": "AC1", "Body": "é"}
    signed = parts_of(app).settings.public_base_url + path + "".join(f"{name}{form[name]}" for name in sorted(form))
    signature = base64.b64encode(hmac.digest(b"new", signed.encode(), algorithm)).decode()

    headers = {"X-Twilio-Signature": signature, **settings_header}
    assert app.test_client().post(path, data=form, headers=headers).status_code == 200
    assert app.test_client().post(path.replace("fr", "en"), data=form, headers=headers).status_code == 403


def test_a_site_with_an_account_has_no_telephone_on_a_page(app: Flask) -> None:
    assert app.test_client().get("/demo/telephone/").status_code == 404


def test_a_number_without_an_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="CALL_NUMBER : il manque TWILIO_ACCOUNT_SID"):
        load_settings({"DATA_DIR": str(tmp_path), "CALL_NUMBER": "09 99 99 99 99"})
