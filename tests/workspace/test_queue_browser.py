"""The queue in a real browser: its keys, a list that keeps itself fresh, and for every eye."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from helpdesk.db import utc_now
from helpdesk.models import Agent
from helpdesk.people.agents import set_password
from helpdesk.tickets import actions
from tests.application import PASSWORD, Desk, quick_hash
from tests.services.browser import axe, dark, narrow, overflow
from tests.services.web import serving


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    agent = desk.agent("assistance-10", "assistance-08")
    set_password(agent.email, quick_hash())
    return agent


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def sign_in(page: Page, site: str, email: str, path: str = "/agent/") -> None:
    page.goto(f"{site}/agent/connexion?next={path}")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector("#file")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def test_the_list_is_worked_by_keys_and_the_focus_is_never_lost(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    email = agent.email
    first, second = (desk.ticket(subject=subject, now=utc_now()).reference for subject in ("Première", "Deuxième"))
    sign_in(page, site, email)

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Deuxième"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Première"

    page.keyboard.press("?")
    assert page.locator("#touches").is_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert focused(page) == "Première"

    page.keyboard.press("/")
    page.keyboard.type("jn?s")
    assert page.input_value("#chercher") == "jn?s"

    # Freshness: a colleague takes the second ticket, the row changes under the same focus.
    page.locator(".tickets__what a").first.focus()
    actions.take(desk.agent(name="Camille Essai"), second, utc_now())
    page.evaluate("dispatchEvent(new Event('fresh'))")
    page.wait_for_selector("text=Camille Essai")
    assert focused(page) == "Première"
    page.wait_for_function("document.querySelector('#file-dite').textContent !== ''")

    page.keyboard.press("s")
    page.wait_for_url(f"**/agent/demandes/{first}")


def test_the_list_is_for_every_eye_and_its_keys_can_be_switched_off(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    desk.ticket(subject="Seule")
    sign_in(page, site, agent.email, "/agent/%3Fcanal=formulaire%26statut=x")
    for summary in page.locator("main details > summary").all():
        if not summary.evaluate("element => element.parentElement.open"):
            summary.click()

    assert axe(page) == []
    dark(page)
    narrow(page)
    assert axe(page) == []
    assert overflow(page) == 0

    page.locator("h1").click()
    page.keyboard.press("?")
    page.check("#sans-touches", force=True)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) != "Seule"
