"""A whole document handed in, and an answer of an agent proposed: looked at before anything changes."""

import pytest
from flask.testing import FlaskClient

from helpdesk.tickets import actions
from tests.application import MONDAY, Desk
from tests.editing.forms import DOCUMENT, DRAFT, ENTRIES, answer_in, hand_in, press, start, write
from tests.workspace.pages import main_of

pytestmark = pytest.mark.usefixtures("faq")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


def test_a_document_is_looked_at_before_anything_is_published(client: FlaskClient, reviewer: FlaskClient) -> None:
    handed = hand_in(reviewer, DOCUMENT.format("Au principal du collège."))
    assert handed.status_code == 303
    looked = reviewer.get(handed.location)
    assert "Modifiée Mon numéro a changé : à qui le dire ?" in main_of(looked)
    assert "principal" not in main_of(client.get("/questions/telephone"))

    confirmed = press(reviewer, handed.location, handed.location)

    assert confirmed.status_code == 303
    assert "principal" in main_of(client.get("/questions/telephone"))
    again = hand_in(reviewer, DOCUMENT.format("Au principal du collège."))
    assert "Rien ne change" in main_of(reviewer.get(again.location))


def test_what_was_edited_here_meanwhile_stands_beside_the_document_and_stays_unless_chosen(
    client: FlaskClient, editor: FlaskClient, reviewer: FlaskClient
) -> None:
    start(editor)
    write(editor, "Au secrétariat.")
    press(editor, DRAFT, f"{DRAFT}/relecture")
    press(reviewer, DRAFT, f"{DRAFT}/publication")
    waiting = hand_in(reviewer, DOCUMENT.format("Au principal.")).location

    shown = main_of(reviewer.get(waiting))
    assert "Modifiées ici et dans le document : à vous de choisir (1)" in shown
    press(reviewer, waiting, waiting)
    assert "Au secrétariat." in main_of(client.get("/questions/telephone"))
    other = hand_in(reviewer, DOCUMENT.format("Au chef d’établissement.")).location
    press(reviewer, other, other, {"choix-telephone": "prendre"})

    assert "Au chef d’établissement." in main_of(client.get("/questions/telephone"))


UNREADABLE = {"": "Le fichier est vide", "Bonjour.": "Aucune question", "PK\x03\x04 abc": "abîmé", "%PDF-1.7": "abîmé"}


def test_a_document_that_cannot_be_read_says_why_and_leaves_nothing(reviewer: FlaskClient) -> None:
    for content, why in UNREADABLE.items():
        refused = hand_in(reviewer, content)

        assert refused.status_code == 422
        assert why in main_of(refused)
    assert "Documents qui attendent" not in main_of(reviewer.get(f"{ENTRIES}/import"))


def test_an_export_can_be_handed_in_again(reviewer: FlaskClient) -> None:
    exported = reviewer.get(f"{ENTRIES}/import/export.md")

    assert exported.headers["Content-Disposition"] == "attachment; filename=faq.md"
    assert "Rien ne change" in main_of(reviewer.get(hand_in(reviewer, exported.text).location))


def test_an_agents_answer_is_checked_and_proposed(desk: Desk, editor: FlaskClient) -> None:
    ticket, agent = desk.ticket(), desk.agent(name="Agathe Essai")
    actions.reply(agent, ticket.reference, "Bonjour,\n\nLou peut se connecter.", seen=2**60, solve=False, now=MONDAY)
    answer = desk.read(ticket.reference).messages[-1].id
    client = desk.sign_in(agent)
    page = f"{ENTRIES}/depuis/{ticket.reference}/{answer}"

    shown = client.get(page)
    assert f'href="{page}"' in client.get(f"/agent/demandes/{ticket.reference}").text
    assert answer_in(shown.text) == "[nom] peut se connecter."
    fields = {"question": "Comment se connecter ?", "section": "comptes", "readers": "families"}
    left = press(client, page, page, {**fields, "answer": "[nom] peut se connecter."})
    assert left.status_code == 422
    assert "Réécrivez les phrases où il reste [nom]." in main_of(left)
    sent = press(client, page, page, {**fields, "answer": "Votre enfant peut se connecter."})

    assert sent.location == f"/agent/demandes/{ticket.reference}"
    assert "Votre enfant peut se connecter." in main_of(editor.get(DRAFT))
    assert f"Proposée à partir d’une réponse : {ticket.reference}" in main_of(editor.get(f"{ENTRIES}/2"))
