"""« Modèles »: who keeps which, what is refused, and that of two editors none overwrites the other."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db
from helpdesk.models import CannedAnswer
from helpdesk.tickets import canned
from helpdesk.vocabulary import Role
from tests.application import Desk, field_in, post, token_in
from tests.workspace.pages import main_of, page_of

MODEL = {"key": "code-sms", "title": "Le code n’arrive pas", "text": "Bonjour {nom},", "owner": "assistance-10"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the database."""
    return sqlite_url


@pytest.fixture
def supervisor(desk: Desk) -> FlaskClient:
    return desk.sign_in(desk.agent(role=Role.SUPERVISOR))


def new(client: FlaskClient, **changes: str) -> Any:
    return post(client, "/agent/modeles/nouveau", {**MODEL, **changes})


def kept() -> list[tuple[str | None, str, str, bool]]:
    db.session.rollback()
    rows = db.session.query(CannedAnswer).order_by(CannedAnswer.id)
    return [(row.service.slug if row.service else None, row.key, row.text, row.archived_at is not None) for row in rows]


def test_a_supervisor_keeps_those_of_the_service_and_a_national_one_those_of_all(
    desk: Desk, supervisor: FlaskClient
) -> None:
    national = desk.sign_in(desk.agent("triage-national", name="Claude Essai", role=Role.SUPERVISOR))
    stranger = desk.sign_in(desk.agent("assistance-08", name="Gaston Essai", role=Role.SUPERVISOR))
    ticket, elsewhere = desk.ticket(), "scolarite-10"

    answers = [
        new(supervisor).status_code,
        new(national, owner="", key="bienvenue").status_code,
        new(supervisor, owner="", key="autre").status_code,
        new(supervisor, owner=elsewhere, key="autre").status_code,
        stranger.get("/agent/modeles/1").status_code,
        post(stranger, "/agent/modeles/1", MODEL, page="/agent/modeles/nouveau").status_code,
        post(stranger, "/agent/modeles/1/archive", {}, page="/agent/modeles").status_code,
    ]

    assert answers == [303, 303, 404, 404, 404, 404, 404]
    assert kept() == [
        ("assistance-10", "code-sms", "Bonjour {nom},", False),
        (None, "bienvenue", "Bonjour {nom},", False),
    ]
    offered = [model.key for model in canned.for_service(ticket.service_id)]
    assert offered == ["code-sms", "bienvenue"]
    assert "Le code n’arrive pas" in main_of(supervisor.get(page_of(ticket)))


def test_an_agent_who_is_no_supervisor_finds_no_such_page(desk: Desk) -> None:
    client = desk.sign_in(desk.agent())

    answers = [client.get(f"/agent/modeles{page}").status_code for page in ("", "/nouveau", "/1")]

    assert answers == [404, 404, 404]


def test_what_cannot_be_filled_in_is_refused_by_name(supervisor: FlaskClient) -> None:
    answer = new(supervisor, text="Bonjour {prénom}, voir {fiche:nulle-part}", key="deux mots")

    words = main_of(answer)
    assert answer.status_code == 422
    assert "Ces champs n’existent pas : {prénom}, {fiche:nulle-part}." in words
    assert "En un mot : lettres, chiffres et tirets." in words
    assert "Bonjour {prénom}" in words


def test_a_key_is_used_once_and_is_free_again_after_archiving(supervisor: FlaskClient) -> None:
    new(supervisor)
    twice = new(supervisor)
    post(supervisor, "/agent/modeles/1/archive", {}, page="/agent/modeles")
    again = new(supervisor, text="Autre")
    back = post(supervisor, "/agent/modeles/1/reprise", {}, page="/agent/modeles")

    assert [answer.status_code for answer in (twice, again, back)] == [409, 303, 409]
    assert "Le raccourci « code-sms » est déjà pris." in main_of(twice)
    assert [row[3] for row in kept()] == [True, False]


def test_of_two_editors_the_second_sees_what_the_first_wrote(supervisor: FlaskClient) -> None:
    new(supervisor)
    html = supervisor.get("/agent/modeles/1").text
    fields = {**MODEL, "csrf_token": token_in(html), "revision": field_in(html, "revision")}
    supervisor.post("/agent/modeles/1", data={**fields, "text": "Le texte du premier."})

    answer = supervisor.post("/agent/modeles/1", data={**fields, "text": "Le texte du second."})
    fields["revision"] = field_in(answer.text, "revision")
    knowingly = supervisor.post("/agent/modeles/1", data={**fields, "text": "Les deux."})

    assert (answer.status_code, knowingly.status_code) == (409, 303)
    assert "Le texte du premier." in answer.text
    assert "Le texte du second." in answer.text
    assert kept()[0][2] == "Les deux."
