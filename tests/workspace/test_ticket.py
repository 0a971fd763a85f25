"""The page of a ticket: what it tells."""

import re

import pytest
from flask.testing import FlaskClient

from helpdesk.db import transaction, utc_now
from helpdesk.intake.message import IncomingFile, SchoolHint, Sender
from helpdesk.models import Agent, Message
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Level
from tests.application import Desk
from tests.workspace.pages import main_of, page_of, title_of, words_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


def test_the_title_tells_the_ticket(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket(subject="Code jamais reçu")

    assert title_of(signed_in.get(page_of(ticket))).startswith(f"Code jamais reçu – {ticket.reference} – Nouvelle")


def test_the_person_is_told_with_every_way_to_reach_them(desk: Desk, signed_in: FlaskClient) -> None:
    school = SchoolHint("collège Jean Moulin", "Lyon", "69005", "0690001A", Level.SECOND)
    ticket = desk.ticket(sender=Sender("Lou Inventé", "lou@famille.example", "+33639981234"), school=school)

    page = signed_in.get(page_of(ticket))

    assert 'href="tel:+33639981234"' in page.text
    assert 'href="mailto:lou@famille.example"' in page.text
    for words in ("Lou Inventé", "06 39 98 12 34", "collège Jean Moulin, 69005 Lyon", "Collège ou lycée", "0690001A"):
        assert words in main_of(page)


def test_the_other_parent_behind_a_shared_address_is_named(desk: Desk, signed_in: FlaskClient) -> None:
    desk.ticket(sender=Sender("Lou Inventé", "maison@famille.example"))
    ticket = desk.ticket(sender=Sender("Nour Fictif", "maison@famille.example"))

    assert "Adresse déjà utilisée par : Lou Inventé" in main_of(signed_in.get(page_of(ticket)))


def test_the_persons_other_tickets_are_one_press_away(desk: Desk, signed_in: FlaskClient) -> None:
    first, second = desk.ticket(subject="La première"), desk.ticket(subject="La seconde")
    elsewhere = desk.ticket(subject="Ailleurs", school=SchoolHint(commune="Grenoble", postal_code="38000"))

    page = signed_in.get(page_of(second))

    assert f'href="{page_of(first)}">La première</a>' in page.text
    assert elsewhere.subject not in page.text


def test_why_here_gives_the_reason_and_the_words_that_were_read(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket("Le code SMS n’arrive pas.", school=SchoolHint(commune="Lyon", postal_code="69003"))
    decision = next(event.data for event in ticket.events if event.kind == history.ROUTED)

    page = main_of(signed_in.get(page_of(ticket)))

    assert words_of(decision["because"]) in page
    assert "Code postal" in page
    assert "« 69003 », dans le formulaire" in page


def test_after_a_transfer_why_here_tells_that_first(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    other = desk.sign_in(desk.agent("assistance-08", name="Basile Essai"))
    actions.transfer(agent, ticket.reference, "assistance-08", "école à Grenoble", now=utc_now())

    page = main_of(other.get(page_of(ticket)))

    assert re.search(r"Pourquoi ici \? Agathe Essai a transféré .* : école à Grenoble\. À l’arrivée :", page)


def test_quoted_text_is_folded_away(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    with transaction() as session:
        session.get_one(Message, ticket.messages[0].id).quoted = "Le 3 mars vous écriviez"

    html = signed_in.get(page_of(ticket)).text

    assert re.search(r"<details[^>]*>\s*<summary>Texte cité</summary>\s*<p>Le 3 mars vous écriviez", html)


def test_a_file_is_told_with_type_and_size(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket(files=(IncomingFile("écran.pdf", "application/pdf", b"%PDF-" + b"x" * 120_000),))

    assert "Télécharger écran.pdf PDF, 120 Ko" in main_of(signed_in.get(page_of(ticket)))


def test_tags_that_people_write_stay_text(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket("<script>alert(1)</script>", subject="<b>gras</b>", sender=Sender("<i>Lou</i>", "l@a.example"))

    html = signed_in.get(page_of(ticket)).text

    assert "<script>alert" not in html
    assert "<b>gras" not in html
    assert "<i>Lou" not in html


def test_times_are_those_of_the_service_and_say_so(desk: Desk) -> None:
    signed_in = desk.sign_in(desk.agent("assistance-43"))
    ticket = desk.ticket(school=SchoolHint(commune="Mamoudzou", postal_code="97600"))

    page = main_of(signed_in.get(page_of(ticket)))

    assert "23 novembre 2026 à 12:00 (heure de Mayotte)" in page  # 10:00 in Paris


def test_the_history_tells_all_in_order(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    actions.take(agent, ticket.reference, utc_now())
    actions.note(agent, ticket.reference, "Vu.", now=utc_now())

    told = main_of(signed_in.get(page_of(ticket))).split("Historique", 1)[1]

    places = [
        told.index(words) for words in ("Demande reçue", "Orientée vers", "a pris la demande", "a ajouté une note")
    ]
    assert places == sorted(places)
