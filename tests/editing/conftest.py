"""An entry of the FAQ, and who may change it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.takeover import apply
from helpdesk.vocabulary import EditorRole, Readers
from tests.application import MONDAY, Desk
from tests.editing.forms import member


@pytest.fixture
def faq(app: Flask) -> None:
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    apply(Document((Section("Comptes", (phone,), "comptes"),)), "faq.md", MONDAY)


@pytest.fixture
def editor(desk: Desk) -> FlaskClient:
    return member(desk, "Édith Essai", EditorRole.EDITOR)


@pytest.fixture
def reviewer(desk: Desk) -> FlaskClient:
    return member(desk, "René Essai", EditorRole.REVIEWER)
