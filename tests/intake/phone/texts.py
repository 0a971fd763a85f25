"""Text messages as the provider hands them over: its documented parameters, signed."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.intake.phone.signatures import SIGNATURE, account_of, secrets_of, sign
from helpdesk.models import Event, Outgoing, Ticket
from helpdesk.pages import parts_of
from helpdesk.settings import Settings
from helpdesk.tickets import actions
from tests.application import Desk

LOU = "+33639980111"
ASKED = "Bonjour, je suis à Lyon 69003 et je n'arrive pas à me connecter"


def text_of(body: str, sender: str = LOU, sid: str = "SM" + "1" * 32, **more: str) -> dict[str, str]:
    """What the provider says of a text that somebody sent."""
    return {"MessageSid": sid, "From": sender, "To": "+33939010203", "Body": body, "NumMedia": "0", **more}


def signed(settings: Settings, path: str, fields: dict[str, str], secret: str = "") -> dict[str, Any]:
    """Arguments of a client's `post` with which the provider would send these fields."""
    form = {"AccountSid": account_of(settings), **fields}
    signature = sign(f"{settings.public_base_url}{path}", form, secret or secrets_of(settings)[0])
    return {"path": path, "data": form, "headers": {SIGNATURE: signature}}


def send(app: Flask, client: FlaskClient, fields: dict[str, str], path: str = "/telephone/sms") -> Any:
    """Have the provider say it."""
    return client.post(**signed(parts_of(app).settings, path, fields))


def tickets() -> list[Ticket]:
    db.session.rollback()
    return list(db.session.scalars(select(Ticket).order_by(Ticket.id)))


def texts_to(number: str) -> list[Outgoing]:
    db.session.rollback()
    return list(db.session.scalars(select(Outgoing).where(Outgoing.to_address == number).order_by(Outgoing.id)))


def kinds(ticket: Ticket) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)))


def answer(desk: Desk, reference: str, text: str = "Demandez au collège.", solve: bool = False) -> None:
    agent = desk.agent(*{service.slug for service in (desk.read(reference).service,)}, name=f"Agathe {reference}")
    actions.reply(agent, reference, text, seen=2**60, solve=solve, now=utc_now())
    desk.parts.dispatcher.wake()
