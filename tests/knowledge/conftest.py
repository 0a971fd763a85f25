"""What the tests of this room share."""

import pytest
from flask import Flask

from helpdesk.knowledge import editors, lexicon
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent
from helpdesk.places import config_dir
from helpdesk.vocabulary import EditorRole, Readers
from tests.application import MONDAY, Desk


@pytest.fixture(scope="session")
def words() -> Lexicon:
    """The French list and the words of the field, as the command loads them."""
    return lexicon.load(config_dir() / "faq" / "words.txt")


@pytest.fixture
def faq(app: Flask) -> None:
    """One entry, from the document."""
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    apply(Document((Section("Comptes", (phone,), "comptes"),)), "faq.md", MONDAY)


@pytest.fixture
def editor(desk: Desk) -> Agent:
    agent = desk.agent(name="Édith Essai")
    editors.set_role(agent.email, EditorRole.EDITOR)
    return agent


@pytest.fixture
def reviewer(desk: Desk) -> Agent:
    agent = desk.agent(name="René Essai")
    editors.set_role(agent.email, EditorRole.REVIEWER)
    return agent
