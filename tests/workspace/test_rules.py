"""The rules' pages: from reading what is in force to a draft, its trial, its publication, and the way back."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db, transaction
from helpdesk.models import Agent, Edition, RulesVersion
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import present
from helpdesk.vocabulary import Role, RulesState
from tests.application import MONDAY, Desk, field_in, token_in
from tests.services.html import faults
from tests.workspace.pages import main_of, title_of

RULES = "/agent/regles"
DRAFT = f"{RULES}/brouillons/1"
LYON = {
    "name": "lyon-ferme",
    "academy": ["10"],
    "topic": ["franceconnect", "compte-eleve"],
    "service": "assistance-08",
    "because": "Grenoble répond pour Lyon",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the verbs are tested on both."""
    return sqlite_url


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    return desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)


@pytest.fixture
def client(desk: Desk, supervisor: Agent) -> FlaskClient:
    return desk.sign_in(supervisor)


@pytest.fixture
def draft(routing: Routing, supervisor: Agent) -> int:
    return rulebooks.start_draft(supervisor, routing, None, MONDAY)


def press(client: FlaskClient, page: str, address: str, fields: dict[str, Any] | None = None) -> Any:
    """Send a form of a page, with the hidden fields that the page holds."""
    html = client.get(page).text
    hidden = {name: field_in(html, name) for name in ("revision", "over") if f'name="{name}"' in html}
    return client.post(address, data={"csrf_token": token_in(html), **hidden, **(fields or {})})


def names(text: str) -> list[str]:
    return [line.split('"')[1] for line in text.split("\n") if line.startswith("name = ")]


def text_of(draft_id: int) -> str:
    db.session.rollback()
    version = db.session.get(RulesVersion, draft_id)
    assert version
    return version.text


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


def test_the_form_of_a_rule_shows_all_that_it_says_and_changes_only_that_rule(client: FlaskClient, draft: int) -> None:
    everything = {
        **LYON,
        "audience": ["eleve"],
        "channel": ["email"],
        "priority": ["normal"],
        "level": ["second-degre"],
        "sector": ["prive"],
        "words": "bourse + lycée\r\npas reçu",
        "days": ["samedi"],
        "begin": "18:00",
        "end": "08:00",
    }
    before = text_of(draft)
    press(client, f"{DRAFT}/regles/0", f"{DRAFT}/regles/0", everything)
    added = text_of(draft)

    press(client, f"{DRAFT}/regles/7", f"{DRAFT}/regles/7", rule_in(client.get(f"{DRAFT}/regles/7").text))

    assert text_of(draft) == added
    assert added.replace(
        added[added.index('[[rule]]\nname = "lyon') : added.index('[[rule]]\nname = "triage"')], ""
    ) == (before)
    assert 'hours = "18:00-08:00"' in added
    assert 'words = ["bourse + lycée", "pas reçu"]' in added


def rule_in(html: str) -> dict[str, Any]:
    """What the form of a rule holds, as a browser would send it."""
    fields: dict[str, Any] = {}
    for found in re.finditer(r'<input type="checkbox"[^>]*name="(\w+)" value="([^"]+)" checked>', html):
        fields.setdefault(found[1], []).append(found[2])
    for name in ("name", "because", "begin", "end"):
        fields[name] = unescape(re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)[0])
    fields["words"] = unescape(re.findall(r'<textarea[^>]*name="words"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)[0])
    fields["service"] = re.findall(r'<option value="([^"]+)" selected>', html)[0]
    return fields


WRONG_RULES: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "Il manque le nom."),
    ({"because": " "}, "Il manque la raison : l’agent la lit."),
    ({"service": ""}, "Choisissez un service."),
    ({"service": "assistance-99"}, "Le service « assistance-99 » n’existe pas."),
    ({"topic": ["bource"]}, "« bource » n’existe pas (topic)."),
    ({"words": "code +"}, "« code + » : il manque un mot."),
    ({"begin": "18h"}, "Une heure s’écrit 18:00."),
    ({"begin": "18:00"}, "« 18:00- » doit s’écrire comme « 18:00-08:00 »."),
    ({"name": "danger"}, "Une autre règle porte ce nom."),
    ({"name": "x" * 61}, "Ce texte est trop long : retirez 1 caractères."),
    ({"academy": [], "topic": []}, "Sans condition, elle empêche toutes les suivantes."),
]


def test_a_wrong_rule_comes_back_as_it_was_typed(client: FlaskClient, draft: int) -> None:
    before, new = text_of(draft), f"{DRAFT}/regles/0"

    for fields, complaint in WRONG_RULES:
        answer = press(client, new, new, {**LYON, "because": "ma raison", **fields})

        assert answer.status_code == 422, fields
        assert complaint in main_of(answer)
        assert 'value="ma raison"' in answer.text or "because" in fields
        assert title_of(answer).startswith("Erreur")
    assert text_of(draft) == before


def test_rules_are_put_in_order_and_taken_out(client: FlaskClient, draft: int) -> None:
    press(client, DRAFT, f"{DRAFT}/regles/1/descendre")
    press(client, DRAFT, f"{DRAFT}/regles/3/retirer")
    press(client, DRAFT, f"{DRAFT}/regles/1/monter")

    assert names(text_of(draft)) == ["hors-sujet", "danger", "personnel", "scolarite", "assistance", "triage"]
    told = main_of(client.get(DRAFT))
    assert "Règle « donnees » retirée (elle était à la place 3)" in told


@pytest.mark.parametrize("address", [f"{DRAFT}/regles/99/monter", f"{DRAFT}/regles/0/retirer"])
def test_a_place_that_is_not_there_changes_nothing(client: FlaskClient, draft: int, address: str) -> None:
    before = text_of(draft)

    assert press(client, DRAFT, address).status_code == 409
    assert text_of(draft) == before


def test_a_wrong_text_is_kept_told_by_line_and_not_published(client: FlaskClient, draft: int) -> None:
    wrong = text_of(draft).replace('topic = ["teleservices"]', 'topic = ["teleservice"]')

    saved = press(client, f"{DRAFT}/texte", f"{DRAFT}/texte", {"text": wrong.replace("\n", "\r\n")})

    assert saved.status_code == 303
    assert text_of(draft) == wrong
    line = wrong.split("\n").index('topic = ["teleservice"]') + 1
    assert f"Ligne {line} : Règle « scolarite » : « teleservice » n’existe pas (topic)" in main_of(
        client.get(f"{DRAFT}/texte")
    )
    assert "Publier ces règles" not in main_of(client.get(DRAFT))
    assert client.get(f"{DRAFT}/rejeu").status_code == 409
    refused = press(client, DRAFT, f"{DRAFT}/publication", {"comment": "a", "over": "0"})
    assert refused.status_code == 409
    assert "« teleservice » n’existe pas" in main_of(refused)


@pytest.mark.parametrize("text", ["[[rule]]\n" * 11_000, "[[rule]]\nname = 1\n" * 5_500, "#" * 99_000, "a=" * 49_000])
def test_a_hostile_text_is_told_in_a_moment(client: FlaskClient, draft: int, text: str) -> None:
    press(client, f"{DRAFT}/texte", f"{DRAFT}/texte", {"text": text})

    assert "À corriger avant de publier" in main_of(client.get(DRAFT))


def test_a_text_that_is_no_toml_still_has_its_page(client: FlaskClient, draft: int) -> None:
    press(client, f"{DRAFT}/texte", f"{DRAFT}/texte", {"text": '[[rule]]\nname = "a'})

    assert "un texte est coupé par la fin de la ligne" in main_of(client.get(DRAFT))
    assert client.get(f"{DRAFT}/regles/1").status_code == 404


def test_of_two_texts_none_is_lost(client: FlaskClient, draft: int, supervisor: Agent) -> None:
    html = client.get(f"{DRAFT}/texte").text
    theirs = text_of(draft).replace("une personne semble en danger", "quelqu’un est en danger")
    rulebooks.save_draft(supervisor, draft, theirs, revision=0, now=MONDAY)
    fields = {"csrf_token": token_in(html), "revision": "0", "text": "# le mien\n" + text_of(draft)}
    fields["text"] = fields["text"].replace("quelqu’un est en danger", "danger")

    refused = client.post(f"{DRAFT}/texte", data=fields)

    assert refused.status_code == 409
    assert "# le mien" in refused.text
    assert "avant : quelqu’un est en danger après : danger" in main_of(refused)
    assert text_of(draft) == theirs
    again = client.post(f"{DRAFT}/texte", data={**fields, "revision": field_in(refused.text, "revision")})
    assert again.status_code == 303
    assert text_of(draft).startswith("# le mien")


def test_a_rule_typed_while_another_changed_the_draft_is_kept(
    client: FlaskClient, draft: int, supervisor: Agent
) -> None:
    token = token_in(client.get(f"{DRAFT}/regles/0").text)
    rulebooks.save_draft(supervisor, draft, "# autre\n" + text_of(draft), revision=0, now=MONDAY)

    refused = client.post(f"{DRAFT}/regles/0", data={**LYON, "csrf_token": token, "revision": "0"})

    assert refused.status_code == 409
    assert 'value="Grenoble répond pour Lyon"' in refused.text
    again = client.post(
        f"{DRAFT}/regles/0", data={**LYON, "csrf_token": token, "revision": field_in(refused.text, "revision")}
    )
    assert again.status_code == 303
    assert text_of(draft).startswith("# autre")


def test_what_was_typed_outlives_the_session(client: FlaskClient, draft: int, desk: Desk) -> None:
    new = f"{DRAFT}/regles/0"
    client.get(new)
    stranger = desk.app.test_client()

    kept = stranger.post(new, data=LYON)

    assert kept.status_code == 401
    assert f'/agent/connexion?next={new}"' in kept.text.replace("%2F", "/")
    assert ">\nGrenoble répond pour Lyon</textarea>" in kept.text
    assert [field_in(kept.text, name) for name in ("name", "academy", "service")] == [
        "lyon-ferme",
        "10",
        "assistance-08",
    ]


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
