"""Many requests at once, as agents meet it: boxes in the queue, a preview, a result, the way back."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db
from helpdesk.models import BulkAct, Ticket
from helpdesk.tickets import actions
from helpdesk.vocabulary import Priority, Status
from tests.application import Desk, field_in, later, post, token_in
from tests.workspace.pages import main_of

LOT = "/agent/lot"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def look(client: FlaskClient, kind: str, *tickets: Ticket, **fields: str) -> Any:
    """The preview, with the fields that its first page asks for."""
    said = {"act": kind, "chosen": [str(ticket.id) for ticket in tickets], **fields}
    return post(client, LOT, {**said, **({"previewed": "1"} if fields else {})}, page="/agent/")


def press(client: FlaskClient, preview: Any, **changes: Any) -> Any:
    """The last button of a preview, with its hidden fields."""
    form = preview.text.split(f'action="{LOT}/faire"', 1)[1].split("</form>", 1)[0]
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return client.post(f"{LOT}/faire", data={**fields, **changes})


def test_boxes_lead_to_a_preview_a_result_and_back(desk: Desk, signed_in: FlaskClient) -> None:
    first, second, done = desk.ticket(), desk.ticket(), desk.ticket()
    actions.close(desk.agent(name="Basile Essai"), done.reference, "doublon", now=later())
    assert f'value="{first.id}" form="lot"' in signed_in.get("/agent/").text

    asked = look(signed_in, "priority", first, second, done)
    shown = look(signed_in, "priority", first, second, done, priority="urgent")
    result = signed_in.get(press(signed_in, shown).location)
    urgent = [desk.read(each.reference).priority for each in (first, second)]
    undone = post(signed_in, f"{LOT}/1/annuler", {}, page=f"{LOT}/1")

    assert "Voir ce qui va se passer" in main_of(asked)
    assert "2 demandes vont changer" in main_of(shown)
    assert f"{done.reference} – Impossible : la demande est « close »" in main_of(shown)
    assert "C’est fait pour 2 demandes" in main_of(result)
    assert urgent == [Priority.URGENT] * 2
    assert undone.location == f"{LOT}/1"
    assert "2 demandes sont comme avant" in main_of(signed_in.get(undone.location))


FORGED = {
    "Dites pourquoi": {"act": "close", "reason": ""},
    "retirez 100 caractères": {"act": "close", "reason": "x" * 400},
    "Choisissez un service": {"act": "transfer", "service": "lyon", "reason": "ailleurs"},
    "Choisissez un collègue": {"act": "give", "to": "999"},
    "Choisissez une étiquette": {"act": "tag", "tag": "999"},
    "Choisissez une priorité": {"act": "priority", "priority": "now"},
    "Choisissez ce qu’il faut faire": {"act": "erase", "reason": "x"},
}


def test_what_was_forged_or_forgotten_does_nothing_and_says_why(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    token = token_in(signed_in.get("/agent/").text)
    chosen = {"csrf_token": token, "chosen": f"{ticket.id}.{ticket.version}", "previewed": "1", "token": "a" * 32}

    for said, fields in FORGED.items():
        for address in (LOT, f"{LOT}/faire"):
            answer = signed_in.post(address, data={**chosen, **fields})
            assert (answer.status_code, said in main_of(answer)) == (422, True), (said, address)

    db.session.rollback()
    assert db.session.query(BulkAct.id).all() == []


def test_none_ticked_or_too_many(signed_in: FlaskClient) -> None:
    sent: dict[str, Any] = {"csrf_token": token_in(signed_in.get("/agent/").text), "act": "mine"}

    none, forged, many = (
        signed_in.post(LOT, data={**sent, "chosen": chosen})
        for chosen in ([], ["x", "-1", "1" * 99, "²", ""], [str(number) for number in range(1, 400)])
    )

    assert [answer.status_code for answer in (none, forged, many)] == [422] * 3
    assert "Cochez d’abord" in main_of(none)
    assert "Cochez d’abord" in main_of(forged)
    assert "200 au plus" in main_of(many)


def test_a_page_that_was_open_for_long_is_shown_again_with_what_was_ticked(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    shown = look(signed_in, "close", ticket, reason="publicité")

    stale = press(signed_in, shown, csrf_token="forged")
    again = press(signed_in, stale)

    assert stale.status_code == 422
    assert "publicité" in main_of(stale)
    assert again.status_code == 303
    assert desk.read(ticket.reference).status is Status.CLOSED


def test_the_button_pressed_twice_is_one_act_and_nobody_elses(desk: Desk, signed_in: FlaskClient) -> None:
    ticket, other = desk.ticket(), desk.sign_in(desk.agent(name="Basile Essai"))
    shown = look(signed_in, "unwanted", ticket)

    clicks = [press(signed_in, shown).location for _click in range(2)]
    taken = press(other, shown, csrf_token=token_in(other.get("/agent/").text))

    assert clicks == [f"{LOT}/1"] * 2
    assert taken.status_code == 422
    assert (other.get(f"{LOT}/1").status_code, field_in(shown.text, "act")) == (404, "unwanted")
    db.session.rollback()
    assert len(db.session.query(BulkAct.id).all()) == 1
