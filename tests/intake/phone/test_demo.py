"""Text messages on the demo: written as a person would, and read before they would leave."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.outbox.texting import Texter, texter_for
from helpdesk.settings import Settings
from tests.application import Desk, post
from tests.workspace.pages import main_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def texter(settings: Settings) -> Texter | None:
    """As on a laptop."""
    return texter_for(settings)


def write(client: FlaskClient, words: str, number: str = "06 39 98 12 34") -> str:
    """The page after a text was written."""
    answer = post(client, "/demo/sms/", {"number": number, "words": words})
    return main_of(client.get(answer.location) if answer.status_code == 303 else answer)


def test_a_text_is_answered_on_the_page(client: FlaskClient, desk: Desk) -> None:
    page = write(client, "Je suis à Lyon 69003 et mon code n'arrive pas")

    assert "Votre SMS est arrivé." in page
    assert "À +33639981234" in page
    assert "Assistance ÉduConnect : demande EC-" in page


@pytest.mark.parametrize(
    ("words", "number", "problem"),
    [("", "06 39 98 12 34", "Il manque le texte"), ("Bonjour", "12", "Ce numéro n’est pas complet")],
)
def test_what_is_wrong_is_told(client: FlaskClient, words: str, number: str, problem: str) -> None:
    assert problem in write(client, words, number)


def test_nothing_is_sent_without_the_pages_token(app: Flask, client: FlaskClient) -> None:
    assert client.post("/demo/sms/", data={"number": "06 39 98 12 34", "words": "Bonjour"}).status_code == 422
