"""Agents on the phone in a real browser: for every eye, what scripts add, and all of it without them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import Sender
from helpdesk.models import Agent, Ticket
from helpdesk.outbox.segments import count, plain
from helpdesk.outbox.texting import FolderTexter, Texter
from helpdesk.tickets.calls.asking import ask_call_back
from helpdesk.tickets.calls.plan import CallBackReason
from tests.application import Desk, sign_in_by_browser
from tests.services import html
from tests.services.browser import axe, narrow, overflow
from tests.services.web import serving
from tests.workspace.pages import page_of

LOU = "+33639980111"
WRITTEN = ("Bonjour", "L’école « Jean Moulin » vous rappelle…", "Même ça € ^ 😀", "a" * 500, "ê" * 200)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def texter(tmp_path: Path) -> Texter | None:
    return FolderTexter(tmp_path / "texts")


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """Of somebody without mail, who has waited for a call for days; another one of the same number beside it."""
    now = utc_now()
    desk.ticket("Je ne reçois pas le code par SMS.", sender=Sender(phone=LOU), now=now)
    waits = desk.ticket("Je ne reçois pas le code par SMS.", sender=Sender("Lou Inventé", phone=LOU), now=now)
    with transaction() as session:
        held = session.get_one(Ticket, waits.id)
        days_ago = now - timedelta(days=4)
        ask_call_back(session, ticket=held, slot=None, reason=CallBackReason.ASKED, now=days_ago)
    return desk.read(waits.reference)


@pytest.fixture
def site(app: Flask, ticket: Ticket, agent: Agent) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_the_pages_are_accessible_and_fit_a_small_phone(site: str, page: Page, agent: Agent, ticket: Ticket) -> None:
    pages = ["/agent/rappels", "/agent/appel", page_of(ticket)]
    narrow(page)
    sign_in_by_browser(page, site, agent.email)
    found: dict[str, object] = {}

    for path in pages:
        page.goto(site + path)
        found[path] = (axe(page), overflow(page))

    assert found == dict.fromkeys(pages, ([], 0))


def test_the_pages_are_right_html(desk: Desk, agent: Agent, ticket: Ticket, tmp_path: Path) -> None:
    client = desk.sign_in(agent)
    paths = {"calls": "/agent/rappels", "sheet": "/agent/appel", "ticket": page_of(ticket), "texts": "/demo/sms/"}

    assert html.faults({name: client.get(path).text for name, path in paths.items()}, tmp_path) == []


def test_the_page_counts_a_text_message_as_the_server_does(
    site: str, page: Page, agent: Agent, desk: Desk, ticket: Ticket
) -> None:
    around = desk.parts.letters.around(ticket)
    sign_in_by_browser(page, site, agent.email)
    page.goto(site + page_of(ticket))

    said = {}
    for text in WRITTEN:
        page.fill("#reponse", text)
        said[text] = page.inner_text("#sms-compte")

    for text in WRITTEN:
        counted = count(plain(f"{text}\n\n{around}"))
        assert f"{counted.segments} SMS" in said[text]
        assert f"{counted.characters} caractères" in said[text]
        assert ("ê ou ç" in said[text]) is counted.wide


def test_what_is_beside_a_call_follows_what_is_typed(site: str, page: Page, agent: Agent) -> None:
    sign_in_by_browser(page, site, agent.email)
    page.goto(f"{site}/agent/appel")

    page.fill("#phone", "06 39 98 01 11")
    page.fill("#school_postal_code", "69003")
    page.fill("#text", "Son code n’arrive pas")

    page.wait_for_selector("#cote >> text=Je ne reçois pas le code par SMS.")
    page.wait_for_selector("#cote >> text=académie de Lyon")
    page.press("#text", "Tab")
    page.press("#answer", "Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/demandes/*")
    page.locator("summary", has_text="Historique").click()
    assert "informé la personne" in page.inner_text("main")


def test_without_scripts_a_call_is_noted_and_looked_at(
    site: str, page_without_scripts: Page, agent: Agent, ticket: Ticket
) -> None:
    page = page_without_scripts
    sign_in_by_browser(page, site, agent.email)
    page.goto(f"{site}/agent/appel")
    page.fill("#phone", "06 39 98 01 11")
    page.click("text=Aperçu")
    assert "Je ne reçois pas le code par SMS." in page.inner_text("#cote")
    assert page.input_value("#phone") == "06 39 98 01 11"

    page.goto(f"{site}/agent/rappels")
    assert "En retard (1)" in page.inner_text("main")
    page.click("button:has-text('Joint')")
    page.wait_for_url(f"**{page_of(ticket)}*")

    assert "Comme convenu au téléphone" in page.input_value("#reponse")
    assert db.session.scalars(select(Ticket.assignee_id).where(Ticket.id == ticket.id)).one() is not None
