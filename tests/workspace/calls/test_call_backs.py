"""The list of calls for agents, promising one, and answers that leave by text message."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.intake.message import Sender
from helpdesk.models import CallBack, Outgoing, TextStop, Ticket
from helpdesk.outbox.texting import FolderTexter, Texter
from helpdesk.tickets.calls.plan import CallBackState
from tests.application import Desk, post
from tests.workspace.pages import main_of, page_of

LOU = "+33639980111"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def texter(tmp_path: Path) -> Texter | None:
    return FolderTexter(tmp_path / "texts")


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return desk.ticket(sender=Sender("Lou Inventé", phone=LOU), now=utc_now())


def calls() -> list[CallBack]:
    db.session.rollback()
    return list(db.session.scalars(select(CallBack)))


def promise(client: FlaskClient, ticket: Ticket, **fields: str) -> str:
    """The page after a call was promised."""
    answer = post(client, f"{page_of(ticket)}/rappel", {"number": "06 39 98 01 11", **fields}, page_of(ticket))
    return main_of(client.get(answer.location) if answer.status_code == 303 else answer)


def note(client: FlaskClient, verb: str, tries: str = "0") -> str:
    """The page after an outcome was noted."""
    answer = post(client, f"/agent/rappels/{calls()[0].id}/{verb}", {"tries": tries}, "/agent/rappels")
    return main_of(client.get(answer.location) if answer.status_code == 303 else answer)


def test_an_empty_list_says_where_calls_come_from(signed_in: FlaskClient) -> None:
    assert "Personne n’attend d’appel" in main_of(signed_in.get("/agent/rappels"))


def test_a_promised_call_is_on_the_list_with_its_number_to_dial(signed_in: FlaskClient, ticket: Ticket) -> None:
    assert "C’est noté : à rappeler" in promise(signed_in, ticket)

    page = signed_in.get("/agent/rappels")

    assert f'href="tel:{LOU}"' in page.text
    assert "06 39 98 01 11" in main_of(page)
    assert "Lou Inventé" in main_of(page)
    assert "Rappels" in main_of(signed_in.get("/agent/"))


def test_what_is_wrong_with_a_promise_is_told(signed_in: FlaskClient, ticket: Ticket) -> None:
    for fields, problem in (
        ({"number": "12"}, "Ce numéro n’est pas complet"),
        ({"day": "2020-01-01"}, "jour à venir"),
        ({"day": "n’importe quoi"}, "Rien n’a été envoyé"),
        ({"start": "10:00"}, "Dites aussi quel jour"),
        ({"day": "2199-01-01", "start": "14:00", "end": "10:00"}, "après celle du début"),
        ({"day": "", "start": "25 h", "end": ""}, "Écrivez l’heure ainsi"),
    ):
        assert problem in promise(signed_in, ticket, **fields), fields
    assert calls() == []


def test_an_outcome_leads_on(signed_in: FlaskClient, ticket: Ticket) -> None:
    promise(signed_in, ticket)

    assert "C’est noté : à rappeler" in note(signed_in, "sans-reponse")
    assert "C’est déjà noté" in note(signed_in, "sans-reponse"), "a second click on an old page"
    assert "Un mémo est commencé" in note(signed_in, "joint", tries="1")
    assert calls()[0].state is CallBackState.REACHED


def test_an_outcome_of_another_page_changes_nothing(signed_in: FlaskClient, ticket: Ticket) -> None:
    promise(signed_in, ticket)
    note(signed_in, "sans-reponse")

    for tries in ("", "-1", "9" * 30, "0; drop"):
        note(signed_in, "joint", tries=tries)

    assert calls()[0].state is CallBackState.OPEN


def test_a_call_of_another_service_is_not_there(desk: Desk, signed_in: FlaskClient, ticket: Ticket) -> None:
    promise(signed_in, ticket)
    other = desk.sign_in(desk.agent("assistance-09", name="Autre Essai"))

    answer = post(other, f"/agent/rappels/{calls()[0].id}/joint", {"tries": "0"}, "/agent/rappels")

    assert answer.status_code == 404
    assert LOU not in other.get("/agent/rappels").text
    assert post(other, f"/agent/rappels/{10**30}/joint", {"tries": "0"}, "/agent/rappels").status_code == 404


def test_an_answer_leaves_by_text_and_says_so(signed_in: FlaskClient, ticket: Ticket) -> None:
    page = signed_in.get(page_of(ticket))
    answer = post(
        signed_in, f"{page_of(ticket)}/reponse", {"text": "Demandez au collège.", "seen": str(2**40)}, page_of(ticket)
    )

    assert "votre réponse part par SMS au 06 39 98 01 11" in main_of(page)
    after = main_of(signed_in.get(answer.location))
    assert "part par SMS" in after
    assert "SMS : remis à l’opérateur" in after or "SMS en 2 parties : remis à l’opérateur" in after
    db.session.rollback()
    row = db.session.scalars(select(Outgoing).where(Outgoing.kind == "answer")).one()
    assert (row.to_address, row.channel) == (LOU, "sms")


def test_after_stop_the_page_says_that_only_a_call_reaches(desk: Desk, signed_in: FlaskClient, ticket: Ticket) -> None:
    from helpdesk.db import transaction

    with transaction() as session:
        session.add(TextStop(number=LOU))

    page = main_of(signed_in.get(page_of(ticket)))

    assert "La personne a répondu STOP" in page
    assert "rappelez au 06 39 98 01 11" in page
