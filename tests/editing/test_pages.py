"""The editors' pages: from a form to readers, two editors at once, images, what is refused and kept."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.vocabulary import Role
from tests.application import Desk, field_in, token_in
from tests.editing.forms import (
    DRAFT,
    ENTRIES,
    PNG,
    answer_in,
    answer_of,
    press,
    start,
    write,
)
from tests.services.html import faults
from tests.workspace.pages import main_of, title_of

pytestmark = pytest.mark.usefixtures("faq")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


def test_only_the_team_finds_the_entries_in_its_menu(desk: Desk, editor: FlaskClient) -> None:
    other = desk.sign_in(desk.agent(name="Agathe Essai"))

    assert f'href="{ENTRIES}"' in editor.get("/agent/").text
    assert f'href="{ENTRIES}"' not in other.get("/agent/").text
    assert other.get(ENTRIES).status_code == other.get(f"{ENTRIES}/1").status_code == 404


def test_from_a_new_entry_to_a_page_that_everybody_reads(
    client: FlaskClient, editor: FlaskClient, reviewer: FlaskClient
) -> None:
    fields = {
        "question": "Comment changer de mot de passe ?",
        "answer": "Par **SMS**.",
        "spoken": "Par SMS.",
        "new_section": "Mots de passe",
        "readers": "families",
    }
    for _click in range(2):  # a double click makes one entry
        made = press(editor, f"{ENTRIES}/nouvelle", f"{ENTRIES}/nouvelle", fields)
        assert made.location.endswith(DRAFT)
    assert client.get("/questions/comment-changer-de-mot-de-passe").status_code == 404

    press(editor, DRAFT, f"{DRAFT}/relecture", {"reason": "procédure de septembre"})
    assert "une autre personne la relit" not in main_of(reviewer.get(DRAFT))
    published = press(reviewer, DRAFT, f"{DRAFT}/publication", {"reason": "clair"})

    assert published.location.endswith(f"{ENTRIES}/2")
    assert "<strong>SMS</strong>" in client.get("/questions/comment-changer-de-mot-de-passe").text
    told = main_of(reviewer.get(f"{ENTRIES}/2"))
    assert "Publiée, version 1 : clair" in told
    assert "Envoyée à la relecture : procédure de septembre" in told
    assert "écrite par Édith Essai, relue par René Essai" in told


def test_the_reviewer_reads_what_changes_and_may_set_a_date(editor: FlaskClient, reviewer: FlaskClient) -> None:
    start(editor)
    write(editor, "Au secrétariat du collège.")
    press(editor, DRAFT, f"{DRAFT}/relecture")
    assert re.search(r"<ins><span[^>]*>[^<]*ajouté[^<]*</span>secrétariat du", reviewer.get(DRAFT).text)

    wrong = press(reviewer, DRAFT, f"{DRAFT}/publication", {"at": "demain"})
    assert wrong.status_code == 422
    assert "31/12/2026 08:00" in main_of(wrong)
    press(reviewer, DRAFT, f"{DRAFT}/publication", {"at": "2100-01-31T08:00"})

    assert "Publication le 31 janvier 2100 à 08:00, après relecture par René Essai" in main_of(reviewer.get(DRAFT))


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(
    editor: FlaskClient, reviewer: FlaskClient
) -> None:
    start(editor)
    seen = reviewer.get(f"{DRAFT}/texte").text
    write(editor, "Au secrétariat.")

    fields = {
        "question": "Mon numéro a changé ?",
        "answer": "Au principal.",
        "section": "comptes",
        "readers": "families",
    }
    hidden = {"csrf_token": token_in(seen), "revision": field_in(seen, "revision"), "over": "1"}
    refused = reviewer.post(f"{DRAFT}/texte", data={**fields, **hidden})

    assert refused.status_code == 409
    assert title_of(refused).startswith("Erreur")
    assert "Enregistré par Édith Essai" in main_of(refused)
    assert "secrétariat" in main_of(refused)
    assert answer_in(refused.text) == "Au principal."
    assert answer_of() == "Au secrétariat."
    again = {
        **fields,
        "csrf_token": token_in(refused.text),
        "revision": field_in(refused.text, "revision"),
        "over": "1",
    }
    assert reviewer.post(f"{DRAFT}/texte", data=again).status_code == 303
    assert answer_of() == "Au principal."


def test_a_preview_keeps_nothing_and_loses_nothing(editor: FlaskClient) -> None:
    start(editor)

    shown = write(editor, "Au **secrétariat** <script>alert(1)</script>", preview="1")

    assert shown.status_code == 200
    assert "<strong>secrétariat</strong>" in shown.text
    assert "<script>alert" not in shown.text
    assert "« <script> » : le HTML n’est pas lu" in main_of(shown)
    assert answer_in(shown.text) == "Au **secrétariat** <script>alert(1)</script>"
    assert answer_of() == "Au collège."


def test_the_preview_for_scripts_asks_for_the_pages_token(editor: FlaskClient, desk: Desk) -> None:
    start(editor)
    token = token_in(editor.get(f"{DRAFT}/texte").text)

    shown = editor.post(f"{ENTRIES}/apercu", data={"csrf_token": token, "answer": "[a](javascript:alert(1)) **b**"})

    assert "<strong>b</strong>" in shown.text
    assert 'href="javascript:' not in shown.text
    assert editor.post(f"{ENTRIES}/apercu", data={"answer": "x"}).status_code == 422
    other = desk.sign_in(desk.agent(name="Agathe Essai"))
    assert other.post(f"{ENTRIES}/apercu", data={"answer": "x"}).status_code == 404


def test_an_image_is_added_with_its_description_and_served_to_everybody(
    client: FlaskClient, editor: FlaskClient
) -> None:
    start(editor)
    added = write(editor, "Voici :", image=(BytesIO(PNG), "ecran.png"), description="La page [1]", add_image="1")
    assert added.status_code == 303
    named = re.fullmatch(r"Voici :\n\n!\[La page \(1\)\]\(image:([0-9a-f]{16})\)", answer_of())
    assert named

    served = client.get(f"/questions/images/{named[1]}")

    assert (served.data, served.mimetype) == (PNG, "image/png")
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert f'<img src="/questions/images/{named[1]}" alt="La page (1)">' in editor.get(DRAFT).text
    for unknown in ("0123456789abcdef", "%00", "..%2f"):
        assert client.get(f"/questions/images/{unknown}").status_code == 404


REFUSED_IMAGES = (
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "x", "SVG"),
    (PNG[:16] + b"\x00\x00\x0f\xff" + PNG[20:], "x", "2500 au plus"),
    (b"%PDF-1.4", "x", "n’est pas une image"),
    (PNG[:18], "x", "abîmée"),
    (PNG, "", "Dites ce que montre l’image"),
)


def test_an_image_that_is_none_is_refused_with_the_reason_and_the_text_is_kept(editor: FlaskClient) -> None:
    start(editor)

    for content, description, why in REFUSED_IMAGES:
        refused = write(editor, "Mon texte.", image=(BytesIO(content), "x.png"), description=description)

        assert refused.status_code == 422, why
        assert why in main_of(refused)
        assert answer_in(refused.text) == "Mon texte."


def test_what_must_be_mended_is_named_when_saved_and_bars_the_way(editor: FlaskClient) -> None:
    start(editor)
    write(editor, "Voir [là](fiche:nulle-part).")

    told = main_of(editor.get(DRAFT))

    assert "« fiche:nulle-part » : aucune fiche publiée n’a cette adresse." in told
    assert press(editor, DRAFT, f"{DRAFT}/relecture").status_code == 409


REFUSED_FORMS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"question": ""}, "La question est vide."),
    ({"spoken": "x" * 301}, "retirez 1 caractères"),
    ({"section": "nulle-part"}, "Choisissez une rubrique"),
    ({"answer": "é" * 20_001}, "retirez 1 caractères"),
    ({"topics": ["autre"] * 11}, "10 sujets au plus"),
)


def test_a_refused_form_says_why_and_keeps_what_was_typed(editor: FlaskClient) -> None:
    start(editor)

    for changes, why in REFUSED_FORMS:
        refused = write(editor, **{"answer": "Mon long texte.", **changes})

        assert refused.status_code == 422, why
        assert why in main_of(refused)
        assert answer_in(refused.text).startswith(("Mon long", "ééé"))


def test_a_double_click_sends_to_review_once(editor: FlaskClient) -> None:
    start(editor)
    html = editor.get(DRAFT).text
    fields = {"csrf_token": token_in(html), "revision": field_in(html, "revision"), "reason": ""}

    first, second = (editor.post(f"{DRAFT}/relecture", data=fields).status_code for _click in range(2))

    assert (first, second) == (303, 409)
    assert main_of(editor.get(f"{ENTRIES}/1")).count("Envoyée à la relecture") == 1


def test_an_english_page_shows_the_translation_and_says_when_it_is_behind(
    client: FlaskClient, editor: FlaskClient, reviewer: FlaskClient
) -> None:
    assert "not been translated yet" in main_of(client.get("/en/questions/telephone"))
    press(editor, f"{ENTRIES}/1", f"{ENTRIES}/1/preparation/en")
    english = {"question": "My number has changed", "answer": "Tell [the school](fiche:telephone)."}
    press(editor, f"{DRAFT}/texte", f"{DRAFT}/texte", english)
    press(editor, DRAFT, f"{DRAFT}/relecture")
    press(reviewer, DRAFT, f"{DRAFT}/publication")

    page = client.get("/en/questions/telephone")
    assert 'href="/en/questions/telephone"' in page.text
    assert '<article lang="en">' in page.text
    assert "has changed since" not in main_of(page)
    assert "My number has changed" in main_of(client.get("/en/questions"))
    assert "My number" not in main_of(client.get("/questions/telephone"))

    start(editor)
    write(editor, "Au secrétariat.")
    press(editor, DRAFT, f"{DRAFT}/relecture")
    press(reviewer, DRAFT, f"{DRAFT}/publication")
    assert "The French answer has changed since it was translated" in main_of(client.get("/en/questions/telephone"))
    press(editor, f"{ENTRIES}/1", f"{ENTRIES}/1/preparation/en")
    assert "Ce que le français a changé depuis la traduction" in main_of(editor.get(f"{DRAFT}/texte"))


def test_a_former_version_is_compared_and_taken_again(editor: FlaskClient, reviewer: FlaskClient) -> None:
    start(editor)
    write(editor, "Au secrétariat.")
    press(editor, DRAFT, f"{DRAFT}/relecture")
    press(reviewer, DRAFT, f"{DRAFT}/publication")

    page = editor.get(f"{ENTRIES}/1/versions/1?avec=2")
    assert "De la version 1 à la version 2" in main_of(page)
    taken = press(editor, f"{ENTRIES}/1/versions/1", f"{ENTRIES}/1/preparation/fr", {"over": "1"})

    assert taken.status_code == 303
    assert answer_of() == "Au collège."


def test_an_archived_entry_leaves_readers_and_its_owner_and_date_can_be_set(
    client: FlaskClient, reviewer: FlaskClient
) -> None:
    page = f"{ENTRIES}/1"
    stranger = press(reviewer, page, f"{page}/suivi", {"owner": "nul@rectorat.example", "review_on": "31/12/2026"})
    assert stranger.status_code == 422
    assert "n’est pas dans l’équipe" in main_of(stranger)
    press(reviewer, page, f"{page}/suivi", {"owner": "rené.essai@rectorat.example", "review_on": "01/01/2020"})
    assert "À revoir depuis le 1 janvier 2020" in main_of(reviewer.get(page))
    assert "Mon numéro a changé" in main_of(reviewer.get(f"{ENTRIES}?vue=a-revoir"))

    assert press(reviewer, page, f"{page}/archive").status_code == 422
    press(reviewer, page, f"{page}/archive", {"reason": "obsolète"})

    assert client.get("/questions/telephone").status_code == 404
    assert "Archivée : obsolète" in main_of(reviewer.get(page))


def test_a_national_supervisor_names_the_team(desk: Desk, editor: FlaskClient) -> None:
    supervisor = desk.sign_in(desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR))
    desk.agent(name="Agathe Essai")
    page = f"{ENTRIES}/equipe"

    unknown = press(supervisor, page, page, {"email": "nul@rectorat.example", "role": "editor"})
    assert unknown.status_code == 422
    assert "Aucun agent" in main_of(unknown)
    press(supervisor, page, page, {"email": "agathe.essai@rectorat.example", "role": "reviewer"})

    assert "Agathe Essai agathe.essai@rectorat.example Rédaction et relecture" in main_of(supervisor.get(page))
    assert editor.get(page).status_code == 404


def test_the_pages_are_right_html(editor: FlaskClient, reviewer: FlaskClient, tmp_path: Path) -> None:
    start(editor)
    write(editor, "Au secrétariat <b>.")
    found = {
        "list": reviewer.get(ENTRIES),
        "entry": reviewer.get(f"{ENTRIES}/1"),
        "version": reviewer.get(f"{ENTRIES}/1/versions/1"),
        "draft": reviewer.get(DRAFT),
        "write": reviewer.get(f"{DRAFT}/texte"),
        "new": reviewer.get(f"{ENTRIES}/nouvelle"),
        "import": reviewer.get(f"{ENTRIES}/import"),
    }

    assert {answer.status_code for answer in found.values()} == {200}
    assert faults({name: answer.text for name, answer in found.items()}, tmp_path) == []
