"""A vote in a real browser: without scripts, every eye, a small screen in dark colours."""

import pytest
from playwright.sync_api import Page

from tests.services.browser import axe, dark, narrow, overflow

pytestmark = pytest.mark.usefixtures("faq")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


def test_a_parent_says_no_and_why(site: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    dark(page)
    narrow(page)

    page.goto(f"{site}/questions/telephone")
    found = [(overflow(page), axe(page))]
    page.get_by_role("button", name="Non").press("Enter")
    page.wait_for_url("**/avis/*")
    found.append((overflow(page), axe(page)))
    page.get_by_text("Je n’ai pas compris").click()
    page.get_by_role("button", name="Envoyer").press("Enter")
    page.wait_for_url("**/avis/*?dit=1")

    assert found == [(0, []), (0, [])]
    assert page.get_by_text("C’est noté").is_visible()
    assert page.context.cookies() == []


def test_a_parent_searches_reads_and_votes_by_keyboard_alone(site: str, page: Page) -> None:
    page.goto(f"{site}/")
    page.focus("input[type=search]")  # the skip links lead here
    page.keyboard.type("jai changer de tel a ki le dir")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?**")
    first = page.get_by_role("link", name="Mon numéro a changé")
    first.focus()
    seen = axe(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/telephone**")
    page.get_by_role("button", name="Oui").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/avis/**")

    assert seen == []
    assert page.locator("h1").inner_text()
    assert page.context.cookies() == []
