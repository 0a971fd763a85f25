"""The pages of the rules: their addresses, a rule to type, and their forms."""

from typing import Any

from flask.testing import FlaskClient

from helpdesk.db import db
from helpdesk.models import RulesVersion
from tests.application import field_in, token_in

RULES = "/agent/regles"
DRAFT = f"{RULES}/brouillons/1"
LYON = {
    "name": "lyon-ferme",
    "academy": ["10"],
    "topic": ["franceconnect", "compte-eleve"],
    "service": "assistance-08",
    "because": "Grenoble répond pour Lyon",
}


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
