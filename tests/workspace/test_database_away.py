"""While the database is away: pages say so at once, and nothing that somebody typed is lost."""

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db
from tests.application import Desk, token_in
from tests.workspace.pages import main_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_what_an_agent_sends_meanwhile_stands_on_the_page_that_says_so(desk: Desk, client: FlaskClient) -> None:
    ticket, signed_in = desk.ticket(), desk.sign_in(desk.agent())
    page = f"/agent/demandes/{ticket.reference}"
    fields = {"csrf_token": token_in(signed_in.get(page).text), "text": "Vu avec le collège."}
    db.session.remove()
    db.drop_all()

    answers = [signed_in.post(f"{page}/note", data=fields), signed_in.get("/agent/"), client.get("/recherche?q=code")]

    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "60")] * 3
    assert "Le service est interrompu" in main_of(answers[0])
    assert "Vu avec le collège." in main_of(answers[0])
    assert fields["csrf_token"] not in main_of(answers[0])
