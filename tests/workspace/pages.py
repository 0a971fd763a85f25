"""Agents' pages as their readers meet them: words without tags, buttons with their hidden fields."""

import re
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from helpdesk.db import utc_now
from helpdesk.intake.receive import receive_on
from helpdesk.models import Ticket
from tests.application import Desk, field_in, token_in


def plain(text: str) -> str:
    """Non-breaking spaces as spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words_of(html: str) -> str:
    """The text of a page, spaces folded."""
    return " ".join(plain(unescape(re.sub(r"<[^>]+>", " ", html))).split())


def main_of(answer: Any) -> str:
    """The words of a page's main part: without menu and footer."""
    return words_of(answer.text.split("<main", 1)[1].split("</main>", 1)[0])


def title_of(answer: Any) -> str:
    return words_of(answer.text.split("<title>", 1)[1].split("</title>", 1)[0])


def page_of(ticket: Ticket) -> str:
    """The address of its page."""
    return f"/agent/demandes/{ticket.reference}"


def do(client: FlaskClient, ticket: Ticket, verb: str, fields: dict[str, Any] | None = None) -> Any:
    """Press a button of the ticket's page, with the hidden fields that the page holds now."""
    html = client.get(page_of(ticket)).text
    hidden = {"csrf_token": token_in(html), "seen": field_in(html, "seen")}
    if 'name="holder"' in html:
        hidden["holder"] = field_in(html, "holder")
    return client.post(f"{page_of(ticket)}/{verb}", data={**hidden, **(fields or {})})


def text_of(mail: EmailMessage) -> str:
    """What a mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def add_word(desk: Desk, ticket: Ticket, text: str) -> None:
    """The person writes again, on the follow-up page."""
    receive_on(ticket.reference, desk.message(text), desk.parts.files, reopen_within=timedelta(days=30), now=utc_now())
