"""While a request is typed, in a real browser: answers below the text, what is wrong in the académie, nothing lost."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.knowledge.readers.banners import Notice, write
from helpdesk.models import Proposal
from helpdesk.vocabulary import Outcome, Role
from tests.application import MONDAY, Desk
from tests.services.browser import axe

TYPED = "Mon numéro a changé, à qui le dire ?"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.usefixtures("faq")
def test_answers_and_banners_come_while_one_types(site: str, page: Page, desk: Desk) -> None:
    lyon = desk.agent("assistance-10", role=Role.SUPERVISOR)
    write(lyon, None, Notice("Rectorat fermé.", "", ("10",), (), MONDAY, None), revision=0, now=MONDAY)
    page.goto(f"{site}/demande")
    expect(page.get_by_text("Rectorat fermé.")).to_have_count(0)

    page.fill("#school_postal_code", "69003")
    page.locator("#text").press_sequentially(TYPED)

    expect(page.get_by_text("Rectorat fermé.")).to_be_visible()
    answer = page.get_by_role("link", name="Mon numéro a changé : à qui le dire ?")
    expect(answer).to_be_visible()
    assert axe(page) == []
    answer.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.wait_for_url("**/questions/telephone")
    expect(page.locator("#text")).to_have_value(TYPED)

    page.get_by_role("button", name="C’est réglé").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Rien n’a été envoyé")).to_be_focused()
    db.session.rollback()
    assert [one.outcome for one in db.session.scalars(select(Proposal))] == [Outcome.SOLVED]
