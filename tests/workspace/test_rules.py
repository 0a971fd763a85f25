"""The rules' pages: from reading what is in force to a draft, its trial, its publication, and the way back."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from helpdesk.db import transaction
from helpdesk.models import Agent, Edition, RulesVersion
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import present
from helpdesk.vocabulary import Role, RulesState
from tests.application import MONDAY, Desk, field_in
from tests.services.html import faults
from tests.workspace.pages import main_of
from tests.workspace.rules_pages import DRAFT, LYON, RULES, names, press, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the verbs are tested on both."""
    return sqlite_url


@pytest.fixture
def client(desk: Desk, supervisor: Agent) -> FlaskClient:
    return desk.sign_in(supervisor)


def test_only_who_may_change_rules_finds_them_in_the_menu(desk: Desk, client: FlaskClient) -> None:
    other = desk.sign_in(desk.agent("assistance-10", role=Role.SUPERVISOR))

    assert f'href="{RULES}"' in client.get("/agent/").text
    assert f'href="{RULES}"' not in other.get("/agent/").text
    refused = other.get(RULES)
    assert refused.status_code == 404
    assert "ne vous sont pas ouvertes" in main_of(refused)


def test_the_rules_are_told_in_french(client: FlaskClient) -> None:
    told = main_of(client.get(RULES))

    assert "aucune version n’a encore été publiée" in told
    assert "Sujet Personne en danger → Service : Protection des personnes" in told
    assert "Scolarité, dans l’académie de l’établissement" in told
    assert "Toutes les demandes qui restent → Service : Triage national" in told


def test_from_a_draft_to_a_publication_that_decides(desk: Desk, client: FlaskClient) -> None:
    before = desk.ticket("Je n’ai pas le mot de passe de mon fils élève")

    started = press(client, RULES, f"{RULES}/brouillons")
    assert started.location.endswith(DRAFT)
    added = press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", {**LYON, "topic": [before.topic]})
    assert added.status_code == 303
    assert "Règle « lyon-ferme » ajoutée, à la place 7" in main_of(client.get(DRAFT))
    press(client, DRAFT, f"{DRAFT}/regles/7/monter")
    assert names(text_of(1))[5:] == ["lyon-ferme", "assistance", "triage"]
    trial = main_of(client.get(f"{DRAFT}/rejeu"))
    assert "1 iraient ailleurs" in trial
    assert f"{before.reference} 23 nov. 2026" in trial
    assert "Service Assistance EduConnect de l’académie de Grenoble : Grenoble répond pour Lyon" in trial
    published = press(client, DRAFT, f"{DRAFT}/publication", {"comment": "Lyon déménage"})
    assert published.location == RULES

    page = main_of(client.get(RULES))
    assert "Version 2 des règles en vigueur : elle vaut dès la prochaine demande." in page
    assert "par Sasha Essai. Lyon déménage" in page
    assert desk.ticket("Je n’ai pas le mot de passe de mon fils élève").service.slug == "assistance-08"


def test_a_double_click_publishes_once(client: FlaskClient, draft: int, routing: Routing) -> None:
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", LYON)
    html = client.get(DRAFT).text
    fields = {name: field_in(html, name) for name in ("csrf_token", "revision", "over")}

    answers = [client.post(f"{DRAFT}/publication", data={**fields, "comment": "essai"}) for _click in range(2)]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, RULES)] * 2
    assert main_of(client.get(f"{RULES}/historique")).count("Publiée le") == 1
    assert client.get(DRAFT).location == f"{RULES}/versions/2"


def test_publishing_asks_why(client: FlaskClient, draft: int, routing: Routing) -> None:
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", LYON)

    refused = press(client, DRAFT, f"{DRAFT}/publication", {"comment": "  "})

    assert refused.status_code == 422
    assert "Dites pourquoi" in main_of(refused)
    assert present(routing) is routing


def test_going_back_by_the_page_of_a_version(client: FlaskClient, draft: int, routing: Routing) -> None:
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", LYON)
    press(client, DRAFT, f"{DRAFT}/publication", {"comment": "essai"})
    first = f"{RULES}/versions/1"

    assert "Règle « lyon-ferme » retirée" in main_of(client.get(first))
    back = press(client, first, f"{first}/retour", {"comment": "trop tôt"})

    assert back.location == RULES
    assert present(routing).rulebook.text == routing.rulebook.text
    second = main_of(client.get(f"{RULES}/versions/2"))
    assert "Ce qu’elle a changé Règle « lyon-ferme » ajoutée" in second
    again = press(client, first, f"{first}/retour", {"comment": "encore"})
    assert again.status_code == 409
    assert "déjà en vigueur" in main_of(again)


def test_a_version_can_become_a_draft(client: FlaskClient, draft: int) -> None:
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", LYON)
    press(client, DRAFT, f"{DRAFT}/publication", {"comment": "essai"})

    started = press(client, f"{RULES}/versions/1", f"{RULES}/brouillons", {"number": "1"})

    assert "à partir de : version 1" in main_of(client.get(started.location))


def test_a_draft_given_up_leaves_the_list(client: FlaskClient, draft: int) -> None:
    assert press(client, DRAFT, f"{DRAFT}/abandon").location == RULES

    assert "Brouillons" not in main_of(client.get(RULES))
    assert "Ce brouillon a été abandonné." in main_of(client.get(DRAFT))


def test_a_draft_overtaken_by_a_publication_says_so(
    client: FlaskClient, draft: int, supervisor: Agent, routing: Routing
) -> None:
    other = rulebooks.start_draft(supervisor, routing, None, MONDAY)
    rulebooks.save_draft(supervisor, other, text_of(other) + "\n", revision=0, now=MONDAY)
    rulebooks.publish(supervisor, other, "autre", revision=1, over=0, routing=routing, now=MONDAY)

    assert "Depuis, la version 2 a été publiée par Sasha Essai" in main_of(client.get(DRAFT))


def test_rules_that_the_configuration_left_behind_are_told(client: FlaskClient, routing: Routing) -> None:
    gone = routing.rulebook.text.replace('"teleservices"', '"cantine"')
    with transaction() as session:
        session.add(RulesVersion(number=1, state=RulesState.PUBLISHED, text=gone, comment="avant"))
        edition = session.get(Edition, "rules")
        assert edition
        edition.number = 1

    told = main_of(client.get(RULES))

    assert "La dernière version publiée ne peut plus servir" in told
    assert "règles publiées, version 1, règle « scolarite » : « cantine » n’existe pas (topic)" in told
    assert "Les règles du fichier config/routing.toml décident à sa place." in told


def test_what_people_type_is_text_and_nothing_else(client: FlaskClient, draft: int) -> None:
    nasty = "<script>alert(1)</script>"
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", {**LYON, "name": nasty, "because": nasty, "words": nasty})
    press(client, DRAFT, f"{DRAFT}/publication", {"comment": nasty})

    for page in (RULES, f"{RULES}/historique", f"{RULES}/versions/2", f"{RULES}/versions/1"):
        assert "<script>alert" not in client.get(page).text


@pytest.mark.parametrize("address", [f"{RULES}/brouillons/99999999999", f"{RULES}/versions/0", f"{DRAFT}/regles/x"])
def test_an_address_of_nothing_is_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_page_is_right_html(client: FlaskClient, draft: int, desk: Desk, tmp_path: Path) -> None:
    desk.ticket()
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", LYON)
    pages = {
        "draft": client.get(DRAFT),
        "rule": client.get(f"{DRAFT}/regles/7"),
        "refused": press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", {"name": "a"}),
        "text": client.get(f"{DRAFT}/texte"),
        "trial": client.get(f"{DRAFT}/rejeu"),
    }
    press(client, DRAFT, f"{DRAFT}/publication", {"comment": "essai"})
    pages |= {
        "present": client.get(RULES),
        "history": client.get(f"{RULES}/historique"),
        "version": client.get(f"{RULES}/versions/1"),
    }

    assert faults({name: answer.text for name, answer in pages.items()}, tmp_path) == []
