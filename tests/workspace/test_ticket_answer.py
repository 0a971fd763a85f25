"""Answering on the page of a ticket: no text is lost, and no mail that did not leave goes unseen."""

import re

import pytest
from flask.testing import FlaskClient

from helpdesk.db import utc_now
from helpdesk.intake.message import Sender
from helpdesk.models import Agent
from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.tickets import actions
from helpdesk.vocabulary import Status
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.workspace.pages import add_word, do, main_of, page_of, text_of, title_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


def test_the_person_gets_the_answer_and_the_page_says_so_in_focus(
    desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
) -> None:
    ticket = desk.ticket()

    answer = do(signed_in, ticket, "reponse", {"text": "Demandez au secrétariat."})
    page = signed_in.get(answer.location)

    assert answer.status_code == 303
    assert "Demandez au secrétariat." in text_of(mailer.sent[-1])
    assert re.search(r'<div class="fr-alert[^>]+tabindex="-1" autofocus>\s*<p>Votre réponse', page.text)
    assert desk.read(ticket.reference).status is Status.WAITING


def test_the_second_button_solves_as_well(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    do(signed_in, ticket, "reponse", {"text": "C’est réglé.", "solve": "1"})

    assert desk.read(ticket.reference).status is Status.SOLVED


def test_the_signature_is_shown_before_sending(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    page = main_of(signed_in.get(page_of(ticket)))

    assert f"Signée : Agathe Essai, Assistante numérique, {ticket.service.name}." in page


def test_an_empty_answer_is_refused_at_its_field(desk: Desk, signed_in: FlaskClient) -> None:
    answer = do(signed_in, desk.ticket(), "reponse", {"text": "  "})

    assert answer.status_code == 422
    assert title_of(answer).startswith("Erreur – ")
    assert '<a href="#reponse">La réponse est vide.</a>' in answer.text
    assert 'aria-describedby="reponse-messages"' in answer.text


def test_what_came_meanwhile_is_shown_as_new_and_the_text_is_kept(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    html = signed_in.get(page_of(ticket)).text
    typed = {"csrf_token": token_in(html), "seen": field_in(html, "seen"), "text": "Réponse déjà longue."}
    add_word(desk, ticket, "J’ai trouvé entre-temps.")

    answer = signed_in.post(f"{page_of(ticket)}/reponse", data=typed)
    again = signed_in.post(f"{page_of(ticket)}/reponse", data={**typed, "seen": field_in(answer.text, "seen")})

    assert answer.status_code == 409
    assert "Un message est arrivé pendant que vous écriviez" in main_of(answer)
    assert "Réponse déjà longue.</textarea>" in answer.text
    assert answer.text.count("Nouveau</span>") == 1
    assert answer.text.index("Nouveau</span>") < answer.text.index("J’ai trouvé entre-temps.")
    assert again.status_code == 303


def test_a_text_for_a_ticket_closed_meanwhile_is_not_lost(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    html = signed_in.get(page_of(ticket)).text
    actions.close(agent, ticket.reference, "doublon", now=utc_now())

    answer = signed_in.post(
        f"{page_of(ticket)}/reponse",
        data={"csrf_token": token_in(html), "seen": field_in(html, "seen"), "text": "Texte à garder."},
    )

    assert answer.status_code == 409
    assert "Texte à garder.</textarea>" in answer.text
    assert "rouvrez la demande" in main_of(answer)


def test_without_mail_address_the_page_says_whom_to_call(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket(sender=Sender("Anoki Conte", phone="+33639980102"))

    page = main_of(signed_in.get(page_of(ticket)))
    answer = do(signed_in, ticket, "reponse", {"text": "Rappelé ce matin."})

    assert "Pas de courriel : rappelez au 06 39 98 01 02" in page
    assert "Envoyer" not in page
    assert "rappelez-la" in main_of(signed_in.get(answer.location))


def test_a_refused_mail_is_told_with_its_reason(desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    mailer.fail_with = Refused("adresse inconnue")

    page = signed_in.get(do(signed_in, ticket, "reponse", {"text": "Bonjour"}).location)

    assert "La réponse n’est pas partie : adresse inconnue." in main_of(page)
    assert field_in(page.text, "address") == "lou@famille.example"
    assert "En cours" in main_of(page)


def test_a_mail_that_is_being_tried_again_says_so(desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    mailer.fail_with = DeliveryError("le serveur ne répond pas")

    page = main_of(signed_in.get(do(signed_in, ticket, "reponse", {"text": "Bonjour"}).location))

    assert "La réponse n’est pas partie : le serveur ne répond pas. Nouvel essai automatique." in page


def test_an_alarm_ends_with_an_answer_that_leaves(desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    mailer.fail_with = Refused("boîte pleine")
    do(signed_in, ticket, "reponse", {"text": "Premier essai"})
    mailer.fail_with = None

    page = signed_in.get(do(signed_in, ticket, "reponse", {"text": "Second essai"}).location)

    assert "fr-alert--error" not in page.text
    assert "La réponse n’est pas partie : boîte pleine." in main_of(page)
