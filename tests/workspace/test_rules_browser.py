"""The rules' pages in a real browser: for every eye, on a small screen, without scripts."""

import pytest
from playwright.sync_api import Page

from helpdesk.db import db
from helpdesk.models import Agent
from helpdesk.routing import rulebooks
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, sign_in_by_browser
from tests.services.browser import axe, dark, narrow, overflow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    """Who has published a change, and is preparing another that is not right yet."""
    agent = desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)
    desk.ticket()
    text = desk.parts.routing.rulebook.text
    long = '[[rule]]\nname = "{}"\nacademy = ["10"]\nservice = "{}"\nbecause = "Grenoble répond"\n\n'
    first, second = (rulebooks.start_draft(agent, desk.parts.routing, None, MONDAY) for _draft in range(2))
    changed = long.format("lyon-" + "a" * 55, "assistance-08") + text
    rulebooks.save_draft(agent, first, changed, revision=0, now=MONDAY)
    rulebooks.save_draft(agent, second, long.format("essai", "assistance-08") + text, revision=0, now=MONDAY)
    rulebooks.publish(agent, first, "Lyon déménage", revision=1, over=0, routing=desk.parts.routing, now=MONDAY)
    return agent


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_small_phone(site: str, page: Page, supervisor: Agent, scheme: str) -> None:
    if scheme == "dark":
        dark(page)
    narrow(page)
    sign_in_by_browser(page, site, supervisor.email)
    found = {}
    for path in (
        "",
        "/historique",
        "/versions/1",
        *(f"/brouillons/2{part}" for part in ("", "/regles/1", "/texte", "/rejeu")),
    ):
        page.goto(f"{site}/agent/regles{path}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found[path] = (overflow(page), axe(page))

    assert found == {path: (0, []) for path in found}


def test_a_rule_is_changed_and_published_without_scripts(
    site: str, page_without_scripts: Page, supervisor: Agent, desk: Desk
) -> None:
    page = page_without_scripts
    sign_in_by_browser(page, site, supervisor.email)

    page.goto(f"{site}/agent/regles/brouillons/2/regles/1")
    page.get_by_text("Courriel", exact=True).click()
    page.get_by_role("button", name="Enregistrer dans le brouillon").click()
    page.get_by_role("button", name="Descendre essai").click()
    page.fill("#motif", "essai")
    page.get_by_role("button", name="Publier ces règles").click()
    page.wait_for_url("**/agent/regles")

    assert "Version 3 des règles en vigueur" in page.locator("main").inner_text()
    db.session.rollback()
    assert [version.number for version in rulebooks.publications(supervisor)] == [3, 2, 1]
