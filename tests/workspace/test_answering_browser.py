"""Answering in a real browser: what scripts add, by keyboard, and that they take nothing away."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from helpdesk.db import db, transaction, utc_now
from helpdesk.models import Agent, CannedAnswer
from helpdesk.settings import Settings
from helpdesk.tickets import drafts, holds
from helpdesk.vocabulary import Role
from tests.application import Desk, sign_in_by_browser
from tests.services.browser import axe, narrow, overflow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, undo_seconds=30)


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """A supervisor, with model answers enough to be searched."""
    agent = desk.agent(role=Role.SUPERVISOR)
    with transaction() as session:
        for number, key in enumerate(("code-sms", "fratrie", "ent", "merci", "portable", "adresse")):
            text = f"Bonjour {{nom}}, voyez {{établissement}}. Modèle {number}."
            session.add(CannedAnswer(key=key, title=f"Élève {key}", text=text, changed_by_id=agent.id))
    return agent


def test_a_model_is_found_inserted_completed_kept_and_sent_without_the_mouse_then_taken_back(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    ticket = desk.ticket()
    sign_in_by_browser(page, site, agent.email)
    page.goto(f"{site}/agent/demandes/{ticket.reference}")

    page.focus("summary[data-key=m]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chercher-modele:focus")
    page.keyboard.type("eleve frat")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reponse:focus")
    page.keyboard.type("le collège Fictif")  # over the gap, which is selected
    page.keyboard.press("Tab")  # which keeps it at once
    page.wait_for_selector("#brouillon:has-text('Brouillon gardé à')")
    draft = drafts.of(db.session(), agent, desk.read(ticket.reference))
    assert draft is not None
    kept = draft.text
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".leaving")
    page.get_by_role("button", name="Annuler l’envoi").press("Enter")
    page.wait_for_selector(".fr-alert--success:has-text('Envoi annulé')")

    assert kept == "Bonjour Lou Inventé, voyez le collège Fictif. Modèle 1."
    assert page.input_value("#reponse") == kept
    assert [message.direction for message in desk.read(ticket.reference).messages] == ["in"]


def test_the_page_with_all_its_help_is_accessible_and_fits_a_phone(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    ticket, colleague = desk.ticket(), desk.agent(name="Basile Essai")
    holds.keep(colleague, ticket.reference, utc_now(), writing=True)
    sign_in_by_browser(page, site, agent.email)
    narrow(page)
    found = {}
    for address in (f"/agent/demandes/{ticket.reference}", "/agent/modeles/1"):
        page.goto(site + address)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        found[address] = (axe(page), overflow(page))

    assert found == dict.fromkeys(found, ([], 0))
