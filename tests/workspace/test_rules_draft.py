"""A draft of the rules: by form or as text, nothing wrong is published and nothing typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.models import Agent
from helpdesk.routing import rulebooks
from tests.application import MONDAY, Desk, field_in, token_in
from tests.workspace.pages import main_of, title_of
from tests.workspace.rules_pages import DRAFT, LYON, names, press, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the verbs are tested on both."""
    return sqlite_url


@pytest.fixture
def client(desk: Desk, supervisor: Agent) -> FlaskClient:
    return desk.sign_in(supervisor)


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
