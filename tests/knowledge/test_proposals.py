"""From an answer to a draft: what is personal goes, what helps all stays, and who sees the request proposes."""

import pytest

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge import drafts, editors, entries, proposals
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.fitness import Unfit
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Draft, Ticket
from helpdesk.privacy.impersonal import impersonal
from helpdesk.tickets import actions
from helpdesk.vocabulary import Direction, EditorRole, Readers
from tests.application import MONDAY, Desk

ANSWER = """Bonjour Madame Inventé,

Le compte de Lou, du collège Jean Moulin de Lyon, est prêt depuis le 3 mars 2026 (demande EC-4F7K-9XR3).

1. Ouvrez l’ENT.
2. Choisissez EduConnect, puis écrivez à lou@famille.example ou au 06 12 34 56 78.

Mot de passe provisoire : Toto1234!

Bien cordialement,
Agathe Essai"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL."""
    return sqlite_url


def answered(desk: Desk) -> tuple[Ticket, int]:
    """A request of Lou Inventé, and the number of the message that answers it."""
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    apply(Document((Section("Comptes", (phone,), "comptes"),)), "faq.md", MONDAY)
    ticket = desk.ticket("Bonjour, mon numéro de téléphone a changé, à qui dois-je le dire ?")
    agent = desk.agent(name="Agathe Essai")
    actions.reply(agent, ticket.reference, ANSWER, seen=2**60, solve=False, now=MONDAY)
    ticket = desk.read(ticket.reference)
    return ticket, next(message.id for message in ticket.messages if message.direction is Direction.OUT)


def test_what_is_personal_is_taken_out_and_the_steps_stay() -> None:
    found = impersonal(
        ANSWER, people=["Lou Inventé", "Agathe Essai"], schools=["Collège Jean Moulin"], towns=["Lyon", "Le"]
    )

    for personal in (
        "Inventé",
        "Lou",
        "Moulin",
        "Lyon",
        "mars 2026",
        "4F7K",
        "famille.example",
        "06 12",
        "Toto",
        "Agathe",
    ):
        assert personal not in found.text
    assert "1. Ouvrez l’ENT.\n2. Choisissez EduConnect, puis écrivez à [courriel] ou au [téléphone]." in found.text
    assert found.text.startswith("Le compte de [nom], du [établissement] de [ville], est prêt depuis le [date]")
    assert found.taken["nom"] == 1
    assert found.taken["secret"] == 1


@pytest.mark.parametrize("text", ["", "Bonjour,", "[nom]", "x" * 20_000, "Cordialement,\n" * 500, "(((((" * 2000])
def test_any_text_is_taken(text: str) -> None:
    assert len(impersonal(text, people=["", "A", "((", "Nom Nom"], schools=["Lycée"]).text) <= len(text)


def test_an_answer_becomes_a_draft_that_names_nobody(desk: Desk) -> None:
    ticket, message_id = answered(desk)
    agent = desk.agent(name="Agathe Essai")

    found = proposals.proposal(agent, ticket.reference, message_id)
    assert "Inventé" not in found.written.answer
    assert (found.written.section, found.written.readers) == ("comptes", Readers.FAMILIES)
    assert [hit.slug for hit in found.alike] == ["telephone"]
    written = Written("À qui dire mon nouveau numéro ?", found.written.answer, section="comptes")
    draft_id = proposals.propose(agent, ticket.reference, message_id, written, MONDAY)

    editors.set_role(agent.email, EditorRole.EDITOR)
    draft = drafts.draft_of(agent, draft_id)
    (move,) = entries.entry(agent, draft.article_id).moves
    assert (move.kind, move.reason) == ("from-ticket", ticket.reference)
    with pytest.raises(Unfit, match="tient la place d’une donnée personnelle"):
        drafts.submit(agent, draft_id, "", revision=0, site="", now=MONDAY)


def test_another_services_agent_and_another_message_are_refused(desk: Desk) -> None:
    ticket, message_id = answered(desk)
    agent, other = desk.agent(name="Agathe Essai"), desk.agent("assistance-08", name="Autre Essai")
    question_id = next(message.id for message in ticket.messages if message.direction is Direction.IN)
    elsewhere = desk.ticket().reference
    written = Written("Question ?", "Réponse.", section="comptes")

    for who, reference, message in (
        (other, ticket.reference, message_id),
        (agent, ticket.reference, question_id),
        (agent, elsewhere, message_id),
        (agent, ticket.reference, 2**31),
    ):
        with pytest.raises(NotFound):
            proposals.proposal(who, reference, message)
        with pytest.raises(NotFound):
            proposals.propose(who, reference, message, written, MONDAY)
    assert db.session.query(Draft).count() == 0
