"""What we ask of the provider: to take text messages, and to give up the pictures that came with them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.intake.phone import fetching
from helpdesk.intake.phone.pictures import RETRIES, fetch_pictures
from helpdesk.models import Attachment, Event, TextPicture
from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.outbox.text_states import PictureState
from helpdesk.outbox.texting import FolderTexter, TwilioTexter, texter_for
from helpdesk.settings import Settings, load_settings
from tests.application import Desk
from tests.intake.phone import provider as providers
from tests.intake.phone.provider import ACCOUNT, PNG, TOKEN, Provider
from tests.intake.phone.texts import send, text_of

PUBLIC = {"PUBLIC_BASE_URL": "https://aide.example", "SECRET_KEY": "k" * 40, "SMTP_HOST": "smtp.example"}
TWILIO = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKENS": f"{TOKEN} former", "TEXT_FROM": "+33939010203"}
LIMIT = 1000


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(scope="module")
def _provider() -> Iterator[Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture
def provider(_provider: Provider) -> Provider:
    """One that has heard of nothing yet."""
    for known in (_provider.texts, _provider.answers, _provider.files, _provider.asked):
        known.clear()
    return _provider


def texter_at(provider: Provider, sender: str = "+33939010203") -> TwilioTexter:
    return TwilioTexter(ACCOUNT, TOKEN, sender, provider.url)


def test_a_text_is_handed_over_with_the_address_for_its_reports(provider: Provider) -> None:
    sid = texter_at(provider).send(
        "+33639980111", "L'école ? 😀", name="text-1", report_to="https://aide.example/telephone/sms/etat/1"
    )

    assert sid == "SM" + "1".zfill(32)
    assert provider.texts == [
        {
            "To": "+33639980111",
            "From": "+33939010203",
            "Body": "L'école ? 😀",
            "StatusCallback": "https://aide.example/telephone/sms/etat/1",
        }
    ]


def test_a_messaging_service_and_a_laptop_are_named_as_the_provider_wants_it(provider: Provider) -> None:
    texter_at(provider, "MG1").send("+33639980111", "a", name="text-1", report_to="http://127.0.0.1:8000/x")

    assert provider.texts == [{"To": "+33639980111", "MessagingServiceSid": "MG1", "Body": "a"}]


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (400, '{"code": 21211, "message": "+33639980111 is not a number"}', Refused, "code 21211"),
        (400, '{"code": 21610}', Refused, "STOP"),
        (401, '{"code": 20003}', DeliveryError, "réponse 401"),
        (429, '{"code": 20429}', DeliveryError, "réponse 429"),
        (503, "<html>", DeliveryError, "réponse 503"),
        (200, "[1]", DeliveryError, "réponse 200"),
        (201, '{"sid": null}', DeliveryError, "réponse 201"),
    ],
)
def test_what_the_provider_refuses_is_told_without_its_words(
    provider: Provider, status: int, body: str, kind: type[Exception], said: str
) -> None:
    provider.answers.append((status if status != 201 else 200, body))

    with pytest.raises(DeliveryError, match=said.replace("réponse 201", "réponse 200")) as raised:
        texter_at(provider).send("+33639980111", "a", name="text-1", report_to="")

    assert type(raised.value) is kind
    assert "33639980111" not in str(raised.value)


def test_a_provider_that_is_away_is_tried_again() -> None:
    with pytest.raises(DeliveryError, match="injoignable"):
        TwilioTexter(ACCOUNT, TOKEN, "+33939010203", "http://127.0.0.1:9").send(
            "+33639980111", "a", name="text-1", report_to=""
        )


def test_the_channel_is_off_without_an_account_and_says_so(tmp_path: Path) -> None:
    folder = {"DATA_DIR": str(tmp_path)}

    assert texter_for(load_settings({**PUBLIC, **folder})) is None
    assert isinstance(texter_for(load_settings({**folder})), FolderTexter), "a demo keeps them"
    assert isinstance(texter_for(load_settings({**PUBLIC, **TWILIO, **folder})), TwilioTexter)


def a_picture(app: Flask, client: FlaskClient, url: str) -> None:
    """A text came with a picture that lies at that address."""
    sent = text_of("Voici l'écran, je suis à Lyon", NumMedia="1", MediaUrl0=url, MediaContentType0="image/png")
    assert send(app, client, sent).status_code == 200


def fetch(provider: Provider, desk: Desk, **hosts: tuple[str, ...]) -> TextPicture:
    """Let a worker fetch; gives the picture as it stands then."""
    theirs = fetching.Provider(ACCOUNT, TOKEN, provider.url, **hosts)
    fetch_pictures(theirs, desk.parts.files, LIMIT, utc_now())
    db.session.rollback()
    return db.session.scalars(select(TextPicture)).one()


def test_a_picture_becomes_a_file_of_the_message_and_goes_at_the_provider(
    app: Flask, client: FlaskClient, desk: Desk, provider: Provider
) -> None:
    provider.files = {provider.media(): "/open/1", "/open/1": PNG}
    a_picture(app, client, provider.url + provider.media())

    picture = fetch(provider, desk, hosts=("127.0.0.1",))

    attachment = db.session.scalars(select(Attachment)).one()
    assert picture.state is PictureState.KEPT
    assert (attachment.message_id, attachment.content_type) == (picture.message_id, "image/png")
    assert desk.parts.files.read(attachment.sha256) == PNG
    assert ("GET", "/open/1", False) in provider.asked, "the secret stays with the provider's own address"
    assert provider.media() not in provider.files


@pytest.mark.parametrize(
    ("content", "path", "problem"),
    [
        (b"x" * (LIMIT + 1), "", "trop lourd"),
        ("http://autre.example/x", "", "inconnu"),
        (None, "", "absent"),
        (PNG, "/autre/fichier", "adresse"),
        (PNG, "/2010-04-01/Accounts/ACother/Messages/MM1/Media/ME1", "adresse"),
        (PNG, f"/2010-04-01/Accounts/{ACCOUNT}/../../secret", "adresse"),
    ],
)
def test_what_is_not_to_be_fetched_never_is(
    app: Flask,
    client: FlaskClient,
    desk: Desk,
    provider: Provider,
    content: bytes | str | None,
    path: str,
    problem: str,
) -> None:
    path = path or provider.media()
    if content is not None:
        provider.files[path] = content
    a_picture(app, client, provider.url + path)

    picture = fetch(provider, desk)

    told = db.session.scalars(select(Event.data).where(Event.kind == "picture")).one()
    assert picture.state is PictureState.REFUSED
    assert problem in told["error"]
    assert db.session.scalars(select(Attachment)).all() == []
    if problem == "adresse":
        assert provider.asked == []


def test_another_host_is_never_asked(app: Flask, client: FlaskClient, desk: Desk, provider: Provider) -> None:
    a_picture(app, client, "http://169.254.169.254/latest/meta-data")

    assert fetch(provider, desk).state is PictureState.REFUSED


def test_a_provider_that_is_away_is_asked_again_and_given_up_at_last(
    app: Flask, client: FlaskClient, desk: Desk
) -> None:
    away = fetching.Provider(ACCOUNT, TOKEN, "http://127.0.0.1:9")
    a_picture(app, client, f"http://127.0.0.1:9/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1")
    now, tried = utc_now(), 0

    for pause in (*RETRIES, timedelta(days=1)):
        tried += fetch_pictures(away, desk.parts.files, LIMIT, now)
        now += pause

    assert tried == len(RETRIES) + 1
    assert db.session.scalars(select(TextPicture.state)).one() is PictureState.REFUSED
    assert fetch_pictures(away, desk.parts.files, LIMIT, now + timedelta(days=9)) == 0


def test_a_demo_has_an_account_of_its_own(settings: Settings) -> None:
    from helpdesk.intake.phone.signatures import account_of, secrets_of

    assert settings.demo
    assert account_of(settings)
    assert len(secrets_of(settings)) == 1
    off = load_settings({**PUBLIC, "DATA_DIR": str(settings.data_dir)})
    assert (account_of(off), secrets_of(off)) == ("", ())
