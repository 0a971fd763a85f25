"""The request form and the follow-up page: every field explained, every problem tied to its field."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.db import transaction
from helpdesk.models import Ticket
from helpdesk.pages import parts_of
from helpdesk.tickets import actions
from helpdesk.tickets.followup import link_secret
from helpdesk.vocabulary import Status
from tests.application import Desk, field_in, later, token_in
from tests.pages.reading import elements_of, links_of, main_of, title_of

FIELDS = {
    "profile": "responsable",
    "last_name": "Inventé",
    "first_name": "Lou",
    "email": "lou@famille.example",
    "school_level": "second-degre",
    "text": "Le code SMS n’arrive jamais.",
}


def send(client: FlaskClient, **changes: Any) -> TestResponse:
    html = client.get("/demande").text
    fields = {**FIELDS, "csrf_token": token_in(html), "token": field_in(html, "token"), **changes}
    return client.post("/demande", data=fields)


def sent(client: FlaskClient, **changes: Any) -> TestResponse:
    """The page that a request leads to."""
    answer = send(client, **changes)
    assert answer.status_code == 303, main_of(answer)
    return client.get(answer.location)


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_field_has_a_label_of_its_own(client: FlaskClient, language: str) -> None:
    elements = elements_of(client.get(f"{language}/demande"))

    labelled = {label["for"] for label in elements.of("label")}
    shown = [
        field for tag in ("input", "textarea", "select") for field in elements.of(tag) if field.get("type") != "hidden"
    ]
    assert len(shown) > 10
    assert {field["id"] for field in shown} <= labelled


def test_browsers_are_told_what_they_may_fill_in(client: FlaskClient) -> None:
    elements = elements_of(client.get("/demande"))

    told = {name: (elements.by_id(name).get("autocomplete"), elements.by_id(name).get("type")) for name in
            ("last_name", "first_name", "email", "phone")}  # fmt: skip
    assert told == {
        "last_name": ("family-name", "text"),
        "first_name": ("given-name", "text"),
        "email": ("email", "email"),
        "phone": ("tel", "tel"),
    }
    assert elements.by_id("school_postal_code")["inputmode"] == "numeric"


def test_what_must_not_be_sent_is_said_before_the_text(client: FlaskClient) -> None:
    words = main_of(client.get("/demande"))

    before, _, after = words.partition("Votre demande Que vouliez-vous faire ?")
    for secret in ("un mot de passe", "un code reçu par SMS", "une pièce d’identité"):
        assert secret in before
    assert "vos données et vos droits" in after


def test_emergencies_come_before_everything(client: FlaskClient) -> None:
    for page in ("/demande", "/en/demande", "/", "/recherche?q=frapper"):
        answer = client.get(page)
        before_title = answer.text.split("<main", 1)[1].split("<h1", 1)[0]
        for number in ("tel:17", "tel:112", "tel:15", "tel:119", "tel:3018", "sms:114"):
            assert f'href="{number}"' in before_title


def test_each_problem_leads_to_its_field_and_is_read_with_it(client: FlaskClient) -> None:
    answer = send(client, last_name="", email="lou@", phone="12", text=" ")
    elements = elements_of(answer)

    assert title_of(answer).startswith("Demande pas encore envoyée")
    assert "Votre demande n’est pas encore envoyée Il manque votre nom." in main_of(answer)
    for field in ("last_name", "email", "phone", "text"):
        assert f"#{field}" in links_of(answer).values()
        control = elements.by_id(field)
        assert control["aria-invalid"] == "true"
        assert elements.by_id(control["aria-describedby"] or "")
    assert "aria-invalid" not in elements.by_id("first_name")
    assert "autofocus" in elements.by_id("problemes")


def test_a_page_left_open_too_long_says_so_without_blaming_a_field(client: FlaskClient) -> None:
    answer = send(client, csrf_token="of yesterday")

    assert "Votre texte est gardé" in main_of(answer)
    assert "#" not in links_of(answer).values()


def test_files_that_are_kept_are_mentioned(client: FlaskClient) -> None:
    answer = send(client, text="", files=(BytesIO(b"\x89PNG\r\n\x1a\npixels"), "écran.png"))

    assert "Les fichiers que vous avez choisis sont gardés." in main_of(answer)


WITH_PHONE = ("/", "/demande", "/mentions-legales", "/questions")


def test_no_phone_number_is_shown_where_none_is_set(client: FlaskClient) -> None:
    for page in WITH_PHONE:
        assert "Par téléphone" not in main_of(client.get(page))


def test_the_phone_number_of_the_settings_can_be_tapped(app: Flask, client: FlaskClient) -> None:
    parts = parts_of(app)
    settings = replace(parts.settings, contact_phone="0 800 00 00 00", contact_hours="du lundi au vendredi")
    app.extensions["helpdesk"] = replace(parts, settings=settings)

    for page in WITH_PHONE:
        answer = client.get(page)
        assert "Par téléphone : 0 800 00 00 00 (du lundi au vendredi)" in main_of(answer)
        assert links_of(answer)["0 800 00 00 00"] == "tel:0800000000"


def test_the_legal_notice_names_director_and_host_of_the_settings(app: Flask, client: FlaskClient) -> None:
    parts = parts_of(app)
    named = replace(parts.settings, legal_director="Camille Exemple", legal_host="Centre de calcul d’exemple")
    app.extensions["helpdesk"] = replace(parts, settings=named)

    words = main_of(client.get("/mentions-legales"))

    assert "Directeur de la publication : Camille Exemple" in words
    assert "Hébergeur : Centre de calcul d’exemple" in words
    assert "à l’ouverture du site" not in words


def test_after_sending_the_number_the_service_and_what_comes_next_are_told(client: FlaskClient) -> None:
    page = sent(client, school_commune="Lyon", school_postal_code="69003")
    words = main_of(page)

    reference = title_of(page).split(" – ")[0].removeprefix("Demande ")
    assert f"Demande {reference} bien enregistrée" in words
    assert "Nous vous envoyons un courriel avec le lien de cette page." in words
    assert "Où en est-elle ? Nous l’avons reçue." in words
    assert "Lyon" in words.split("Qui la suit ?")[1].split("Reçue le")[0]
    assert 'name="robots" content="noindex' in page.text


def test_who_gave_no_address_is_told_to_keep_the_page(client: FlaskClient) -> None:
    words = main_of(sent(client, email="", phone="06 12 34 56 78"))

    assert "Gardez l’adresse de cette page" in words
    assert "Nous vous envoyons un courriel" not in words


def test_an_answer_shows_who_gave_it(client: FlaskClient, desk: Desk) -> None:
    location = send(client, school_commune="Lyon", school_postal_code="69003").location.split("?")[0]
    reference = title_of(client.get(location)).split(" – ")[0].removeprefix("Demande ")
    actions.reply(
        desk.agent(), reference, "Demandez au <collège>.\n\nCordialement", seen=2**40, solve=True, now=later(hours=1)
    )

    words = main_of(client.get(location))

    service = desk.read(reference).service.name
    assert "Agathe Essai, Assistante numérique" in words
    assert f"– {service} Demandez au <collège>. Cordialement" in words
    assert "Nous pensons que votre problème est réglé." in words


def test_a_further_message_is_confirmed_in_its_own_words(client: FlaskClient) -> None:
    link = send(client).location.split("?")[0]
    html = client.get(link).text
    fields = {"csrf_token": token_in(html), "token": field_in(html, "token"), "text": "Toujours rien."}

    words = main_of(client.get(client.post(link, data=fields).location))

    assert "Message bien ajouté" in words
    assert "bien enregistrée" not in words


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.NEW, "Nous l’avons reçue. Personne ne l’a encore prise en charge."),
        (Status.OPEN, "Une personne s’en occupe."),
        (Status.WAITING, "Nous avons répondu et nous attendons de vos nouvelles."),
        (Status.SOLVED, "Nous pensons que votre problème est réglé."),
        (Status.CLOSED, "Elle est terminée."),
    ],
)
def test_each_status_is_told_in_plain_words(desk: Desk, client: FlaskClient, status: Status, told: str) -> None:
    ticket = desk.ticket()
    secret = link_secret(desk.parts.settings.secret_key, ticket.reference, ticket.link_version)
    with transaction() as session:
        session.get_one(Ticket, ticket.id).status = status

    words = main_of(client.get(f"/suivi/{desk.read(ticket.reference).reference}/{secret}"))

    assert words.split("Où en est-elle ?")[1].strip().startswith(told)
