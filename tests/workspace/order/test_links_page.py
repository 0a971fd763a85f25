"""The page on which an agent links a ticket to another."""

import pytest

from tests.application import Desk, post
from tests.workspace.pages import main_of, page_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


def test_a_ticket_is_linked_and_the_link_undone(desk: Desk) -> None:
    client, ticket, other = desk.sign_in(desk.agent()), desk.ticket(), desk.ticket()
    address = f"{page_of(ticket)}/liens"
    typed = other.reference.lower().replace("-", " ")

    linked = main_of(client.get(post(client, address, {"relation": "duplicate", "other": typed}).location))
    undone = post(client, f"{address}/defaire", {"other": other.reference}, page=address)

    assert "Doublon de" in linked
    assert f"Agathe Essai a noté : doublon de {other.reference}." in linked
    assert "Aucun lien pour l’instant." in main_of(client.get(undone.location))


@pytest.mark.parametrize(
    ("relation", "other", "said"),
    [
        ("", "itself", "Dites ce que cette demande est pour l’autre."),
        ("duplicate", "", "Il manque le numéro."),
        ("duplicate", "x" * 10_000, "Ce texte est trop long : retirez 9940 caractères."),
        ("duplicate", "itself", "Une demande ne se lie pas à elle-même."),
    ],
)
def test_what_is_refused_comes_back_as_typed_and_says_why(desk: Desk, relation: str, other: str, said: str) -> None:
    client, ticket = desk.sign_in(desk.agent()), desk.ticket()
    fields = {"relation": relation, "other": ticket.reference if other == "itself" else other}

    answer = post(client, f"{page_of(ticket)}/liens", fields)

    assert answer.status_code in (409, 422)
    assert said in main_of(answer)
    assert fields["other"] in answer.text


def test_another_services_agent_finds_nothing_and_a_forged_post_does_nothing(desk: Desk) -> None:
    ticket, other = desk.ticket(), desk.ticket()
    address = f"{page_of(ticket)}/liens"
    foreign = desk.sign_in(desk.agent("assistance-08", name="Basile Essai"))
    ours = desk.sign_in(desk.agent())

    forged = ours.post(address, data={"relation": "duplicate", "other": other.reference})

    assert foreign.get(address).status_code == 404
    assert forged.status_code == 422
    assert desk.read(ticket.reference).events[-1].kind != "tied"
