"""The button at a message, the look at where it would go, and the one act."""

import pytest
from flask.testing import FlaskClient

from helpdesk.tickets.order.unwanted import mark_unwanted
from tests.application import Desk, MemoryMailer, later, post
from tests.workspace.pages import add_word, main_of, page_of, text_of, words_of

HERE = "Et le mot de passe oublié de sa sœur ?"
AWAY = "Et mon autre fils, au collège à Grenoble (38000), ne reçoit pas son code d’activation."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def address(desk: Desk, text: str) -> str:
    """Of the page that takes off a second message with this text."""
    ticket = desk.ticket()
    add_word(desk, ticket, text)
    return f"{page_of(ticket)}/messages/{desk.read(ticket.reference).messages[-1].id}/separer"


def test_a_look_then_one_act_leads_to_the_new_request(desk: Desk, signed_in: FlaskClient, mailer: MemoryMailer) -> None:
    page = address(desk, HERE)
    old = page.split("/")[3]

    thread, look = signed_in.get(f"/agent/demandes/{old}"), signed_in.get(page)
    done = post(signed_in, page, {"subject": "Mot de passe de la sœur"})
    after = main_of(signed_in.get(done.location))

    assert thread.text.count("/separer") == 1, "the first message is the request itself"
    assert page in thread.text
    assert HERE in main_of(look)
    assert "Lyon" in main_of(look), "where it would go and why"
    assert "Mot de passe de la sœur" in after
    assert "Fait suite à" in after
    assert f"séparé ce message de {old}" in after
    assert done.location.split("/")[-1] in text_of(mailer.sent[-1])


def test_what_goes_out_of_sight_is_told_on_the_page_it_left(desk: Desk, signed_in: FlaskClient) -> None:
    page = address(desk, AWAY)

    done = post(signed_in, page, {"subject": "Code d’activation"})

    assert done.location.split("/")[-1] == page.split("/")[3]
    assert "n’est pas dans vos services" in main_of(signed_in.get(done.location))


@pytest.mark.parametrize("subject", ["", "   ", "x" * 301])
def test_a_subject_that_is_none_comes_back_with_what_was_typed(
    desk: Desk, signed_in: FlaskClient, subject: str
) -> None:
    answer = post(signed_in, page := address(desk, HERE), {"subject": subject})

    assert answer.status_code == 422
    assert "Rien n’a été séparé" in words_of(answer.text)
    assert subject.strip() in answer.text
    assert HERE in main_of(signed_in.get(page)), "it is still there"


def test_what_cannot_go_says_why_on_the_requests_page(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    first = f"{page_of(ticket)}/messages/{ticket.messages[0].id}/separer"
    nowhere = f"{page_of(ticket)}/messages/4611686018427387903/separer"

    answers = [signed_in.get(first), post(signed_in, nowhere, {"subject": "x"}, page_of(ticket))]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Le premier message est la demande elle-même" in main_of(answers[0])
    assert "n’est pas de cette demande" in main_of(answers[1])


def test_no_button_stands_where_nothing_can_go(desk: Desk, signed_in: FlaskClient) -> None:
    page = address(desk, HERE)
    mark_unwanted(desk.agent(name="Basile Essai"), page.split("/")[3], later())

    assert "/separer" not in signed_in.get(f"/agent/demandes/{page.split('/')[3]}").text
    assert signed_in.get(page).status_code == 409
