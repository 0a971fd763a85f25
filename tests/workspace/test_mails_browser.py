"""The administrators' pages of mails for every eye: in both schemes, on a small phone, in right HTML."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailroom import settle_due
from helpdesk.models import Agent, IncomingMail, MailboxHealth
from tests.application import Desk, sign_in_by_browser
from tests.intake.mails import a_mail
from tests.services import html
from tests.services.browser import axe, dark, narrow, overflow
from tests.services.web import serving

MAILS = (
    a_mail("Bonjour, code jamais reçu.", subject="Un sujet très long, " * 9),
    a_mail("Je suis absente.", message_id="<deux@famille.example>", Auto_Submitted="auto-replied"),
    b"",
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def admin(desk: Desk) -> Agent:
    agent_id = desk.agent(name="Ada Essai").id
    now = utc_now()
    with transaction() as session:
        session.get_one(Agent, agent_id).is_admin = True
        session.add(
            MailboxHealth(name="depot", next_try=now, failing_since=now, failures=2, problem="mot de passe refusé")
        )
    keep([(raw, Place("depot", 1, str(number))) for number, raw in enumerate(MAILS)], desk.parts.files, now)
    settle_due(desk.parts, now)
    return db.session.get_one(Agent, agent_id)


def paths() -> list[str]:
    mails = [f"/agent/courriels/{number}" for number in db.session.scalars(select(IncomingMail.id))]
    assert len(mails) == len(MAILS)
    lists = [f"/agent/courriels?issue={outcome}" for outcome in ("ticket", "automatic", "unreadable", "en-attente")]
    return [*lists, *mails, "/agent/sante"]


@pytest.fixture
def site(app: Flask, admin: Agent) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_small_phone(site: str, page: Page, admin: Agent, scheme: str) -> None:
    pages = paths()
    if scheme == "dark":
        dark(page)
    narrow(page)
    sign_in_by_browser(page, site, "ada.essai@rectorat.example")
    found: dict[str, object] = {}

    for path in pages:
        page.goto(site + path)
        found[path] = (axe(page), overflow(page))

    assert found == dict.fromkeys(pages, ([], 0))


def test_the_pages_are_right_html(desk: Desk, admin: Agent, tmp_path: Path) -> None:
    client = desk.sign_in(admin)
    pages = {str(number): client.get(path).text for number, path in enumerate(paths())}

    assert html.faults(pages, tmp_path) == []
