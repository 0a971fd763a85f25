"""The public pages in a real browser: wide and narrow, light and dark, by keyboard alone, and without scripts."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from helpdesk.tickets.followup import link_secret
from tests.application import Desk
from tests.services import browser as browsers
from tests.services import html

PAGES = {
    "home": "/",
    "questions": "/questions",
    "schools": "/questions/etablissements",
    "answer": "/questions/mot-de-passe-de-mon-enfant",
    "steps": "/questions/se-connecter-a-l-ent",
    "search": "/recherche?q=mot+de+passe",
    "recent": "/questions/nouveautes",
    "integration": "/integration",
    "frame": "/integration/recherche?q=mot+de+passe",
    "nothing": "/recherche?q=recette+de+cr%C3%AApes",
    "form": "/demande",
    "map": "/plan-du-site",
    "accessibility": "/accessibilite",
    "notice": "/mentions-legales",
    "data": "/donnees-personnelles",
    "missing": "/nulle-part",
    "english": "/en/",
    "english-form": "/en/demande",
    "english-answer": "/en/questions/mot-de-passe-de-mon-enfant",
    "demo": "/demo/",
    "mails": "/demo/mails",
}
LONG_NAME = "photo-de-l-ecran-de-mon-telephone-prise-le-lundi-vingt-trois-novembre-au-matin.png"


@pytest.fixture
def follow_up(desk: Desk) -> str:
    """The follow-up page of a request full of long words."""
    ticket = desk.ticket(f"Le message dit : « {'Anticonstitutionnellement' * 3} ».\n\n{LONG_NAME}")
    return f"/suivi/{ticket.reference}/{link_secret(desk.parts.settings.secret_key, ticket.reference, 0)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_small_phone(page: Page, address: str, follow_up: str, scheme: str) -> None:
    if scheme == "dark":
        browsers.dark(page)
    browsers.narrow(page)
    faults = []
    for name, path in {**PAGES, "follow-up": follow_up}.items():
        page.goto(address + path)
        expect(page.locator("html")).to_have_attribute("data-fr-theme", scheme)
        faults += [f"{name}: {fault}" for fault in browsers.axe(page)]
        if sideways := browsers.overflow(page):
            faults.append(f"{name}: {sideways} pixels too wide")

    assert faults == []


def test_every_page_is_accessible_on_a_wide_screen(page: Page, address: str, follow_up: str) -> None:
    faults = []
    for name, path in {**PAGES, "follow-up": follow_up}.items():
        page.goto(address + path)
        faults += [f"{name}: {fault}" for fault in browsers.axe(page)]

    assert faults == []


def test_every_page_is_valid_html(client: FlaskClient, answers: None, follow_up: str, tmp_path: Path) -> None:
    pages = {name: client.get(path).text for name, path in {**PAGES, "follow-up": follow_up}.items()}
    pages["refused-form"] = client.post("/demande", data={"text": ""}).text

    assert html.faults(pages, tmp_path) == []


def test_a_request_is_made_without_scripts(page_without_scripts: Page, address: str) -> None:
    page = page_without_scripts
    browsers.narrow(page)

    page.goto(address)
    assert browsers.overflow(page) == 0
    page.locator("#menu").get_by_role("link", name="Faire une demande").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("#problemes")).to_be_focused()
    page.locator("#problemes").get_by_role("link", name="Il manque votre nom.").click()
    page.keyboard.type("Inventé")
    page.get_by_label("Prénom").fill("Lou")
    page.get_by_label("Numéro de téléphone").fill("06 12 34 56 78")
    page.get_by_label("Votre demande").fill("Le code SMS n’arrive jamais.")
    page.get_by_role("button", name="Envoyer ma demande").click()

    expect(page.get_by_text("bien enregistrée")).to_be_visible()
    expect(page.get_by_text("Le code SMS n’arrive jamais.")).to_be_visible()
    assert browsers.axe(page) == []
    assert browsers.overflow(page) == 0


def test_a_request_is_made_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/demande")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Contenu")).to_be_focused()
    page.keyboard.press("Enter")
    answers = {
        "last_name": "Inventé",
        "first_name": "Lou",
        "email": "lou@famille.example",
        "text": "Le code SMS n’arrive jamais.",
    }
    for _ in range(40):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.type")
        if here in answers:
            page.keyboard.type(answers[here])
        if here == "submit":
            page.keyboard.press("Enter")
            break

    expect(page.get_by_text("bien enregistrée")).to_be_visible()


def test_a_file_comes_along_and_back(page: Page, address: str, tmp_path: Path) -> None:
    picture = tmp_path / LONG_NAME
    picture.write_bytes(b"\x89PNG\r\n\x1a\npixels")

    page.goto(f"{address}/demande")
    page.get_by_label("Nom", exact=True).fill("Inventé")
    page.get_by_label("Prénom").fill("Lou")
    page.get_by_label("Adresse de courriel").fill("lou@famille.example")
    page.get_by_label("Votre demande").fill("Voir la photo.")
    page.get_by_label("Captures d’écran").set_input_files(picture)
    page.get_by_role("button", name="Envoyer ma demande").click()

    with page.expect_download() as download:
        page.get_by_role("link", name=LONG_NAME).click()
    assert download.value.suggested_filename == LONG_NAME


def test_chosen_colours_stay_from_page_to_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Paramètres d’affichage").click()
    page.get_by_text("Couleurs sombres").click()
    page.goto(f"{address}/questions")

    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_the_menu_of_a_phone_opens_and_leads_on(page: Page, address: str) -> None:
    browsers.narrow(page)
    page.goto(address)

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("dialog").get_by_role("link", name="Questions fréquentes").click()

    expect(page).to_have_url(f"{address}/questions")
