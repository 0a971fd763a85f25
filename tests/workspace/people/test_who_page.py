"""« Corriger la personne » : name, address and number of a ticket, and what follows for links and other tickets."""

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import Changed
from helpdesk.intake.message import Sender
from helpdesk.models import Address, Person, Ticket
from helpdesk.tickets import actions, history
from helpdesk.tickets.order.whose import Who, correct_person
from tests.application import Desk, later, post
from tests.workspace.pages import main_of, page_of

LOU, NUMBER = "lou@famille.example", "+33639981234"
TYPED = {"name": "Lou Corrigé", "email": " Lou.Juste@famille.example ", "phone": "06 39 98 12 34"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def form_of(ticket: Ticket) -> str:
    return f"{page_of(ticket)}/personne"


def addresses() -> set[tuple[str, str]]:
    """Of all persons: (name, address)."""
    db.session.rollback()
    return {(name, value) for name, value in db.session.execute(select(Person.name, Address.value).join(Address))}


def test_a_correction_is_told_and_ends_the_links_that_were_sent(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    version = ticket.link_version

    assert form_of(ticket) in client.get(page_of(ticket)).text
    for _click in range(2):
        post(client, form_of(ticket), TYPED)

    corrected = desk.read(ticket.reference)
    assert corrected.sender_email == "lou.juste@famille.example"
    assert corrected.link_version == version + 1
    assert [event.kind for event in corrected.events].count(history.PERSON_CORRECTED) == 1
    assert addresses() == {("Lou Corrigé", "lou.juste@famille.example"), ("Lou Corrigé", NUMBER)}
    told = "Lou Inventé, lou@famille.example → Lou Corrigé, lou.juste@famille.example, 06 39 98 12 34."
    assert told in main_of(client.get(page_of(ticket)))


def test_an_answer_that_was_begun_for_somebody_else_is_held_back(desk: Desk) -> None:
    ticket, colleague = desk.ticket(), desk.agent(name="Solène Essai")
    told = ticket.events[-1].id

    correct_person(colleague, ticket.reference, Who("Nour Fictif", "nour@famille.example", ""), later(hours=1))

    sending = actions.Sending(told=told)
    with pytest.raises(Changed):
        actions.reply(
            desk.agent(), ticket.reference, "Bonjour.", seen=2**40, solve=False, now=later(hours=2), sending=sending
        )


def test_a_new_name_alone_leaves_the_links(desk: Desk) -> None:
    ticket = desk.ticket()
    version = ticket.link_version

    correct_person(desk.agent(), ticket.reference, Who("Lou Corrigé", LOU, ""), later(hours=1))

    assert desk.read(ticket.reference).link_version == version


def test_an_address_that_another_ticket_bears_stays_the_persons(desk: Desk) -> None:
    wrong, right = desk.ticket(), desk.ticket()

    correct_person(desk.agent(), wrong.reference, Who("Lou Inventé", "lou.juste@famille.example", ""), later(hours=1))

    assert {value for _name, value in addresses()} == {LOU, "lou.juste@famille.example"}
    assert desk.read(right.reference).sender_email == LOU


def test_an_address_known_as_somebody_elses_takes_the_ticket_there_with_its_number(desk: Desk) -> None:
    ticket = desk.ticket(sender=Sender("Sacha Inventé", "", NUMBER))
    theirs = desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"))
    former = ticket.person_id
    client = desk.sign_in(desk.agent())
    client.get(f"/agent/personnes/{former}")

    fields = {"name": "Nour Fictif", "email": "nour@famille.example", "phone": "06 39 98 12 34"}
    post(client, form_of(ticket), fields)

    assert desk.read(ticket.reference).person_id == theirs.person_id
    assert addresses() == {("Nour Fictif", "nour@famille.example"), ("Nour Fictif", NUMBER)}
    assert db.session.get(Person, former) is None, "nothing would lead to it any more"
    assert "passée à une personne déjà connue" in main_of(client.get(page_of(ticket)))


def test_what_is_refused_changes_nothing_and_loses_nothing(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    refusals: list[tuple[dict[str, str], int, str]] = [
        ({"email": "lou@"}, 422, "Cette adresse n’est pas complète"),
        ({"phone": "06 39"}, 422, "Ce numéro n’est pas complet"),
        ({"name": "x" * 900}, 422, "retirez 710 caractères"),
        ({"email": "", "phone": ""}, 409, "Gardez une adresse ou un numéro"),
    ]

    for fields, status, said in refusals:
        answer = post(client, form_of(ticket), {**TYPED, **fields})
        assert (answer.status_code, said in main_of(answer)) == (status, True), fields
        assert f'value="{fields.get("name", TYPED["name"])}"' in answer.text

    assert desk.read(ticket.reference).sender_email == LOU
