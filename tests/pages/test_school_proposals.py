"""The schools that the public form proposes, and what becomes of the choice."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from helpdesk.db import db
from helpdesk.models import Ticket
from helpdesk.pages import parts_of
from helpdesk.places import config_dir
from helpdesk.routing.directory import import_directory
from tests.application import MONDAY, Desk, post
from tests.services import browser as browsers

JEAN_MOULIN = {"uai": "0349901C", "name": "Collège Jean Moulin", "commune": "Béziers", "postal_code": "34500"}
REQUEST = {
    "profile": "responsable",
    "last_name": "Inventé",
    "first_name": "Lou",
    "email": "lou@famille.example",
    "school_level": "",
    "text": "Je n’arrive pas à me connecter à EduConnect.",
}


@pytest.fixture
def directory(app: Flask) -> Iterator[None]:
    """The made-up sample that the product ships."""
    raw = (config_dir() / "directory-sample.csv").read_bytes()
    import_directory(raw, parts_of(app).routing.geography, MONDAY)
    yield
    db.session.rollback()


def sent(client: FlaskClient, desk: Desk, **fields: str) -> Ticket:
    """The ticket that the form makes."""
    page = client.get("/demande").text
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page)
    assert token
    answer = post(client, "/demande", {**REQUEST, "token": token[1], **fields})
    assert answer.status_code == 303, answer.text
    return desk.read(answer.location.split("/suivi/")[1].split("/")[0])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=clg+jean+mou&cp=34500", ["Collège Jean Moulin"]),
        ("q=jean+moulin+béziers", ["Collège Jean Moulin"]),
        ("q=j+moulin+beziers", ["Collège Jean Moulin"]),
        ("q=lagon", ["Lycée du Lagon Inventé"]),
        ("q=herbes+folles", []),  # closed
        ("q=zorglub", []),
        ("q=je", []),
        ("", []),
        ("q=%00%25'%22--&cp=%27", []),
    ],
)
def test_what_is_typed_proposes_schools(query: str, names: list[str], client: FlaskClient, directory: None) -> None:
    answer = client.get(f"/ecoles?{query}")

    assert answer.status_code == 200
    assert [school["name"] for school in answer.json or []] == names


def test_a_proposal_has_what_the_form_needs_and_is_kept_by_browsers(client: FlaskClient, directory: None) -> None:
    answer = client.get("/ecoles?q=jean+moulin+béziers")

    assert answer.json == [JEAN_MOULIN]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers


def test_ten_schools_at_most_are_proposed(client: FlaskClient, directory: None) -> None:
    assert len(client.get("/ecoles?q=collège+").json or []) <= 10


def test_without_a_directory_nothing_is_proposed(client: FlaskClient) -> None:
    answer = client.get("/ecoles?q=jean+moulin")

    assert (answer.status_code, answer.data) == (204, b"")


def test_too_many_questions_are_refused(app: Flask, client: FlaskClient, directory: None) -> None:
    allowed = int(parts_of(app).settings.school_limit.split()[0])
    for _ in range(allowed):
        parts_of(app).limits.allow(parts_of(app).settings.school_limit, "schools", "127.0.0.1", lasting=False)

    assert client.get("/ecoles?q=jean+moulin").status_code == 429


def test_the_chosen_school_is_kept_with_the_request(client: FlaskClient, desk: Desk, directory: None) -> None:
    ticket = sent(client, desk, school_uai=JEAN_MOULIN["uai"])

    assert (ticket.school_uai, ticket.academy) == ("0349901C", "11")


def test_a_school_written_by_hand_is_recognised(client: FlaskClient, desk: Desk, directory: None) -> None:
    ticket = sent(client, desk, school_name="clg j. moulin", school_commune="béziers")

    assert (ticket.school_uai, ticket.academy) == ("0349901C", "11")


@pytest.mark.parametrize("forged", ["<script>", "0349901A", "'; DROP TABLE school", "0" * 5_000])
def test_a_forged_code_does_no_harm(forged: str, client: FlaskClient, desk: Desk, directory: None) -> None:
    ticket = sent(client, desk, school_uai=forged, school_commune="Lyon", school_postal_code="69003")

    assert ticket.academy == "10"


def test_agents_read_the_schools_own_contact(app: Flask, client: FlaskClient, desk: Desk, directory: None) -> None:
    reference = sent(client, desk, school_name="clg j. moulin", school_commune="béziers").reference

    page = desk.sign_in(desk.agent("assistance-11")).get(f"/agent/demandes/{reference}").text

    assert "ce.0349901c@ecole.example" in page
    assert "Écrit par la personne" in page
    elsewhere = desk.sign_in(desk.agent("assistance-10", name="Basile Essai"))
    assert elsewhere.get(f"/agent/demandes/{reference}").status_code == 404


def test_a_school_is_chosen_by_keyboard(page: Page, address: str, directory: None) -> None:
    browsers.narrow(page)
    page.goto(f"{address}/en/demande")
    name = page.get_by_role("combobox")
    name.press_sequentially("clg jean moul")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.locator(".proposals-status")).to_have_text("2 schools suggested.")

    name.press("ArrowDown")
    name.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Lyon 5e")
    assert browsers.axe(page) == []
    assert not browsers.overflow(page)
    name.press("ArrowUp")
    name.press("Enter")

    expect(name).to_have_value("Collège Jean Moulin")
    expect(name).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[name=school_commune]")).to_have_value("Béziers")
    expect(page.locator("[name=school_postal_code]")).to_have_value("34500")
    expect(page.locator("[name=school_uai]")).to_have_value("0349901C")
    name.press("x")
    expect(page.locator("[name=school_uai]")).to_have_value("")
    expect(page.locator("[name=school_commune]")).to_have_value("")
