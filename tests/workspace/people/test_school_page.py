"""« Changer l’établissement » : a look at where the ticket would go, then the change, alone or with the ticket."""

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models import Correction, Ticket
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Role
from tests.application import Desk, later, post
from tests.workspace.pages import main_of, page_of

NICE = {"school_name": "Collège Imaginé", "school_commune": "Nice", "school_postal_code": "06000", "school_uai": ""}
THERE, HERE = "assistance-23", "assistance-10"  # Nice, Lyon


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def form_of(ticket: Ticket) -> str:
    return f"{page_of(ticket)}/etablissement"


def kinds(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events]


def test_a_look_says_where_it_would_go_and_why_and_changes_nothing(desk: Desk) -> None:
    ticket = desk.ticket()
    client, before = desk.sign_in(desk.agent()), ticket.version

    assert "/etablissement" in client.get(page_of(ticket)).text
    answer = post(client, form_of(ticket), {**NICE, "look": "1"})

    said = main_of(answer)
    assert "La demande irait à" in said
    assert "Nice" in said
    assert f'name="send" value="{THERE}"' in answer.text
    assert 'value="Collège Imaginé"' in answer.text
    stays = desk.read(ticket.reference)
    assert (stays.version, stays.school_commune, stays.service.slug) == (before, "Lyon", HERE)


def test_the_change_can_take_the_ticket_along_and_counts_once(desk: Desk) -> None:
    ticket = desk.ticket()
    client = desk.sign_in(desk.agent(HERE, "triage-national", role=Role.SUPERVISOR))

    for _click in range(2):
        assert post(client, form_of(ticket), {**NICE, "send": THERE}).status_code == 303

    moved = desk.read(ticket.reference)
    assert (moved.service.slug, moved.academy, moved.school_name) == (THERE, "23", "Collège Imaginé")
    assert kinds(moved).count(history.SCHOOL_CHANGED) == kinds(moved).count(history.TRANSFERRED) == 1
    correction = db.session.scalars(select(Correction)).one()
    assert (correction.service_before.slug, correction.service_after.slug) == (HERE, THERE)
    told = main_of(client.get(page_of(ticket)))
    assert "Agathe Essai a changé l’établissement : 69003 Lyon → Collège Imaginé, 06000 Nice." in told


def test_the_change_alone_leaves_the_ticket_where_it_is(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())

    for _click in range(2):
        post(client, form_of(ticket), NICE)

    stays = desk.read(ticket.reference)
    assert (stays.service.slug, stays.school_postal_code) == (HERE, "06000")
    assert kinds(stays).count(history.SCHOOL_CHANGED) == 1
    assert db.session.scalars(select(Correction)).all() == []


def test_a_ticket_goes_back_to_where_it_was_first_sent(desk: Desk) -> None:
    ticket, agent = desk.ticket(), desk.agent(HERE, THERE)
    actions.transfer(agent, ticket.reference, THERE, "élève parti à Nice", now=later(hours=1))
    lyon = {"school_name": "", "school_commune": "Lyon", "school_postal_code": "69001", "school_uai": ""}

    post(desk.sign_in(agent), form_of(ticket), {**lyon, "send": HERE})

    assert desk.read(ticket.reference).service.slug == HERE
    assert db.session.scalars(select(Correction)).all() == [], "routing was right"


def test_what_is_refused_changes_nothing_and_loses_nothing(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    refusals: list[tuple[dict[str, str], int, str]] = [
        ({"school_uai": "12"}, 422, "sept chiffres et une lettre"),
        ({"school_name": "x" * 9_000}, 422, "retirez 8800 caractères"),
        ({"send": "assistance-08"}, 409, "n’est plus celle de l’aperçu"),
        ({"send": "nulle-part"}, 409, "n’est plus celle de l’aperçu"),
    ]

    for fields, status, said in refusals:
        answer = post(client, form_of(ticket), {**NICE, **fields})
        assert (answer.status_code, said in main_of(answer)) == (status, True), fields
        assert 'value="Nice"' in answer.text

    unchanged = desk.read(ticket.reference)
    assert (unchanged.school_commune, unchanged.service.slug) == ("Lyon", HERE)


def test_a_solved_ticket_takes_its_school_and_stays(desk: Desk) -> None:
    ticket, agent = desk.ticket(), desk.agent()
    actions.solve(agent, ticket.reference, now=later(hours=1))
    client = desk.sign_in(agent)

    looked = post(client, form_of(ticket), {**NICE, "look": "1"})
    forced = post(client, form_of(ticket), {**NICE, "send": THERE})

    assert "rouvrez-la" in main_of(looked)
    assert 'name="send"' not in looked.text
    assert forced.status_code == 409
    assert desk.read(ticket.reference).school_commune == "Lyon"
