"""The editors' pages in a real browser: the live preview, the keyboard, every eye, a small screen."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from helpdesk.db import db
from helpdesk.knowledge import drafts, editors
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent, Draft
from helpdesk.people.agents import set_password
from helpdesk.vocabulary import EditorRole, Readers
from tests.application import MONDAY, PASSWORD, Desk, quick_hash
from tests.services.browser import axe, dark, narrow, overflow
from tests.services.web import serving

ENTRIES = "/agent/fiches"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def editor(app: Flask, desk: Desk) -> Agent:
    """Who is writing the next version of the only entry."""
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    apply(Document((Section("Comptes", (phone,), "comptes"),)), "faq.md", MONDAY)
    agent = desk.agent(name="Edith Essai")
    editors.set_role(agent.email, EditorRole.REVIEWER)
    set_password(agent.email, quick_hash())
    drafts.start(agent, 1, "fr", MONDAY)
    drafts.save(agent, 1, Written("Mon numéro ?", "Au secrétariat.", section="comptes"), revision=0, now=MONDAY)
    return agent


def sign_in(page: Page, site: str, agent: Agent, way_on: str) -> None:
    page.goto(f"{site}/agent/connexion?next={way_on}")
    page.fill("#email", agent.email)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"**{way_on}")


def test_an_entry_is_written_with_the_keyboard_beside_its_preview(site: str, page: Page, editor: Agent) -> None:
    sign_in(page, site, editor, f"{ENTRIES}/preparation/1/texte")

    page.locator("#reponse").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Au **principal**. <script>alert(1)</script>")
    expect(page.locator("#apercu strong")).to_have_text("principal")
    expect(page.locator("#apercu")).to_contain_text("« <script> » : le HTML n’est pas lu")
    page.keyboard.press("Control+A")
    page.keyboard.type("Au **principal**.")
    page.get_by_role("button", name="Enregistrer", exact=True).focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{ENTRIES}/preparation/1")
    db.session.rollback()
    assert db.session.get_one(Draft, 1).answer == "Au **principal**."


def test_the_second_of_two_editors_is_shown_both_texts_and_decides(
    site: str, page: Page, editor: Agent, desk: Desk
) -> None:
    sign_in(page, site, editor, f"{ENTRIES}/preparation/1/texte")
    colleague = desk.agent(name="René Essai")
    editors.set_role(colleague.email, EditorRole.REVIEWER)
    drafts.save(colleague, 1, Written("Mon numéro ?", "À la mairie.", section="comptes"), revision=1, now=MONDAY)

    page.locator("#reponse").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Au principal.")
    save = page.get_by_role("button", name="Enregistrer", exact=True)
    save.press("Enter")
    page.wait_for_selector("text=Enregistré par René Essai")

    assert page.input_value("#reponse") == "Au principal."
    assert axe(page) == []
    db.session.rollback()
    assert db.session.get_one(Draft, 1).answer == "À la mairie."


def test_the_pages_are_accessible_and_fit_a_small_phone(site: str, page: Page, editor: Agent) -> None:
    dark(page)
    narrow(page)
    sign_in(page, site, editor, ENTRIES)
    found = {}
    for path in (
        "/1",
        "/preparation/1",
        "/preparation/1/texte",
        "",
        "/nouvelle",
        "/mesures",
        "/synonymes",
        "/equipe",
        "/import",
    ):
        page.goto(f"{site}{ENTRIES}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found[path] = (overflow(page), axe(page))

    assert found == {path: (0, []) for path in found}
