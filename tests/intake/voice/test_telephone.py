"""The telephone of the demo, in a real browser: from the first ring to the call that the agent owes."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.duties import fetch_due_recordings
from helpdesk.models import CallBack, Outgoing, Ticket
from helpdesk.outbox.post import ANSWER
from helpdesk.outbox.texting import FolderTexter, Texter
from helpdesk.tickets.calls.plan import CallBackState
from helpdesk.vocabulary import Channel
from tests.application import Desk, field_in, post, sign_in_by_browser, token_in
from tests.services.browser import axe, narrow, overflow

PAGE = "/demo/telephone/"


@pytest.fixture
def texter(tmp_path: Path) -> Texter | None:
    """As on a laptop: texts go into a folder."""
    return FolderTexter(tmp_path / "texts")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_a_call_becomes_a_ticket_that_the_agent_hears(site: str, page: Page, desk: Desk) -> None:
    agent = desk.agent().email
    page.goto(site + PAGE)
    press(page, "Appeler")
    assert "Bonjour. Vous êtes à l’assistance EduConnect." in page.locator(".screen").inner_text()
    assert axe(page) == []
    page.fill("#keys", "69")
    press(page, "Taper")
    for key in ("1", "1", "1", "dièse, ou attendre sans répondre"):
        press(page, key)
    page.fill("#said", "Bonjour, je suis Lou Inventé, j’ai perdu mon mot de passe <b>hier</b>.")
    press(page, "Taper dièse")
    assert "Merci, votre demande est enregistrée." in page.locator(".screen").inner_text()

    db.session.rollback()
    assert fetch_due_recordings(desk.parts, utc_now()) == 1
    reference = db.session.scalars(select(Ticket)).one().reference
    sign_in_by_browser(page, site, agent)
    page.goto(f"{site}/agent/demandes/{reference}")

    words = page.locator("main").inner_text()
    assert "Transcription automatique du message vocal" in words
    assert "mot de passe <b>hier</b>" in words
    length = (
        "node => new Promise(done => { node.onloadedmetadata = () => done(node.duration); node.preload = 'auto'; })"
    )
    assert page.locator("audio").evaluate(length) == 20
    narrow(page)
    assert overflow(page) == 0


def test_a_call_asks_for_a_call_back_and_the_agent_calls_and_writes_what_was_said(
    site: str, page: Page, desk: Desk
) -> None:
    page.goto(site + PAGE)
    page.fill("[name=number]", "06 39 98 12 34")
    press(page, "Appeler")
    page.fill("#keys", "59")
    press(page, "Taper")
    for key in ("1", "6", "2", "4"):
        press(page, key)
    db.session.rollback()
    owed = db.session.scalars(select(CallBack)).one()
    agent = desk.agent(owed.ticket.service.slug).email

    sign_in_by_browser(page, site, agent)
    page.goto(f"{site}/agent/rappels")
    assert page.get_by_role("link", name="06 39 98 12 34").get_attribute("href") == "tel:+33639981234"
    assert axe(page) == []
    page.get_by_role("button", name="Joint").first.click()
    page.wait_for_url("**/agent/demandes/**")
    memo = page.input_value("#reponse")
    page.fill("#reponse", re.sub(r"\[à compléter.*?\]", "le collège change votre numéro", memo))
    page.locator("#formulaire-reponse button[name=solve]").click()
    page.wait_for_selector(".fr-badge--success")

    db.session.rollback()
    assert memo
    assert db.session.scalars(select(CallBack.state)).one() == CallBackState.REACHED
    sent = db.session.scalars(select(Outgoing).where(Outgoing.kind == ANSWER)).one()
    assert (sent.channel, sent.to_address) == (Channel.SMS, "+33639981234")


def test_a_call_back_asked_for_by_keys_is_owed(client: FlaskClient) -> None:
    page = post(client, PAGE, {"act": "call", "number": "06 39 98 12 34"}).text
    for keys in ("59", "1", "6", "2", "4"):
        fields = {name: field_in(page, name) for name in ("sid", "action", "number")}
        page = client.post(PAGE, data={**fields, "csrf_token": token_in(page), "act": "keys", "keys": keys}).text

    assert "dès que possible" in page
    assert db.session.scalars(select(CallBack)).one().number == "+33639981234"


def test_whatever_is_pressed_the_page_answers(client: FlaskClient) -> None:
    for fields in (
        {"act": "keys", "sid": "CA1; --", "action": "/agent/", "keys": "x" * 5000},
        {"act": "record", "sid": "CA" + "0" * 32, "action": "http://exemple.example/", "seconds": "-1"},
        {"act": "hang-up", "sid": "CA" + "f" * 32, "number": "\x00"},
        {"act": "say", "said": "\U0001f600" * 4000, "number": "anonymous"},
        {},
    ):
        assert post(client, PAGE, fields).status_code == 200


def test_a_press_from_another_site_calls_nobody(client: FlaskClient) -> None:
    assert client.post(PAGE, data={"act": "call"}).status_code == 400
