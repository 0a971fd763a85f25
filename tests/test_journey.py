"""One request from door to answer in a real browser, scripts on and off: form, queue, answer, mail, follow-up."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.application import Desk, MemoryMailer, sign_in_by_browser
from tests.services.web import serving

EMAIL = "agathe.essai@rectorat.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The verbs behind the pages are tested on both databases; what is walked here does not depend on it."""
    return sqlite_url


@pytest.fixture
def site(app: Flask, desk: Desk) -> Iterator[str]:
    desk.agent()
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("visitor", ["page", "page_without_scripts"])
def test_a_request_travels_from_the_form_to_the_answer(
    request: pytest.FixtureRequest, visitor: str, site: str, mailer: MemoryMailer
) -> None:
    page: Page = request.getfixturevalue(visitor)

    page.goto(f"{site}/demande")
    page.fill("#last_name", "Inventé")
    page.fill("#first_name", "Lou")
    page.fill("#email", "lou@famille.example")
    page.fill("#school_commune", "Lyon")
    page.fill("#school_postal_code", "69003")
    page.fill("#text", "Bonjour, le code SMS n’arrive jamais.")
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/suivi/**")
    follow_up = page.url
    reference = follow_up.split("/suivi/")[1].split("/")[0]

    sign_in_by_browser(page, site, EMAIL)
    page.locator(f"a[href*='{reference}']").first.click()
    page.wait_for_url(f"**/agent/demandes/{reference}*")
    assert "le code SMS n’arrive jamais" in page.locator("main").inner_text()
    page.fill("#reponse", "Demandez au collège de vérifier votre numéro.")
    page.get_by_role("button", name="Envoyer et résoudre").click()
    page.get_by_text("Demandez au collège de vérifier votre numéro.").first.wait_for()

    assert [mail["To"] for mail in mailer.sent] == ["lou@famille.example"] * 2
    body = mailer.sent[1].get_body(("plain",))
    assert body is not None
    assert "Demandez au collège de vérifier votre numéro." in body.get_content()
    page.goto(follow_up)
    assert "Demandez au collège de vérifier votre numéro." in page.locator("main").inner_text()
    assert "Agathe Essai" in page.locator("main").inner_text()
