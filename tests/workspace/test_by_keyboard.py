"""A day's work without the mouse: ten tickets from signing in to « solved », and what the commonest acts cost.

The costs stand in docs/agents.md, which this test reads: a key more or less is told there. Words are not counted, they
are typed either way.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent, CannedAnswer, Membership, Service, Ticket
from helpdesk.people.agents import set_password
from helpdesk.tickets import actions
from helpdesk.vocabulary import Audience, Channel, Readers, Role, Status
from scripts.steps import ROOT
from tests.application import PASSWORD, Desk, quick_hash, sign_in_by_browser
from tests.workspace.pages import add_word, page_of

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@dataclass
class Hands:
    """Someone at a desk, whose moves are counted."""

    page: Page
    moves: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.moves += 1

    def click(self, *selectors: str) -> None:
        for selector in selectors:
            self.page.click(selector)
            self.moves += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def until(self, selector: str) -> None:
        self.page.wait_for_selector(selector)
        self.page.wait_for_load_state()  # a key pressed before the scripts are there is lost

    def written(self, words: str = "") -> None:
        """Until the answer holds these words, or any."""
        expect(self.page.locator("#reponse")).to_have_value(re.compile(f".*{words or '.'}.*", re.DOTALL))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Keys are the same on both databases."""
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """Somebody of Lyon and of the national triage, with an entry that fits and model answers enough to be searched."""
    asked = "Je ne reçois pas le code par SMS pour activer mon compte, que faire ?"
    question = Question(asked, "**Vérifiez** le numéro.", Readers.FAMILIES, "code-sms")
    apply(Document((Section("Comptes", (question,), "comptes"),)), "faq.md", utc_now())
    agent = desk.agent("assistance-10", "triage-national")
    set_password(agent.email, quick_hash())
    with transaction() as session:
        service = session.scalars(select(Service.id).where(Service.slug == "assistance-10")).one()
        given = {"service_id": service, "changed_by_id": agent.id}
        for number, key in enumerate(("code-sms", "fratrie", "ent", "merci", "portable", "adresse")):
            session.add(CannedAnswer(key=key, title=f"Titre {key}", text=f"Bonjour. Modèle {number}.", **given))
    return agent


def test_ten_tickets_of_different_kinds_are_solved_by_keyboard_alone(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    email = agent.email
    made = ten_tickets(desk, agent)
    with transaction() as session:
        for number in session.scalars(select(Ticket.service_id).distinct()).all():
            if session.get(Membership, (agent.id, number)) is None:
                session.add(Membership(agent_id=agent.id, service_id=number, role=Role.AGENT))
    hands = Hands(page)

    page.goto(f"{site}/agent/")
    page.focus("#email")  # where a browser's Tab arrives after the links that skip to the content
    hands.type(email)
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.press("Enter")
    hands.until("#file")
    for _turn in made:
        hands.press("s")
        hands.until("#reponse")
        reference = page.inner_text(".reference")
        solve(hands, made[reference])
        hands.until(".fr-badge--success")

    db.session.rollback()
    tickets = db.session.scalars(select(Ticket)).all()
    assert [ticket.status for ticket in tickets] == [Status.SOLVED] * 10
    sys.stdout.write(f"\nten tickets: {hands.moves} keys beside the words\n")


def ten_tickets(desk: Desk, agent: Agent) -> dict[str, str]:
    """By reference, how each is answered."""
    now = utc_now()
    made = {
        desk.ticket(subject=subject, now=now, **changes).reference: way
        for subject, way, changes in (
            ("Compte piraté", "answer", {"text": "On a piraté mon compte EduConnect et changé mon adresse."}),
            ("Code jamais reçu", "entry", {"text": "Je ne reçois pas le code par SMS pour activer mon compte."}),
            ("Par téléphone", "answer", {"channel": Channel.PHONE, "sender": Sender("Lou", phone="+33639980101")}),
            ("Locked out", "model", {"language": "en", "text": "I cannot log in to EduConnect, please help."}),
            ("Élève", "model", {"profile": Audience.ELEVE, "text": "chui en 3e jai perdu mon mdp"}),
            ("Capture", "answer", {"files": (IncomingFile("ecran.png", "image/png", PIXEL),)}),
            ("Déjà réglé", "solve", {"text": "C’est bon, le collège m’a aidé."}),
            ("Note", "note", {"text": "La mère et le père demandent chacun un compte."}),
            ("Urgent d’abord", "priority", {"text": "Je n’ai plus accès."}),
            ("Revenue", "answer", {"text": "Un premier mot."}),
        )
    }
    back = next(ticket for ticket in db.session.scalars(select(Ticket)) if ticket.subject == "Revenue")
    actions.reply(agent, back.reference, "Voyez le collège.", seen=2**40, solve=True, now=now)
    add_word(desk, desk.read(back.reference), "Cela ne marche toujours pas.")
    with transaction() as session:
        session.get_one(Ticket, back.id).assignee_id = None
    return made


def solve(hands: Hands, way: str) -> None:
    if way == "entry":
        hands.press("i")
        hands.written()
    elif way == "model":
        insert_model(hands)
    elif way == "note":
        hands.press("n")
        hands.type("Vu avec la principale.")
        hands.press("Control+Enter")
        hands.until(".said--note")
    elif way == "priority":
        hands.press("p")
        hands.type("Urgent")
        hands.press("Tab", "Enter")
        hands.until(".ticket-facts >> text=Urgent")
    if way in ("solve", "note"):
        hands.press("e")
        return
    hands.press("r")
    hands.type("Bonjour, c’est réparé.")
    hands.press("Control+Shift+Enter")


def insert_model(hands: Hands) -> None:
    hands.press("m")
    hands.until("#chercher-modele:focus")
    hands.type("fratrie")
    hands.press("Enter")
    hands.written("Modèle 1")


@dataclass(frozen=True)
class Act:
    """One act, by keys and by mouse, and what the page shows when it is done."""

    name: str
    keys: Callable[[Hands], None]
    clicks: Callable[[Hands], None]
    done: str
    at: str = "ticket"


def _answer(key: str) -> Callable[[Hands], None]:
    def keys(hands: Hands) -> None:
        hands.press("r")
        hands.type("Bonjour.")
        hands.press(key)

    return keys


def _answer_by_mouse(button: str) -> Callable[[Hands], None]:
    def clicks(hands: Hands) -> None:
        hands.click("#reponse")
        hands.type("Bonjour.")
        hands.click(button)

    return clicks


def _note(hands: Hands) -> None:
    hands.press("n")
    hands.type("À revoir.")
    hands.press("Control+Enter")


def _note_by_mouse(hands: Hands) -> None:
    hands.click("summary[data-key=n]")
    hands.until("#note:focus")
    hands.type("À revoir.")
    hands.click("text=Ajouter la note")


def _model(hands: Hands) -> None:
    insert_model(hands)
    hands.press("Control+Enter")


def _model_by_mouse(hands: Hands) -> None:
    hands.click("summary[data-key=m]")
    hands.until("#chercher-modele:focus")
    hands.type("fratrie")
    hands.click("li:not([hidden]) > button[name=insert][value^=modele]")
    hands.written("Modèle 1")
    hands.click(SEND)


def _entry(hands: Hands) -> None:
    hands.press("i")
    hands.written()
    hands.press("Control+Enter")


def _entry_by_mouse(hands: Hands) -> None:
    hands.click("button[data-key=i]")
    hands.written()
    hands.click(SEND)


def _move(hands: Hands) -> None:
    hands.press("o")
    hands.type("Grenoble")
    hands.press("Tab")
    hands.type("L’école est à Grenoble.")
    hands.press("Enter")


def _move_by_mouse(hands: Hands) -> None:
    hands.click("summary[data-key=o]")
    hands.until("#service:focus")
    hands.type("Grenoble")
    hands.click("#motif-du-transfert")
    hands.type("L’école est à Grenoble.")
    hands.click("#titre-actes ~ .fold[open] button:not([formaction])")


def _find(hands: Hands) -> None:
    hands.press("/")
    hands.type("activation")
    hands.press("Enter")


def _find_by_mouse(hands: Hands) -> None:
    hands.click("[data-key='/']")
    hands.type("activation")
    hands.click(".find button")


SEND = "#formulaire-reponse .act-buttons > button:first-child"
SOLVE = "#formulaire-reponse button[name=solve]"
ACTS = (
    Act("Prendre la demande suivante", lambda h: h.press("s"), lambda h: h.click("[data-key~=s]"), "#reponse", "queue"),
    Act(
        "Ouvrir une demande de la liste",
        lambda h: h.press("j", "Enter"),
        lambda h: h.click(".tickets__what a"),
        "#reponse",
        "queue",
    ),
    Act("Retrouver une demande par ses mots", _find, _find_by_mouse, "h1:has-text('Recherche')", "queue"),
    Act("Répondre", _answer("Control+Enter"), _answer_by_mouse(SEND), ".fr-badge:has-text('En attente')"),
    Act(
        "Répondre et résoudre", _answer("Control+Shift+Enter"), _answer_by_mouse(SOLVE), ".fr-badge:has-text('Résolue')"
    ),
    Act("Répondre avec la fiche qui convient", _entry, _entry_by_mouse, ".fr-badge:has-text('En attente')"),
    Act("Répondre avec un modèle", _model, _model_by_mouse, ".fr-badge:has-text('En attente')"),
    Act("Écrire une note", _note, _note_by_mouse, ".said--note"),
    Act("Orienter vers un autre service", _move, _move_by_mouse, "#file"),
    Act("Résoudre sans écrire", lambda h: h.press("e"), lambda h: h.click("[data-key=e]"), ".fr-badge--success"),
)


def test_the_guide_tells_how_many_keys_and_clicks_the_commonest_acts_take(
    site: str, page: Page, desk: Desk, agent: Agent
) -> None:
    sign_in_by_browser(page, site, agent.email)
    counted = {}
    for act in ACTS:
        costs = []
        for way in (act.keys, act.clicks):
            ticket = desk.ticket("Je ne reçois pas le code par SMS pour activer mon compte.", now=utc_now())
            page.goto(site + ("/agent/" if act.at == "queue" else page_of(ticket)))
            hands = Hands(page)
            way(hands)
            hands.until(act.done)
            costs.append(hands.moves)
        counted[act.name] = tuple(costs)
    rows = [f"| {name} | {keys} | {clicks} |" for name, (keys, clicks) in counted.items()]
    sys.stdout.write("\n".join(["", *rows, ""]))

    guide = (ROOT / "docs" / "agents.md").read_text("utf-8")
    told = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \|$", guide, re.MULTILINE)
    assert {name: (int(keys), int(clicks)) for name, keys, clicks in told} == counted
