"""The editors’ forms as a browser sends them."""

import re
from html import unescape
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from helpdesk.db import db
from helpdesk.knowledge import editors
from helpdesk.models import Draft
from helpdesk.vocabulary import EditorRole
from tests.application import Desk, field_in, token_in

ENTRIES = "/agent/fiches"
DRAFT = f"{ENTRIES}/preparation/1"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x20\x08\x02\x00\x00\x00 pixels"
DOCUMENT = "# Comptes\nAdresse : comptes\n\n## Mon numéro a changé : à qui le dire ?\nAdresse : telephone\n\n{}\n"


def member(desk: Desk, name: str, role: EditorRole) -> FlaskClient:
    agent = desk.agent(name=name)
    editors.set_role(agent.email, role)
    return desk.sign_in(agent)


def press(client: FlaskClient, page: str, address: str, fields: dict[str, Any] | None = None) -> Any:
    """Send a form of a page, with the hidden fields that the page holds."""
    html = client.get(page).text
    hidden = {name: field_in(html, name) for name in ("revision", "over") if f'name="{name}"' in html}
    return client.post(address, data={"csrf_token": token_in(html), **hidden, **(fields or {})})


def write(client: FlaskClient, answer: str, **changes: Any) -> Any:
    fields = {"question": "Mon numéro a changé : à qui le dire ?", "section": "comptes", "readers": "families"}
    return press(client, f"{DRAFT}/texte", f"{DRAFT}/texte", {**fields, "answer": answer, **changes})


def start(client: FlaskClient) -> None:
    assert press(client, f"{ENTRIES}/1", f"{ENTRIES}/1/preparation/fr").location.endswith(f"{DRAFT}/texte")


def answer_of(draft_id: int = 1) -> str:
    db.session.rollback()
    return db.session.get_one(Draft, draft_id).answer


def answer_in(html: str) -> str:
    found = re.search(r'<textarea[^>]*name="answer"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    assert found
    return unescape(found[1])


def hand_in(client: FlaskClient, content: str, name: str = "faq.md") -> Any:
    page = f"{ENTRIES}/import"
    html = client.get(page).text
    return client.post(page, data={"csrf_token": token_in(html), "file": (BytesIO(content.encode()), name)})
