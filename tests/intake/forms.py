"""The public form as a browser fills it in and sends it."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models import Ticket
from tests.application import field_in, token_in

FIELDS = {
    "profile": "responsable",
    "last_name": "Inventé",
    "first_name": "Lou",
    "email": "lou@famille.example",
    "phone": "",
    "school_level": "second-degre",
    "school_name": "collège Jean Moulin",
    "school_commune": "Lyon",
    "school_postal_code": "69003",
    "text": "Bonjour, le code SMS n’arrive jamais.",
    "shown_message": "",
}


def count(table: type) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def filled(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """What a browser would send from a fresh form."""
    html = client.get("/demande").text
    return {**FIELDS, "csrf_token": token_in(html), "token": field_in(html, "token"), **changes}


def send(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/demande", data=filled(client, **changes))


def only_ticket() -> Ticket:
    db.session.expire_all()
    return db.session.scalars(select(Ticket)).one()
