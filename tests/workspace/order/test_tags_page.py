"""Tags on pages: the list of supervisors, the card of a ticket, the filter of the queue."""

import pytest

from helpdesk.db import db
from helpdesk.models import Tag
from helpdesk.tickets.order.tags import create
from helpdesk.vocabulary import Role
from tests.application import Desk, post
from tests.workspace.pages import main_of, page_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_a_supervisor_adds_a_tag_and_an_agent_puts_it_on_and_takes_it_off(desk: Desk) -> None:
    ticket, supervisor = desk.ticket(), desk.sign_in(desk.agent(name="Solène Essai", role=Role.SUPERVISOR))
    agent = desk.sign_in(desk.agent())

    post(supervisor, "/agent/etiquettes", {"name": "  <b>Rentrée</b> ", "owner": "assistance-10"})
    number = str(db.session.query(Tag.id).one()[0])
    post(agent, f"{page_of(ticket)}/etiquettes/mettre", {"tag": number}, page=page_of(ticket))
    listed = agent.get("/agent/?etiquette=%3Cb%3Erentree%3C/b%3E")
    kept = supervisor.get("/agent/etiquettes")
    post(agent, f"{page_of(ticket)}/etiquettes/enlever", {"tag": number}, page=page_of(ticket))

    assert "&lt;b&gt;Rentrée&lt;/b&gt;" in listed.text
    assert "<b>Rentrée" not in listed.text + kept.text
    assert ticket.reference in main_of(listed)
    assert "1 , voir celles qui portent" in main_of(kept)
    assert "a enlevé l’étiquette" in main_of(agent.get(page_of(ticket)))


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Il manque le nom."), ("x" * 5_000, "retirez 4960 caractères"), ("FRAUDE", "existe déjà")],
)
def test_what_is_refused_says_why_and_keeps_the_name(desk: Desk, name: str, said: str) -> None:
    supervisor = desk.agent(name="Solène Essai", role=Role.SUPERVISOR)
    create(supervisor, "assistance-10", "fraude")

    answer = post(desk.sign_in(supervisor), "/agent/etiquettes", {"name": name, "owner": "assistance-10"})

    assert answer.status_code in (409, 422)
    assert said in main_of(answer)
    assert name in answer.text


def test_a_tag_that_nobody_offers_is_not_put_on(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())

    for forged in ("", "-1", "999", "9" * 18, "x"):
        answer = post(client, f"{page_of(ticket)}/etiquettes/mettre", {"tag": forged}, page=page_of(ticket))
        assert answer.status_code == 404
