"""« Charge » and « Chiffres »: what a supervisor sees is what there is, and no more than is hers."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from helpdesk.db import utc_now
from helpdesk.figures import keeping
from helpdesk.models import Agent
from helpdesk.tickets import actions
from helpdesk.vocabulary import Channel, Role
from tests.application import Desk, post
from tests.workspace.pages import main_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The counting is tested on both."""
    return sqlite_url


@pytest.fixture
def agathe(desk: Desk) -> Agent:
    """An agent of Lyon, who has solved one request, follows a second, and has left a third to whoever takes it; a
    fourth is Grenoble's.
    """
    agathe, now = desk.agent(name="Agathe Essai"), utc_now()
    solved, followed = (desk.ticket(now=now - timedelta(days=40)).reference for _count in range(2))
    desk.ticket(now=now, channel=Channel.EMAIL)
    elsewhere = desk.ticket(now=now).reference
    actions.transfer(agathe, elsewhere, "assistance-08", "école à Grenoble", now=now)
    actions.take(agathe, followed, now)
    actions.reply(agathe, solved, "Voici.", seen=2**60, solve=True, now=now)
    return agathe


@pytest.fixture
def chief(desk: Desk, agathe: Agent) -> FlaskClient:
    """The browser of the supervisor of Lyon."""
    return desk.sign_in(desk.agent(name="Claude Essai", role=Role.SUPERVISOR))


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_load_says_who_has_what_and_leads_to_handing_it_on(desk: Desk, chief: FlaskClient, agathe: Agent) -> None:
    led = chief.get("/agent/charge")
    page = chief.get(led.location)

    rows = re.findall(r"<tr.*?</tr>", page.text.split("<tbody>")[1], re.S)
    numbers = [[re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.S)][:6] for row in rows]
    assert led.location == "/agent/charge/assistance-10"
    #        to do, late, soon, nobody's, waiting, answered this week
    assert numbers[0][:2] == ["1", "0"], "nobody follows the one that came just now"
    assert [numbers[1][place] for place in (0, 1, 3, 4, 5)] == ["1", "1", "0", "0", "1"], "Agathe"
    assert f"/agent/service/assistance-10/agents/{agathe.id}/demandes" in page.text


def test_a_request_is_handed_on_from_there_or_the_choice_is_asked_again(
    desk: Desk, chief: FlaskClient, agathe: Agent
) -> None:
    basile = desk.agent(name="Basile Essai").id
    address = f"/agent/service/assistance-10/agents/{agathe.id}/demandes"
    reference = re.findall(r'name="chosen" value="([^"]+)"', chief.get(address).text)[0]

    nothing = post(chief, address, {"to": str(basile)})
    nobody = post(chief, address, {"chosen": reference})
    unknown = post(chief, address, {"chosen": reference, "to": "9" * 30})
    done = post(chief, address, {"chosen": reference, "to": str(basile)})
    twice = post(chief, address, {"chosen": reference, "to": str(basile)}, page="/agent/service/assistance-10")

    assert (nothing.status_code, "Cochez au moins une demande." in main_of(nothing)) == (422, True)
    assert (nobody.status_code, unknown.status_code) == (422, 422)
    assert f'value="{reference}" checked' in nobody.text
    assert (done.status_code, twice.status_code) == (303, 303)
    assert desk.read(reference).assignee_id == basile


def test_the_figures_count_what_is_hers_whether_kept_or_not_yet(chief: FlaskClient) -> None:
    fresh = main_of(chief.get("/agent/chiffres"))
    keeping.rebuild()
    kept = main_of(chief.get("/agent/chiffres"))

    assert fresh == kept
    assert "Reçues 2 avant : 2" in kept, "two came now, two forty days ago"
    assert "Transférées 1 avant : 0" in kept
    assert "Résolues 1" in kept


def test_sheets_hold_what_the_page_shows(chief: FlaskClient) -> None:
    page = main_of(chief.get("/agent/chiffres?periode=7&par=canal"))
    lines = table(chief, "/agent/chiffres/repartition.csv?periode=7&par=canal")
    file = zipfile.ZipFile(io.BytesIO(chief.get("/agent/chiffres.ods?periode=7&par=canal").data))

    assert [(line["Canal"], line["Reçues"]) for line in lines] == [("Courriel", "1"), ("Formulaire", "1")]
    assert "Courriel 1 0 0" in page
    assert file.namelist()[0] == "mimetype"
    content = ElementTree.fromstring(file.read("content.xml"))
    names = [value for each in content.iter() for key, value in each.attrib.items() if key.endswith("}name")]
    assert names == ["En tout", "Demandes, jour par jour", "Délais, jour par jour", "Par canal"]
    assert chief.get("/agent/chiffres/autre.csv").status_code == 404


def test_an_agent_sees_none_and_a_supervisor_not_those_of_others(desk: Desk, chief: FlaskClient) -> None:
    agent = desk.sign_in(desk.agent(name="Basile Essai"))
    pages = ("/agent/charge", "/agent/charge/assistance-10", "/agent/chiffres", "/agent/chiffres.ods")

    assert [agent.get(page).status_code for page in pages] == [404] * 4
    for page in ("/agent/charge/assistance-08", "/agent/chiffres?service=assistance-08"):
        assert chief.get(page).status_code == 404
    assert "Grenoble" not in main_of(chief.get("/agent/chiffres?academie=08"))


def test_a_national_supervisor_sees_all_by_academie(desk: Desk, agathe: Agent) -> None:
    national = desk.sign_in(desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR))

    lines = table(national, "/agent/chiffres/repartition.csv?par=academie")

    assert [(line["Académie"], line["Transférées"]) for line in lines][:1] == [("Lyon", "1")]
    assert "Grenoble – Assistance EduConnect 1" in main_of(national.get("/agent/charge"))


def test_an_address_made_by_hand_is_told_in_words(chief: FlaskClient) -> None:
    told = {
        "du=31/02/2026&au=01/03/2026": "Écrivez les deux jours ainsi : 31/12/2026.",
        "du=02/03/2026&au=01/03/2026": "Le dernier jour vient avant le premier.",
        "du=01/01/1900&au=01/03/2026": "Choisissez trois ans au plus.",
        "du=0001-01-01&au=9999-12-31": "Choisissez trois ans au plus.",
        "sujet=inconnu": "Ce sujet n’existe pas",
        "canal=pigeon": "Ce canal n’existe pas",
    }

    answers = {query: chief.get(f"/agent/chiffres?{query}") for query in told}

    assert {query: answer.status_code for query, answer in answers.items()} == dict.fromkeys(told, 200)
    assert [query for query, said in told.items() if said not in main_of(answers[query])] == []


def test_a_long_period_is_shown_by_months_and_counts_the_same(chief: FlaskClient) -> None:
    keeping.rebuild()

    year = table(chief, "/agent/chiffres/jours.csv?periode=365")

    assert len(year) in (12, 13)
    assert sum(int(line["Reçues"]) for line in year) == 4
