"""The supervisors' page of figures: who may read it, what it says with few cases, and its files."""

import csv
import io

import pytest
from sqlalchemy import insert

from helpdesk.db import transaction, utc_now
from helpdesk.models import Ticket
from helpdesk.routing import corrections
from helpdesk.vocabulary import Role
from tests.application import Desk
from tests.workspace.pages import main_of, title_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the figures are tested on both."""
    return sqlite_url


def routed(desk: Desk, count: int) -> list[str]:
    """That many tickets routed by the rule « assistance » by a commune; all but the first are copied rows."""
    first = desk.ticket(now=utc_now())
    columns = {column.name: getattr(first, column.name) for column in Ticket.__table__.columns if column.name != "id"}
    with transaction() as session:
        for number in range(1, count):
            session.execute(insert(Ticket).values(columns | {"reference": f"copy-{number}"}))
    return [first.reference]


def test_only_supervisors_see_the_page_and_the_way_to_it(desk: Desk) -> None:
    agent, supervisor = desk.sign_in(desk.agent()), desk.sign_in(desk.agent(name="Claude Essai", role=Role.SUPERVISOR))

    pages = ("/agent/justesse", "/agent/justesse/chiffres.csv", "/agent/justesse/corrections.csv")
    assert [agent.get(page).status_code for page in pages] == [404] * 3
    assert [supervisor.get(page).status_code for page in pages] == [200] * 3
    assert "/agent/charge" not in agent.get("/agent/").text
    assert "/agent/charge" in supervisor.get("/agent/").text
    assert "/agent/justesse" in supervisor.get("/agent/charge/assistance-10").text


def test_few_cases_are_not_judged(desk: Desk) -> None:
    desk.ticket(now=utc_now())

    words = main_of(desk.sign_in(desk.agent(role=Role.SUPERVISOR)).get("/agent/justesse"))

    assert "1 demande orientée, 0 dite mal orientée : trop peu de demandes pour juger." in words
    assert "%" not in words


def test_a_share_is_rounded_down(desk: Desk) -> None:
    """One of 1,500 wrong: 99.93 % is not « 100 % »."""
    [reference] = routed(desk, 1500)
    supervisor = desk.agent(role=Role.SUPERVISOR)
    corrections.correct(supervisor, reference, "assistance-08", "", "école à Vienne", now=utc_now())

    words = main_of(desk.sign_in(supervisor).get("/agent/justesse?jours=7"))

    assert "1500 demandes orientées, 1 dite mal orientée : 99,9 % étaient justes." in words


@pytest.mark.parametrize(
    ("days", "shown"), [("", "30 jours"), ("365", "un an"), ("-1", "30 jours"), ("9" * 50, "30 jours")]
)
def test_any_period_in_the_address_gives_a_page(desk: Desk, days: str, shown: str) -> None:
    answer = desk.sign_in(desk.agent(role=Role.SUPERVISOR)).get(f"/agent/justesse?jours={days}")

    assert answer.status_code == 200
    assert title_of(answer).startswith(f"Justesse de l’orientation – {shown}")


def test_the_corrections_as_a_file_open_in_a_spreadsheet_and_calculate_nothing(desk: Desk) -> None:
    agent = desk.agent("assistance-10", "assistance-08", role=Role.SUPERVISOR)
    ticket = desk.ticket(now=utc_now())
    corrections.correct(agent, ticket.reference, "assistance-08", "", "=HYPERLINK(1);x", now=utc_now())

    answer = desk.sign_in(agent).get("/agent/justesse/corrections.csv?jours=7")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    header, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    told = dict(zip(header, row, strict=True))
    assert told["Demande"] == ticket.reference
    assert told["Raison"] == "'=HYPERLINK(1);x"
    assert told["Ce qui était faux"] == "l’académie"
    assert told["Indices"] == "Commune, Code postal"


def test_what_was_wrong_is_told_in_words(desk: Desk) -> None:
    client = desk.sign_in(desk.agent("triage-national", role=Role.SUPERVISOR))
    cases = {
        ("assistance-10", "scolarite-10", ""): "le service",
        ("assistance-10", "assistance-08", "securite-donnees"): "l’académie, le sujet",
        ("assistance-10", "", "securite-donnees"): "le sujet",
        ("assistance-10", "protection-nationale", ""): "le service",
        ("assistance-10", "triage-national", ""): "l’académie",
    }
    for _from, service, topic in cases:
        agent = desk.agent(name="Lise Essai")
        corrections.correct(agent, desk.ticket(now=utc_now()).reference, service, topic, "essai", now=utc_now())

    rows = list(csv.DictReader(io.StringIO(client.get("/agent/justesse/corrections.csv").text[1:]), delimiter=";"))

    assert [row["Ce qui était faux"] for row in rows] == list(cases.values())
