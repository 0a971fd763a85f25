"""Agents' pages in a real browser: by keyboard alone, on a small screen, without scripts, for every eye."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Dialog, Page

from helpdesk.db import utc_now
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.models import Agent, Ticket
from helpdesk.outbox.mailer import Refused
from helpdesk.people.agents import set_password
from helpdesk.tickets import actions
from helpdesk.vocabulary import Priority, Status
from tests.application import PASSWORD, Desk, MemoryMailer, post, quick_hash, sign_in_by_browser
from tests.services.browser import axe, dark, narrow, overflow
from tests.services.html import faults
from tests.workspace.pages import add_word

EMAIL = "agathe.essai@rectorat.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    agent = desk.agent("assistance-10", "assistance-08")
    set_password(EMAIL, quick_hash())  # one of the tests signs in by keyboard
    return agent


@pytest.fixture
def rich(desk: Desk, agent: Agent, mailer: MemoryMailer) -> Ticket:
    """A ticket with everything that its page can show."""
    long = "https://exemple.example/" + "a" * 120
    ticket = desk.ticket(
        f"Le code n’arrive pas. Voici la page : {long}",
        subject="Impossible d’activer mon compte : le code par SMS n’arrive pas depuis trois semaines",
        sender=Sender("Lou Inventé-de-la-Longue-Famille", "lou.invente@famille.example", "+33639981234"),
        files=(IncomingFile("capture-d-écran-" * 6 + ".png", "image/png", b"\x89PNG\r\n\x1a\n"),),
    )
    desk.ticket(subject="Une autre demande de la même personne", sender=Sender("Lou", "lou.invente@famille.example"))
    actions.set_priority(agent, ticket.reference, Priority.URGENT, now=utc_now())
    actions.note(agent, ticket.reference, "Vu avec le collège.", now=utc_now())
    mailer.fail_with = Refused("l’adresse n’existe pas")
    actions.reply(agent, ticket.reference, "Bonjour", seen=2**40, solve=False, now=utc_now())
    desk.parts.dispatcher.wake()
    return desk.read(ticket.reference)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so, as somebody without a mouse must."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText"
        ).startswith(name):
            return
    raise AssertionError(f"Tab never reaches « {name} »")


def focused(page: Page) -> str:
    """The text of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText"))


def test_from_sign_in_to_solved_by_keyboard_alone(
    site: str, page: Page, desk: Desk, agent: Agent, mailer: MemoryMailer
) -> None:
    ticket = desk.ticket(subject="Code jamais reçu")

    page.goto(f"{site}/agent/")
    tab_to(page, "Adresse de courriel")
    page.keyboard.type(EMAIL)
    tab_to(page, "Mot de passe")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.tickets")
    tab_to(page, "Code jamais reçu")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{ticket.reference}")
    tab_to(page, "Prendre")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fr-alert--success")
    assert focused(page) == "Vous suivez cette demande."
    tab_to(page, "Votre réponse")
    page.keyboard.type("Bonjour, demandez votre code au secrétariat.")
    tab_to(page, "Envoyer et résoudre")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said--out")

    assert focused(page).startswith("Votre réponse est enregistrée")
    assert desk.read(ticket.reference).status is Status.SOLVED
    assert "secrétariat" in str(mailer.sent[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_the_row_of_the_focused_ticket_is_marked(site: str, page: Page, desk: Desk, agent: Agent) -> None:
    desk.ticket(subject="Code jamais reçu")
    sign_in_by_browser(page, site, EMAIL)

    tab_to(page, "Code jamais reçu")

    row = page.locator(".tickets tbody tr")
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"


def test_a_press_anywhere_on_a_row_opens_its_ticket(site: str, page: Page, desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    sign_in_by_browser(page, site, EMAIL)

    last = page.locator(".tickets tbody td").last.bounding_box()
    assert last is not None
    page.mouse.click(last["x"] + 5, last["y"] + 5)

    page.wait_for_url(f"**/{ticket.reference}")


def test_what_went_wrong_is_in_focus(site: str, page: Page, agent: Agent) -> None:
    page.goto(f"{site}/agent/connexion")
    page.fill("#email", EMAIL)
    page.press("#email", "Enter")
    page.wait_for_selector("#problemes")

    assert "Il manque votre mot de passe." in focused(page)


def test_leaving_an_unsent_answer_asks_first(site: str, page: Page, desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    sign_in_by_browser(page, site, EMAIL)
    page.goto(f"{site}/agent/demandes/{ticket.reference}")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)

    page.locator("#reponse").press_sequentially("Un brouillon")
    page.goto(f"{site}/agent/")

    assert asked == ["beforeunload"]


def test_a_double_press_sends_one_answer(site: str, page: Page, desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    sign_in_by_browser(page, site, EMAIL)
    page.goto(f"{site}/agent/demandes/{ticket.reference}")
    page.fill("#reponse", "Bonjour")

    page.get_by_role("button", name="Envoyer", exact=True).dblclick()
    page.wait_for_selector(".said--out")

    assert "Votre réponse est enregistrée" in page.locator("main").inner_text()
    assert [message.direction for message in desk.read(ticket.reference).messages] == ["in", "out"]


def test_everything_works_without_scripts(site: str, page_without_scripts: Page, desk: Desk, agent: Agent) -> None:
    page, ticket = page_without_scripts, desk.ticket()
    sign_in_by_browser(page, site, EMAIL)

    page.goto(f"{site}/agent/demandes/{ticket.reference}")
    page.get_by_text("Transférer à un autre service").click()
    page.select_option("#service", "assistance-08")
    page.fill("#motif-du-transfert", "école à Grenoble")
    page.get_by_role("button", name="Transférer").click()
    page.wait_for_url("**/agent/")

    assert desk.read(ticket.reference).service.slug == "assistance-08"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(site: str, page: Page, desk: Desk, rich: Ticket, scheme: str) -> None:
    if scheme == "dark":
        dark(page)
    found = {}
    page.goto(f"{site}/agent/connexion")
    found["sign-in"] = axe(page)
    sign_in_by_browser(page, site, EMAIL)
    found["queue"] = axe(page)
    page.goto(f"{site}/agent/?vue=mes-demandes")
    page.goto(f"{site}/agent/recherche?q=lou")
    found["found"] = axe(page)
    page.goto(f"{site}/agent/demandes/{rich.reference}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found["ticket"] = axe(page)
    other = desk.ticket("Je ne reçois toujours rien.").reference
    merging = (f"demandes/{rich.reference}/fusion", f"demandes/{rich.reference}/fusion?avec={other}")
    persons = (f"demandes/{rich.reference}/etablissement", f"demandes/{rich.reference}/personne", "personnes/1")
    add_word(desk, rich, "Autre chose : et son frère ?")
    split = f"demandes/{rich.reference}/messages/{desk.read(rich.reference).messages[-1].id}/separer"
    for path in (f"demandes/{rich.reference}/liens", *merging, *persons, split, "touches"):
        page.goto(f"{site}/agent/{path}")
        found[path] = axe(page)

    assert [fault for faults_of_page in found.values() for fault in faults_of_page] == []


def test_no_page_is_wider_than_a_small_phone(site: str, page: Page, rich: Ticket) -> None:
    narrow(page)
    wider = {}
    page.goto(f"{site}/agent/connexion")
    wider["sign-in"] = overflow(page)
    sign_in_by_browser(page, site, EMAIL)
    wider["queue"] = overflow(page)
    page.goto(f"{site}/agent/demandes/{rich.reference}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    wider["ticket"] = overflow(page)
    for path in ("personnes/1", f"demandes/{rich.reference}/etablissement"):
        page.goto(f"{site}/agent/{path}")
        wider[path] = overflow(page)

    assert wider == dict.fromkeys(wider, 0)


def test_every_page_is_right_html(desk: Desk, client: FlaskClient, agent: Agent, rich: Ticket, tmp_path: Path) -> None:
    closed, mine = desk.ticket(), desk.ticket(sender=Sender("Anoki Conte", phone="+33639980102"))
    actions.close(agent, closed.reference, "doublon", now=utc_now())
    actions.take(agent, mine.reference, utc_now())
    pages = {"sign-in": client.get("/agent/connexion"), "refused": post(client, "/agent/connexion", {"email": "a"})}
    pages["session-over"] = client.post(f"/agent/demandes/{rich.reference}/reponse", data={"text": "a", "seen": "1"})
    signed_in = desk.sign_in(agent)
    ticket = f"/agent/demandes/{rich.reference}"
    pages |= {
        "queue": signed_in.get("/agent/"),
        "empty": signed_in.get("/agent/?vue=terminees&service=assistance-08"),
        "found": signed_in.get("/agent/recherche?q=lou"),
        "not-found": signed_in.get("/agent/demandes/EC-0000-0000"),
        "ticket": signed_in.get(ticket),
        "mine": signed_in.get(f"/agent/demandes/{mine.reference}"),
        "closed": signed_in.get(f"/agent/demandes/{closed.reference}"),
        "person": signed_in.get(f"/agent/personnes/{rich.person_id}"),
        "who": signed_in.get(f"{ticket}/personne"),
        "school": post(signed_in, f"{ticket}/etablissement", {"school_commune": "Nice", "look": "1"}),
        "reply-refused": post(signed_in, f"{ticket}/reponse", {"text": ""}, page=ticket),
        "transfer-refused": post(signed_in, f"{ticket}/transfert", {"service": "", "reason": ""}, page=ticket),
    }

    assert faults({name: answer.text for name, answer in pages.items()}, tmp_path) == []
