"""Answering in a real browser: what scripts add, by keyboard, and that they take nothing away."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.models import Agent, CannedAnswer, Service
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
        service = session.scalars(select(Service.id).where(Service.slug == "assistance-10")).one()
        given = {"service_id": service, "changed_by_id": agent.id}
        for number, key in enumerate(("code-sms", "fratrie", "ent", "merci", "portable", "adresse")):
            text = f"Bonjour {{nom}}, voyez {{établissement}}. Modèle {number}."
            session.add(CannedAnswer(key=key, title=f"Élève {key}", text=text, **given))
    return agent


def test_a_model_is_found_inserted_completed_kept_and_sent_without_the_mouse_then_taken_back(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    ticket, colleague = desk.ticket(), desk.agent(name="Basile Essai")
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
    holds.keep(colleague, ticket.reference, utc_now(), writing=True)
    page.get_by_role("button", name="Annuler l’envoi").press("Enter")
    page.wait_for_selector(".fr-alert--success:has-text('Envoi annulé')")

    back = page.input_value("#reponse")
    narrow(page)
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    found = [(axe(page), overflow(page))]
    page.goto(f"{site}/agent/modeles/1")
    found.append((axe(page), overflow(page)))

    assert kept == "Bonjour Lou Inventé, voyez le collège Fictif. Modèle 1."
    assert back == kept
    assert [message.direction for message in desk.read(ticket.reference).messages] == ["in"]
    assert found == [([], 0)] * 2, "accessible, and not wider than a small phone"


def test_a_colleague_is_named_in_a_note_by_two_letters_and_one_key(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    ticket, _colleague = desk.ticket(), desk.agent(name="Basile Essai")
    sign_in_by_browser(page, site, agent.email)
    page.goto(f"{site}/agent/demandes/{ticket.reference}")

    page.focus("summary[data-key=n]")
    page.keyboard.press("Enter")
    page.focus("#note")
    page.keyboard.type("Vu avec @ba")
    page.wait_for_selector("#collegues [aria-selected=true]:has-text('Basile Essai')")
    problems = axe(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("#collegues", state="hidden")
    page.keyboard.type(" puis @bas")
    page.wait_for_selector("#collegues [aria-selected=true]")
    page.keyboard.press("Enter")

    assert problems == []
    assert page.input_value("#note").strip() == "Vu avec @ba puis @basile.essai"
    assert page.evaluate("document.activeElement.id") == "note"
