"""« Pour moi »: the page, and the buttons of a ticket that lead there."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from helpdesk.db import utc_now
from tests.application import Desk, post
from tests.workspace.pages import main_of, page_of, plain, words_of

PAGE = "/agent/pour-moi"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return desk.sign_in(desk.agent())


def test_a_colleague_chosen_from_the_list_finds_the_note_and_its_mark_goes_when_it_is_read(
    desk: Desk, client: FlaskClient
) -> None:
    ticket, basile = desk.ticket(), desk.agent(name="Basile Essai")
    other = desk.sign_in(basile)
    form = client.get(page_of(ticket)).text

    sent = post(client, f"{page_of(ticket)}/note", {"text": "À toi ?", "to": str(basile.id)}, page=page_of(ticket))

    assert "Basile Essai (@basile.essai)" in words_of(form)
    assert sent.status_code == 303
    assert "Pour moi (1)" in words_of(other.get("/agent/").text)
    shown = main_of(other.get(PAGE))
    assert "Nouveau" in shown
    assert "À toi ?" in shown
    other.get(page_of(ticket))
    assert "Pour moi (1)" not in other.get("/agent/").text
    assert "Nouveau" not in main_of(other.get(PAGE))


def test_a_name_that_nobody_has_is_told(desk: Desk, client: FlaskClient) -> None:
    ticket = desk.ticket()

    sent = post(client, f"{page_of(ticket)}/note", {"text": "@zoe ?"}, page=page_of(ticket))

    assert "Personne n’a été prévenu sous ce nom : @zoe." in plain(main_of(client.get(sent.location)))


def test_a_note_to_somebody_who_may_not_see_it_is_kept_and_refused(desk: Desk, client: FlaskClient) -> None:
    ticket, stranger = desk.ticket(), desk.agent("assistance-08", name="Greta Essai")

    answers = [
        post(client, f"{page_of(ticket)}/note", {"text": "À toi ?", "to": to}, page=page_of(ticket))
        for to in (str(stranger.id), "x", "9" * 30)
    ]

    assert [each.status_code for each in answers] == [409, 409, 409]
    assert all("À toi ?" in each.text for each in answers)
    assert "Ce collègue ne peut pas voir cette demande" in main_of(answers[0])
    assert len(desk.read(ticket.reference).messages) == 1


def test_being_told_and_told_no_more(desk: Desk, client: FlaskClient) -> None:
    ticket = desk.ticket()

    for _ in range(2):
        post(client, f"{page_of(ticket)}/informer", {}, page=page_of(ticket))
    watching = main_of(client.get(page_of(ticket)))
    post(client, f"{page_of(ticket)}/ne-plus-informer", {}, page=page_of(ticket))

    assert "Informés : Agathe Essai." in plain(watching)
    assert "Aucune. Sur la page d’une demande" in main_of(client.get(PAGE))


def test_a_ticket_put_aside_says_so_warns_and_comes_back(desk: Desk, client: FlaskClient) -> None:
    ticket = desk.ticket(now=utc_now())
    day = (utc_now() + timedelta(days=30)).date()

    answer = post(client, f"{page_of(ticket)}/pause", {"day": day.isoformat()}, page=page_of(ticket))
    told = plain(main_of(client.get(answer.location)))
    empty = main_of(client.get("/agent/"))
    listed = main_of(client.get(PAGE))
    post(client, f"{page_of(ticket)}/reprise", {}, page=PAGE)

    assert "Attention : elle sera en retard avant ce jour." in told
    assert "En pause pour vous jusqu’au" in told
    assert ticket.reference not in empty
    assert ticket.subject in listed
    assert ticket.reference in client.get("/agent/").text


def test_a_day_that_cannot_be_is_refused_in_words(desk: Desk, client: FlaskClient) -> None:
    ticket = desk.ticket()

    for day in ("", "hier", "2020-01-01", "2999-01-01", "31/02/2027"):
        answer = post(client, f"{page_of(ticket)}/pause", {"day": day}, page=page_of(ticket))

        assert answer.status_code == 422, day
        assert "Rien n’a été envoyé ni changé" in main_of(answer), day
