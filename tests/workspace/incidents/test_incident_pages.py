"""The pages of incidents, as supervisors and agents use them."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db, transaction
from helpdesk.models import Agent, Banner, Burst, Incident, IncidentAnswer
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, MemoryMailer, field_in, later, post, token_in
from tests.workspace.pages import main_of, page_of, plain, text_of

LIST = "/agent/incidents"
FIELDS = {"title": "SMS en panne", "known": "L’opérateur est prévenu.", "words": "code", "academies": ["10"]}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def keeper(desk: Desk) -> Agent:
    return desk.agent(name="Claude Essai", role=Role.SUPERVISOR)


@pytest.fixture
def client(desk: Desk, keeper: Agent) -> FlaskClient:
    """Signed in as the supervisor of Lyon."""
    return desk.sign_in(keeper)


def declare(client: FlaskClient, asking: str = "") -> str:
    """An incident declared from its form; the address of its page."""
    page = f"{LIST}/nouveau{asking}"
    html = client.get(page).text
    hidden = {name: field_in(html, name) for name in ("token", "about", "burst")}
    answer = post(client, f"{LIST}/nouveau", {**FIELDS, **hidden, "starts": "2026-11-23T08:00"}, page=page)
    assert answer.status_code == 303, main_of(answer)
    return str(answer.location)


def test_from_a_ticket_to_the_answer_that_all_receive(desk: Desk, client: FlaskClient, mailer: MemoryMailer) -> None:
    first, second = desk.ticket("Le code n’arrive pas."), desk.ticket("Toujours pas de code.")

    page = declare(client, f"?demande={first.reference}")
    shown = main_of(client.get(page))
    joined = main_of(client.get(post(client, f"{page}/demandes", {"all": "1"}, page=page).location))
    fields = {"text": "Bonjour {nom}, c’est réparé.", "whom": "not-yet", "solves": "1", "ends": "1"}
    preview = post(client, f"{page}/reponse", fields)
    hidden = {name: field_in(preview.text, name) for name in ("csrf_token", "token", "seen")}
    sent = [client.post(f"{page}/reponse", data={**fields, **hidden, "send": "1"}) for _ in range(2)]

    assert second.reference in shown
    assert "1 demande rattachée." in joined
    words = plain(main_of(preview))
    assert "1 personne recevra la réponse (2 demandes)" in words
    assert "Bonjour Lou Inventé, c’est réparé." in words
    assert sent[0].status_code == 303
    ended = plain(main_of(client.get(page)))
    assert "Terminé" in ended
    assert "1 personne, 1 autre demande des mêmes" in ended
    assert "Résolue" in ended
    assert [str(mail["To"]) for mail in mailer.sent if "réparé" in text_of(mail)] == ["lou@famille.example"]


def test_an_agent_attaches_with_one_click_what_is_offered(desk: Desk, client: FlaskClient) -> None:
    declare(client)
    ticket = desk.ticket("Le code n’arrive pas.")
    agent = desk.sign_in(desk.agent())

    offered = agent.get(page_of(ticket))
    number = field_in(offered.text, "incident")
    attached = post(agent, f"{page_of(ticket)}/incident", {"incident": number}, page=page_of(ticket))
    again = post(agent, f"{page_of(ticket)}/incident", {"incident": number}, page=page_of(ticket))
    detached = post(agent, f"{page_of(ticket)}/incident/detacher", {}, page=page_of(ticket))

    assert "Fait partie de l’incident « SMS en panne » ?" in plain(main_of(offered))
    assert "a rattaché la demande à l’incident « SMS en panne »." in plain(main_of(agent.get(attached.location)))
    assert again.status_code == 303
    assert detached.status_code == 303
    assert "Agathe Essai a détaché la demande" in main_of(agent.get(page_of(ticket)))


def test_an_agent_reads_and_does_not_steer(desk: Desk, client: FlaskClient) -> None:
    page = declare(client)
    agent = desk.sign_in(desk.agent())

    shown = main_of(agent.get(page))

    assert "L’opérateur est prévenu." in shown
    assert "Répondre à toutes" not in shown
    assert [agent.get(f"{page}/{more}").status_code for more in ("modifier", "reponse")] == [404, 404]
    assert desk.sign_in(desk.agent("assistance-08", name="Greta Essai")).get(page).status_code == 404


def test_a_burst_becomes_an_incident_or_is_put_aside(desk: Desk, client: FlaskClient) -> None:
    with transaction() as session:
        common = {"hours": 1, "usual": 1.4, "began_at": MONDAY}
        for word, count in (("code", 14), ("cantin", 9)):
            session.add(Burst(academy="10", word=word, count=count, seen_at=later(days=3650), **common))

    shown = plain(main_of(client.get(LIST)))
    numbers = re.findall(r"vague=(\d+)", client.get(LIST).text)
    declare(client, f"?vague={numbers[0]}")
    put_aside = post(client, f"{LIST}/vagues/{numbers[1]}/ecarter", {}, page=LIST)

    assert "14 demandes en 1 heure, d’habitude environ 1." in shown
    assert "Rien d’inhabituel" in main_of(client.get(put_aside.location))
    assert "Vagues inhabituelles" not in main_of(desk.sign_in(desk.agent()).get(LIST))


def test_its_banner_is_one_click(client: FlaskClient) -> None:
    page = declare(client)

    published = post(client, f"{page}/bandeau", {"text": "Les SMS n’arrivent pas."}, page=page)
    ended = post(client, f"{page}/etat", {"state": "ended"}, page=page)

    assert published.status_code == ended.status_code == 303
    db.session.rollback()
    banner = db.session.query(Banner).one()
    assert (banner.academies, banner.ends_at is not None) == ("10", True)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "Donnez un titre à l’incident."),
    ({"title": "x" * 121}, "Ce texte est trop long : retirez 1 caractères."),
    ({"academies": ["08"]}, "Choisissez parmi ces académies."),
    ({"starts": "demain"}, "Écrivez la date et l’heure ainsi"),
    ({"starts": "2999-01-01T08:00"}, "Un incident commence au plus tard maintenant."),
]


def test_what_is_refused_says_why_and_keeps_what_was_typed(client: FlaskClient) -> None:
    for fields, said in REFUSED:
        answer = post(client, f"{LIST}/nouveau", {**FIELDS, **fields})

        assert answer.status_code == 422, said
        assert said in plain(main_of(answer))
        assert FIELDS["known"] in answer.text, said
    assert db.session.query(Incident).count() == 0


def test_an_answer_that_cannot_be_is_kept_and_nothing_leaves(client: FlaskClient) -> None:
    page = f"{declare(client)}/reponse"

    empty = post(client, page, {"text": "", "whom": "all"})
    unknown = post(client, page, {"text": "Bonjour {établissement}", "whom": "all"})
    astray = post(client, page, {"text": "Bonjour", "whom": "everybody"})
    nobody = post(client, page, {"text": "Bonjour", "whom": "all", "send": "1", "seen": "x"})
    forged = client.post(page, data={"text": "Bonjour", "whom": "all", "send": "1"})

    assert [each.status_code for each in (empty, unknown, astray, nobody, forged)] == [422, 422, 422, 409, 422]
    assert "« établissement » n’existe pas ici." in plain(main_of(unknown))
    assert all("Bonjour" in each.text for each in (unknown, astray, nobody, forged))
    assert db.session.query(IncidentAnswer).count() == 0


def test_bad_addresses_and_states_are_told(client: FlaskClient) -> None:
    page = declare(client)
    token = token_in(client.get(page).text)

    assert client.get(f"{LIST}/999").status_code == 404
    assert client.get(f"{LIST}/nouveau?vague=999").status_code == 404
    assert client.get(f"{LIST}/nouveau?demande=EC-0").status_code == 404
    assert client.post(f"{page}/etat", data={"csrf_token": token, "state": "burning"}).status_code == 422
    assert client.post(f"{page}/demandes", data={"csrf_token": token, "chosen": ["x"]}).status_code == 422
