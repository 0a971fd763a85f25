"""Notices about incidents: shown where they reach, at once and everywhere, kept by those who may."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, NotFound
from helpdesk.knowledge.readers.banners import Notice, banners_for, write
from helpdesk.models import Agent, Article, Banner
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, field_in, later, sign_in_by_browser, token_in
from tests.knowledge.readers.test_kept import process
from tests.services.browser import axe, dark, narrow, overflow

pytestmark = pytest.mark.usefixtures("faq")
PAGE = "/agent/bandeaux"
LYON, PARIS = "10", "01"
PUBLIC = ["/", "/questions", "/questions/telephone", "/demande", "/recherche?q=code", "/accessibilite"]


@pytest.fixture
def national(desk: Desk) -> Agent:
    return desk.agent("triage-national", name="Nadia Essai", role=Role.SUPERVISOR)


@pytest.fixture
def lyon(desk: Desk) -> Agent:
    return desk.agent("assistance-10", name="Luc Essai", role=Role.SUPERVISOR)


def notice(text: str = "Les SMS n’arrivent plus.", **changes: Any) -> Notice:
    values: dict[str, Any] = {"english": "", "academies": (), "topics": (), "starts_at": MONDAY, "ends_at": None}
    return Notice(text, **{**values, **changes})


def shown(academy: str | None = None, topics: tuple[str, ...] | None = None, **span: float) -> list[str]:
    db.session.rollback()
    return [banner.text for banner in banners_for(academy, topics, later(**span)).shown]


def send(browser: FlaskClient, address: str = PAGE, page: str = PAGE, **fields: Any) -> Any:
    html = browser.get(page).text
    hidden = {"csrf_token": token_in(html), "revision": field_in(html, "revision")}
    return browser.post(address, data={**hidden, **fields})


def test_a_banner_is_shown_to_whom_it_reaches(national: Agent) -> None:
    """On both databases."""
    write(national, None, notice("partout"), revision=0, now=MONDAY)
    write(national, None, notice("Lyon et Paris", academies=(LYON, PARIS)), revision=0, now=MONDAY)
    write(national, None, notice("codes", topics=("code-sms",)), revision=0, now=MONDAY)
    write(national, None, notice("demain", starts_at=later(days=1), ends_at=later(days=2)), revision=0, now=MONDAY)

    assert shown() == ["codes", "partout"]
    assert shown(LYON) == ["codes", "Lyon et Paris", "partout"]
    assert shown("02", ("adresse",)) == ["partout"]
    assert shown(None, ("adresse", "code-sms")) == ["codes", "partout"]
    assert shown(days=1) == ["demain", "codes", "partout"]
    assert shown(days=2) == ["codes", "partout"]
    assert banners_for(None, None, MONDAY).until == later(days=1)


class TestOnOneDatabase:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_every_process_shows_it_from_the_moment_of_publication_and_no_longer(
        self, app: Flask, desk: Desk, national: Agent
    ) -> None:
        one, other = process(app), process(app)
        assert [each.get("/").status_code for each in (one, other)] == [200, 200]
        browser = desk.sign_in(national)

        send(browser, text="Les SMS n’arrivent plus.", english="Texts do not arrive.")
        for page in PUBLIC:
            assert all("Les SMS n’arrivent plus." in each.get(page).text for each in (one, other)), page
        assert "Texts do not arrive." in desk.app.test_client().get("/en/").text
        assert "fr-notice--warning" not in browser.get("/agent/").text

        assert send(browser, f"{PAGE}/1/fin").status_code == 303
        still = [page for each in (one, other) for page in PUBLIC if "Les SMS n’arrivent plus." in each.get(page).text]
        assert still == []

    def test_the_form_is_never_kept_for_others_while_a_banner_is_to_end(self, app: Flask, national: Agent) -> None:
        ends = utc_now() + timedelta(hours=1)
        write(national, None, notice(ends_at=ends), revision=0, now=MONDAY)
        site = process(app)

        assert field_in(site.get("/demande").text, "token") != field_in(process(app).get("/demande").text, "token")
        assert field_in(site.get("/demande").text, "token") != field_in(site.get("/demande").text, "token")

    def test_an_academys_banner_comes_with_the_postal_code_and_with_the_request(
        self, client: FlaskClient, lyon: Agent
    ) -> None:
        write(lyon, None, notice("Rectorat fermé.", academies=(LYON,)), revision=0, now=MONDAY)
        html = client.get("/demande").text
        assert "Rectorat fermé." not in html

        fields = {"csrf_token": token_in(html), "text": ""}
        here = client.post("/demande", data={**fields, "school_postal_code": "69003"})
        elsewhere = client.post("/demande", data={**fields, "school_postal_code": "75011"})

        assert "Rectorat fermé." in here.text
        assert "Lyon" in here.text
        assert "Rectorat fermé." not in elsewhere.text

    def test_an_academys_banner_is_there_while_its_postal_code_is_typed(
        self, client: FlaskClient, lyon: Agent, national: Agent
    ) -> None:
        write(lyon, None, notice("Rectorat fermé.", academies=(LYON,)), revision=0, now=MONDAY)
        write(national, None, notice("Panne partout."), revision=0, now=MONDAY)

        told = {code: client.get("/bandeaux", query_string={"cp": code}).text for code in ("69003", "75011", "6", "🙂")}

        assert [code for code, text in told.items() if "Rectorat fermé." in text] == ["69003"]
        assert not any("Panne partout." in text for text in told.values())

    def test_an_entry_of_another_topic_does_not_show_it(self, client: FlaskClient, national: Agent) -> None:
        write(national, None, notice("Panne.", topics=("code-sms",)), revision=0, now=MONDAY)

        assert db.session.get_one(Article, 1).topics == ""
        assert "Panne." not in client.get("/questions/telephone").text
        assert "Panne." in client.get("/questions").text

    def test_a_supervisor_of_an_academy_reaches_no_other(self, desk: Desk, lyon: Agent, national: Agent) -> None:
        write(national, None, notice(), revision=0, now=MONDAY)
        browser = desk.sign_in(lyon)

        assert send(browser, text="x", academies=PARIS).status_code == 422
        assert browser.get(f"{PAGE}/1").status_code == send(browser, f"{PAGE}/1/fin").status_code == 404
        for reach in ((), (PARIS,), (LYON, PARIS)):
            with pytest.raises(NotFound):
                write(lyon, None, notice(academies=reach), revision=0, now=MONDAY)
        assert send(browser, text="Fermé.", academies=LYON).status_code == 303
        assert shown(LYON) == ["Les SMS n’arrivent plus."]  # it begins now, after that Monday

    def test_a_double_click_publishes_one_banner(self, desk: Desk, national: Agent) -> None:
        browser = desk.sign_in(national)

        assert [send(browser, text="Panne.").status_code for _ in range(2)] == [303, 303]

        assert [banner.text for banner in db.session.scalars(select(Banner))] == ["Panne."]

    def test_agents_find_no_such_page(self, desk: Desk) -> None:
        browser = desk.sign_in(desk.agent())

        assert browser.get(PAGE).status_code == 404
        assert "Bandeaux" not in browser.get("/agent/").text

    def test_two_supervisors_do_not_overwrite_each_other(self, national: Agent) -> None:
        write(national, None, notice(), revision=0, now=MONDAY)
        write(national, 1, notice("un"), revision=0, now=MONDAY)

        with pytest.raises(Changed):
            write(national, 1, notice("deux"), revision=0, now=MONDAY)

        banner = db.session.get_one(Banner, 1)
        assert (banner.text, [event.text for event in banner.events]) == ("un", ["Les SMS n’arrivent plus.", "un"])

    @pytest.mark.parametrize(
        "fields",
        [
            {"text": ""},
            {"text": "x" * 301},
            {"text": "Gardé", "starts": "demain"},
            {"text": "Gardé", "starts": "2026-12-02T10:00", "ends": "2026-12-01T10:00"},
            {"text": "Gardé", "ends": "2020-01-01T10:00"},
            {"text": "Gardé", "academies": "99"},
            {"text": "Gardé", "csrf_token": "forged"},
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, desk: Desk, national: Agent, fields: dict[str, str]
    ) -> None:
        answer = send(desk.sign_in(national), **fields)

        assert answer.status_code == 422
        assert f'value="{fields["text"]}"' in answer.text
        assert shown() == []

    def test_a_preview_publishes_nothing_and_markup_stays_text(self, desk: Desk, national: Agent) -> None:
        answer = send(desk.sign_in(national), text="<b>Panne</b>", preview="1")

        assert "&lt;b&gt;Panne&lt;/b&gt;</span>" in answer.text
        assert shown() == []

    def test_the_page_and_the_banner_are_accessible(self, site: str, page: Page, national: Agent) -> None:
        write(national, None, notice(academies=(LYON,)), revision=0, now=MONDAY)
        write(national, None, notice("Panne nationale."), revision=0, now=MONDAY)
        dark(page)
        narrow(page)
        page.goto(f"{site}/questions")
        found = [(overflow(page), axe(page))]
        sign_in_by_browser(page, site, national.email)
        page.goto(f"{site}{PAGE}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found.append((overflow(page), axe(page)))

        assert found == [(0, []), (0, [])]
