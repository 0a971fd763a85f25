"""Boxes of the queue in a real browser: kept while the list renews itself, and for every eye."""

import pytest
from playwright.sync_api import Page

from helpdesk.models import Agent
from helpdesk.tickets import actions
from tests.application import Desk, later, sign_in_by_browser
from tests.services.browser import axe, narrow, overflow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_what_is_ticked_stays_so_and_the_pages_fit_a_small_phone(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    email = agent.email
    first, second = desk.ticket(), desk.ticket()
    narrow(page)
    sign_in_by_browser(page, site, email)

    page.click("#tout-cocher")
    page.uncheck(f"#cocher-{first.id}", force=True)
    actions.take(desk.agent(name="Camille Essai"), first.reference, later())
    page.evaluate("dispatchEvent(new Event('fresh'))")
    page.wait_for_selector("text=Camille Essai")
    kept = [page.is_checked(f"#cocher-{ticket.id}") for ticket in (first, second)]
    found: list[object] = [(page.inner_text("#lot-compte"), overflow(page))]
    page.select_option("#lot-acte", "close")
    page.click("#lot [type=submit]")
    page.fill("#motif", "publicité")
    page.press("#motif", "Enter")
    page.wait_for_selector("form[action$=faire]")
    found += [(axe(page), overflow(page))]
    page.click("form[action$=faire] [type=submit]")

    assert kept == [False, True]
    assert found == [("(1)", 0), ([], 0)]
    assert overflow(page) == 0
    assert "C’est fait pour une demande." in page.inner_text("main")
