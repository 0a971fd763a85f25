"""A call that an agent writes down while talking."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import Agent, Outgoing, Ticket
from helpdesk.vocabulary import Channel, Direction, Status
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.workspace.pages import main_of, page_of

LOU = "+33639980111"
SAID: dict[str, str] = {
    "phone": "06 39 98 01 11",
    "name": "Lou Inventé",
    "school_commune": "Lyon",
    "school_postal_code": "69003",
    "text": "Elle ne reçoit pas le code par SMS.",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def sheet(client: FlaskClient) -> dict[str, str]:
    """The hidden fields of a fresh sheet."""
    html = client.get("/agent/appel").text
    return {"csrf_token": token_in(html), "token": field_in(html, "token")}


def save(client: FlaskClient, **changes: str) -> Any:
    return client.post("/agent/appel", data={**sheet(client), **SAID, **changes})


def tickets() -> list[Ticket]:
    db.session.rollback()
    return list(db.session.scalars(select(Ticket).order_by(Ticket.id)))


def test_a_call_becomes_a_request_that_its_agent_follows(signed_in: FlaskClient) -> None:
    answer = save(signed_in, told="y", email="lou@famille.example")

    (ticket,) = tickets()
    assert answer.location == page_of(ticket)
    assert (ticket.channel, ticket.sender_phone, ticket.academy) == (Channel.PHONE, LOU, "10")
    assert (ticket.status, ticket.assignee_id) == (Status.OPEN, db.session.scalars(select(Agent.id)).one())
    page = main_of(signed_in.get(answer.location))
    assert "a noté l’appel et informé la personne de l’usage de ses données" in page
    assert db.session.scalars(select(Outgoing.kind)).all() == ["acknowledgement"]


def test_what_is_solved_on_the_phone_keeps_what_was_said(signed_in: FlaskClient, mailer: MemoryMailer) -> None:
    save(signed_in, solved="1", answer="Réinitialisé avec elle.", email="lou@famille.example")

    (ticket,) = tickets()
    assert ticket.status is Status.SOLVED
    assert ticket.answered_at is not None
    assert [(m.direction, m.text) for m in ticket.messages][1] == (Direction.NOTE, "Réinitialisé avec elle.")
    assert mailer.sent == [], "« we will answer you » would be wrong"


def test_a_call_for_another_service_goes_there_and_is_not_shown(signed_in: FlaskClient) -> None:
    answer = save(signed_in, school_commune="Grenoble", school_postal_code="38000")

    (ticket,) = tickets()
    assert (ticket.academy, ticket.assignee_id, ticket.status) == ("08", None, Status.NEW)
    assert answer.location == "/agent/appel"
    assert ticket.reference in signed_in.get(answer.location).text


def test_pressed_twice_it_is_one_request_and_other_words_join_it(signed_in: FlaskClient) -> None:
    page = sheet(signed_in)
    for text in (SAID["text"], SAID["text"], "Autre chose encore."):
        signed_in.post("/agent/appel", data={**page, **SAID, "text": text})

    (ticket,) = tickets()
    assert [message.text for message in ticket.messages] == [SAID["text"], "Autre chose encore."]


def test_beside_the_sheet_are_earlier_requests_the_service_and_answers(desk: Desk, signed_in: FlaskClient) -> None:
    desk.ticket("Compte bloqué depuis lundi", sender=Sender("Lou Inventé", phone=LOU))
    hidden = desk.ticket(
        "Autre chose",
        sender=Sender("Lou Inventé", phone=LOU),
        school=SchoolHint(postal_code="38000"),
    )

    answer = signed_in.post("/agent/appel/cote", data={**sheet(signed_in), **SAID})
    looked = save(signed_in, look="1")

    for page in (answer.text, looked.text):
        assert "Compte bloqué depuis lundi" in page
        assert "académie de Lyon" in page
        assert hidden.reference not in page
    assert looked.status_code == 200
    assert len(tickets()) == 2, "looking keeps nothing"


def test_danger_is_told_to_the_agent_at_once(signed_in: FlaskClient) -> None:
    page = signed_in.post(
        "/agent/appel/cote", data={**sheet(signed_in), "text": "mon fils est frappé à la maison, il veut mourir"}
    )

    assert "Urgent" in page.text
    assert "119" in page.text


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(signed_in: FlaskClient) -> None:
    for fields, problem in (
        ({"text": " \x00 "}, "Il manque ce que dit la personne"),
        ({"text": "a" * 10_001}, "trop long"),
        ({"phone": "12"}, "Ce numéro n’est pas complet"),
        ({"email": "lou@"}, "Cette adresse n’est pas complète"),
        ({"token": "forged"}, "Vérifiez la page"),
        ({"csrf_token": ""}, "ouverte depuis longtemps"),
        ({"solved": "1"}, "ce que vous avez répondu"),
    ):
        answer = save(signed_in, **fields)

        assert answer.status_code == 422, fields
        assert problem in main_of(answer)
        assert "Lou Inventé" in answer.text
    assert tickets() == []


def test_nobody_is_needed_but_what_is_said(signed_in: FlaskClient) -> None:
    answer = save(signed_in, phone="", name="", school_commune="", school_postal_code="", profile="martian")

    (ticket,) = tickets()
    assert answer.status_code == 303
    assert ticket.profile is None
