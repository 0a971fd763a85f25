"""The supervisors' pages for every eye: in both schemes, on a small phone, by the rules of accessibility."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page

from helpdesk.db import utc_now
from helpdesk.routing import corrections
from helpdesk.tickets import actions, closings, sharing, telling
from helpdesk.tickets.incidents import joining, records
from helpdesk.tickets.incidents.records import Said
from helpdesk.vocabulary import Assignment, Role
from tests.application import Desk, sign_in_by_browser
from tests.services.browser import axe, dark, narrow, overflow
from tests.services.web import serving


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def site(app: Flask, desk: Desk) -> Iterator[str]:
    """With everything that the pages can show, long names included."""
    chief = desk.agent("assistance-10", "assistance-08", name="Claude Essai", role=Role.SUPERVISOR)
    other = desk.agent(name="Marie-Antoinette Essai-de-la-Longue-Famille")
    now, other_id = utc_now(), other.id
    today = now.astimezone(ZoneInfo("Europe/Paris")).date()  # of the service: at night not that of UTC
    first, second = (desk.ticket(now=now).reference for _ in range(2))
    corrections.correct(chief, first, "assistance-08", "securite-donnees", "école à Vienne, en Isère", now=now)
    actions.take(other, second, now)
    sharing.set_sharing(chief, "assistance-10", Assignment.ROUND_ROBIN, {other_id})
    sharing.add_absence(chief, "assistance-10", other_id, today, today + timedelta(days=9), now=now)
    closings.plan(chief, "assistance-10", "scolarite-10", today, today, "fermeture du rectorat", now=now)
    incident = Said("Les codes n’arrivent plus", "L’opérateur est prévenu.", ("10",), (), "", now)
    joining.attach(chief, records.write(chief, "token", incident, now), second, now)
    telling.watch(chief, second)
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_small_phone(site: str, page: Page, scheme: str) -> None:
    if scheme == "dark":
        dark(page)
    narrow(page)
    sign_in_by_browser(page, site, "claude.essai@rectorat.example")
    found: dict[str, object] = {}

    incidents = ("incidents", "incidents/nouveau", "incidents/1", "incidents/1/reponse", "pour-moi")
    service, figures = "service/assistance-10", ("charge", "charge/assistance-10", "chiffres?periode=7&par=sujet")
    for path in (
        "justesse",
        *figures,
        service,
        f"{service}/agents/2/demandes",
        "modeles",
        "modeles/nouveau",
        "etiquettes",
        *incidents,
    ):
        page.goto(f"{site}/agent/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found[path] = (axe(page), overflow(page))

    assert found == dict.fromkeys(found, ([], 0))
