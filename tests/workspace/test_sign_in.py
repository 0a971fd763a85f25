"""Signing in and out."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.people.agents import end_sessions, leave, set_admin, set_password
from helpdesk.settings import Settings
from tests.application import PASSWORD, Desk, post, quick_hash, token_in
from tests.workspace.pages import main_of, title_of, words_of

SIGN_IN = "/agent/connexion"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


@pytest.fixture
def agathe(desk: Desk) -> str:
    """The address of an agent who has the test password."""
    email = desk.agent().email
    set_password(email, quick_hash())
    return email


def test_an_agent_lands_on_the_queue(client: FlaskClient, agathe: str) -> None:
    answer = post(client, SIGN_IN, {"email": agathe, "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/agent/")
    assert "Agathe Essai" in client.get("/agent/").text


def test_the_address_may_be_typed_in_capitals(client: FlaskClient, agathe: str) -> None:
    assert post(client, SIGN_IN, {"email": f" {agathe.upper()} ", "password": PASSWORD}).status_code == 303


def test_an_agent_lands_on_the_page_that_was_asked_for(client: FlaskClient, agathe: str) -> None:
    led_to = client.get("/agent/?vue=en-attente&service=assistance-10").location

    answer = post(client, led_to, {"email": agathe, "password": PASSWORD})

    assert answer.location == "/agent/?vue=en-attente&service=assistance-10"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://trap.example/", "//trap.example/", "/\\trap.example/", "/\t/trap.example/", "trap.example"],
)
def test_signing_in_never_leads_off_the_site(client: FlaskClient, agathe: str, elsewhere: str) -> None:
    page = client.get(SIGN_IN, query_string={"next": elsewhere})

    answer = client.post(
        SIGN_IN,
        query_string={"next": elsewhere},
        data={"csrf_token": token_in(page.text), "email": agathe, "password": PASSWORD},
    )

    assert answer.location == "/agent/"


@pytest.mark.parametrize(
    ("fields", "words", "field"),
    [
        ({"email": "", "password": PASSWORD}, "Il manque votre adresse.", "email"),
        ({"email": "agathe.essai@rectorat.example", "password": ""}, "Il manque votre mot de passe.", "password"),
        (
            {"email": "agathe.essai@rectorat.example", "password": "another"},
            "Cette adresse et ce mot de passe ne vont pas ensemble.",
            "password",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_at_the_top(
    client: FlaskClient, agathe: str, fields: dict[str, str], words: str, field: str
) -> None:
    answer = post(client, SIGN_IN, fields)

    assert answer.status_code == 422
    assert title_of(answer).startswith("Erreur – ")
    assert f'<a href="#{field}">{words}</a>' in answer.text
    assert f'aria-describedby="{field}-messages"' in answer.text
    assert fields["email"] in answer.text
    assert PASSWORD not in answer.text


def test_unknown_agents_and_wrong_passwords_are_told_alike(client: FlaskClient, agathe: str) -> None:
    wrong = post(client, SIGN_IN, {"email": agathe, "password": "another"})
    unknown = post(client, SIGN_IN, {"email": "nobody@rectorat.example", "password": "another"})

    assert main_of(wrong) == main_of(unknown)


def test_the_session_ends_with_the_button(client: FlaskClient, agathe: str) -> None:
    post(client, SIGN_IN, {"email": agathe, "password": PASSWORD})

    post(client, "/agent/deconnexion", {}, page="/agent/")

    assert client.get("/agent/").status_code == 302


def test_sessions_end_everywhere_when_an_administrator_says_so(client: FlaskClient, agathe: str) -> None:
    post(client, SIGN_IN, {"email": agathe, "password": PASSWORD})

    end_sessions(agathe)

    assert client.get("/agent/").status_code == 302


class TestWithAFewTries:
    """Where three tries an hour are allowed."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, login_limit="3 per hour")

    def test_the_page_says_how_many(self, client: FlaskClient) -> None:
        assert "3 essais au plus en une heure" in main_of(client.get(SIGN_IN))

    def test_after_them_even_the_right_password_waits(self, client: FlaskClient, agathe: str) -> None:
        for _ in range(3):
            post(client, SIGN_IN, {"email": agathe, "password": "another"})

        answer = post(client, SIGN_IN, {"email": agathe, "password": PASSWORD})

        assert answer.status_code == 429
        assert "Trop d’essais. Attendez une heure, puis réessayez." in main_of(answer)

    def test_an_account_is_guarded_from_many_addresses_at_once(
        self, app: Flask, client: FlaskClient, agathe: str
    ) -> None:
        for place in range(3):
            token = token_in(client.get(SIGN_IN).text)
            fields = {"csrf_token": token, "email": agathe, "password": "another"}
            client.post(SIGN_IN, data=fields, environ_base={"REMOTE_ADDR": f"192.0.2.{place}"})

        assert post(app.test_client(), SIGN_IN, {"email": agathe, "password": PASSWORD}).status_code == 429


def test_a_text_sent_after_the_session_ended_is_kept_and_comes_back(desk: Desk) -> None:
    """The whole way: told that nothing left, signed in again, and the reply stands in its field."""
    ticket, agent = desk.ticket(), desk.agent()
    client = desk.sign_in(agent)
    page = f"/agent/demandes/{ticket.reference}"
    token = token_in(client.get(page).text)
    email = agent.email
    end_sessions(email)

    refused = client.post(f"{page}/reponse", data={"csrf_token": token, "text": "Un long texte.", "seen": "1"})
    desk.sign_in(desk.agent(), client)
    kept = client.post(f"{page}/reponse", data={"text": "Un long texte.", "seen": "1"})

    assert refused.status_code == 401
    assert "Rien n’a été envoyé." in words_of(refused.text)
    assert "Un long texte." in refused.text
    assert token not in refused.text
    assert kept.status_code == 422
    assert "Un long texte." in kept.text
    assert [message.direction for message in desk.read(ticket.reference).messages] == ["in"]


def test_the_sign_in_page_gives_no_address_for_a_button_that_was_pressed(desk: Desk, client: FlaskClient) -> None:
    reference = desk.ticket().reference

    answer = client.post(f"/agent/demandes/{reference}/prendre", data={"holder": ""})

    assert answer.status_code == 401
    assert f"next=/agent/demandes/{reference}" in answer.text
    assert "prendre" not in answer.text.split("<main", 1)[1]


def test_who_has_left_is_out_at_once_and_cannot_come_back_with_the_old_password(
    desk: Desk, client: FlaskClient, agathe: str
) -> None:
    ticket = desk.ticket()
    post(client, SIGN_IN, {"email": agathe, "password": PASSWORD})
    post(client, f"/agent/demandes/{ticket.reference}/prendre", {}, page=f"/agent/demandes/{ticket.reference}")

    waiting = leave(agathe)

    assert waiting == 1
    assert client.get("/agent/").status_code == 302
    assert post(client, SIGN_IN, {"email": agathe, "password": PASSWORD}).status_code == 422
    desk.agent()  # comes back
    assert post(client, SIGN_IN, {"email": agathe, "password": PASSWORD}).status_code == 422


def test_who_leaves_a_service_sees_its_requests_no_more(desk: Desk, client: FlaskClient) -> None:
    ticket, agent = desk.ticket(), desk.agent("assistance-10", "assistance-08")
    email = agent.email
    desk.sign_in(agent, client)

    leave(email, ["assistance-10"])

    assert client.get(f"/agent/demandes/{ticket.reference}").status_code == 404
    assert client.get("/agent/").status_code == 200


def test_an_administrator_is_named_and_no_longer_one_by_command(desk: Desk, client: FlaskClient) -> None:
    agent = desk.agent()
    email = agent.email
    desk.sign_in(agent, client)

    seen = []
    for is_admin in (True, False):
        set_admin(email, is_admin)
        seen.append(client.get("/agent/sante").status_code)

    assert seen == [200, 404]
