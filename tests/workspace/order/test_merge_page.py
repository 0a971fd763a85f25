"""The page on which an agent merges two tickets, and what the other pages show of it."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from helpdesk.db import utc_now
from helpdesk.intake.message import Sender
from helpdesk.models import Agent
from helpdesk.tickets import actions
from helpdesk.tickets.followup import link_secret
from helpdesk.tickets.references import new_reference
from helpdesk.vocabulary import Status
from tests.application import Desk, field_in, later, post, token_in
from tests.workspace.pages import do, main_of, page_of, words_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_both_are_shown_side_by_side_and_merged_the_older_goes_on(desk: Desk, signed_in: FlaskClient) -> None:
    first, second = desk.ticket("Premier message."), desk.ticket("Deuxième message.", now=later(hours=1))
    address = f"{page_of(second)}/fusion"

    choice = main_of(signed_in.get(address))
    both = signed_in.get(f"{address}?avec={first.reference}")
    done = post(
        signed_in,
        address,
        {"other": first.reference, "kept": first.reference},
        page=f"{address}?avec={first.reference}",
    )
    after, told = main_of(signed_in.get(done.location)), main_of(signed_in.get(page_of(second)))

    assert first.reference in choice
    assert "Premier message." in main_of(both)
    assert "Deuxième message." in main_of(both)
    assert f'value="{first.reference}" checked' in both.text
    assert done.location == page_of(first)
    assert f"écrit sur {second.reference}" in after
    assert f"Fusionnée dans {first.reference}" in told


def test_the_merge_is_undone_from_either_page(desk: Desk, signed_in: FlaskClient) -> None:
    kept, gone = desk.ticket(), desk.ticket()
    for page in (kept, gone):
        other = gone if page is kept else kept
        post(signed_in, f"{page_of(gone)}/fusion", {"other": kept.reference, "kept": kept.reference}, page_of(gone))

        answer = post(signed_in, f"{page_of(page)}/fusion/defaire", {"other": other.reference}, page_of(page))

        assert "Fusion défaite" in main_of(signed_in.get(answer.location))
        assert desk.read(gone.reference).status is Status.NEW


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("x" * 60, "Ce numéro n’est pas complet."),
        ("unknown", "n’existe pas ou n’est pas dans vos services"),
        ("itself", "ne se fusionne pas avec elle-même"),
        ("foreign", "n’existe pas ou n’est pas dans vos services"),
    ],
)
def test_a_wrong_number_comes_back_as_typed_and_says_why(
    desk: Desk, signed_in: FlaskClient, other: str, said: str
) -> None:
    ticket, foreign = desk.ticket(), desk.ticket("Je n’arrive pas à me connecter. Mot secret.")
    actions.transfer(desk.agent(name="Basile Essai"), foreign.reference, "assistance-08", "x", now=utc_now())
    typed = {"itself": ticket.reference, "foreign": foreign.reference, "unknown": new_reference()}.get(other, other)

    looked = signed_in.get(f"{page_of(ticket)}/fusion?avec={typed}")
    tried = post(signed_in, f"{page_of(ticket)}/fusion", {"other": typed, "kept": ticket.reference}, page_of(ticket))

    assert looked.status_code == 422
    assert said in main_of(looked)
    assert typed in looked.text
    assert tried.status_code in (409, 422)
    assert "Mot secret." not in looked.text + tried.text


def test_two_persons_are_merged_only_with_a_tick(desk: Desk, signed_in: FlaskClient) -> None:
    kept = desk.ticket()
    gone = desk.ticket(sender=Sender("Max Fictif", "max@ailleurs.example"))
    address, fields = f"{page_of(kept)}/fusion", {"other": gone.reference, "kept": kept.reference}

    refused = post(signed_in, address, fields, page_of(kept))
    done = post(signed_in, address, {**fields, "family": "y"}, page=f"{address}?avec={gone.reference}")

    assert refused.status_code == 409
    assert "C’est la même personne, ou la même famille" in main_of(refused)
    assert done.status_code == 303


def test_an_answer_that_was_being_written_is_refused_and_kept(desk: Desk, signed_in: FlaskClient) -> None:
    kept, gone = desk.ticket(), desk.ticket()
    html = signed_in.get(page_of(gone)).text
    post(signed_in, f"{page_of(gone)}/fusion", {"other": kept.reference, "kept": kept.reference}, page_of(gone))

    fields = {"csrf_token": token_in(html), "seen": field_in(html, "seen"), "text": "Une longue réponse."}
    answer = signed_in.post(f"{page_of(gone)}/reponse", data=fields)

    assert answer.status_code == 409
    assert f"fusionnée dans {kept.reference}" in main_of(answer)
    assert "Une longue réponse." in answer.text


def test_the_persons_link_leads_on_where_it_is_the_same_person(desk: Desk, signed_in: FlaskClient) -> None:
    kept, gone = desk.ticket("Premier message."), desk.ticket("Deuxième message.")
    other = desk.ticket("Question de Max.", sender=Sender("Max Fictif", "max@ailleurs.example"))
    for ticket in (gone, other):
        fields = {"other": kept.reference, "kept": kept.reference, "family": "y"}
        post(signed_in, f"{page_of(ticket)}/fusion", fields, page_of(ticket))
    visitor = desk.app.test_client()
    key = desk.parts.settings.secret_key

    led = visitor.get(f"/suivi/{gone.reference}/{link_secret(key, gone.reference, 0)}")
    own = visitor.get(f"/suivi/{other.reference}/{link_secret(key, other.reference, 0)}")

    assert led.status_code == 302
    page = words_of(visitor.get(led.location).text)
    assert "Premier message." in page
    assert "Deuxième message." in page
    assert "Question de Max." not in page
    assert own.status_code == 200
    assert "Premier message." not in own.text


def test_unwanted_in_one_click_and_back(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    gone = do(signed_in, ticket, "indesirable")
    told = main_of(signed_in.get(gone.location))
    html = signed_in.get(page_of(ticket)).text
    back = signed_in.post(f"{page_of(ticket)}/pas-indesirable", data={"csrf_token": token_in(html)})

    assert "Classée comme indésirable" in told
    assert back.status_code == 303
    assert desk.read(ticket.reference).status is Status.NEW


def test_an_advertisement_is_set_aside_from_the_list_and_taken_back_there(desk: Desk, signed_in: FlaskClient) -> None:
    ticket, kept = desk.ticket(), desk.ticket()
    place = "/agent/?vue=toutes&statut=nouvelle"

    gone = post(signed_in, f"{page_of(ticket)}/indesirable", {"retour": place}, page=place)
    told = signed_in.get(gone.location)
    row = told.text.split("<tbody>")[1]
    back = post(
        signed_in, f"{page_of(ticket)}/pas-indesirable", {"retour": unescape(field_in(told.text, "retour"))}, page=place
    )

    assert gone.location == back.location == place
    assert f"{ticket.reference} est classée comme indésirable. Pas indésirable" in main_of(told)
    assert (row.count(ticket.reference), f"{page_of(kept)}/indesirable" in row) == (0, True)
    assert desk.read(ticket.reference).status is Status.NEW
    assert f"{ticket.reference} est de nouveau dans la liste." in main_of(signed_in.get(place))


def test_the_list_offers_it_on_no_row_that_is_over_and_says_why_when_it_comes_too_late(
    desk: Desk, agent: Agent, signed_in: FlaskClient
) -> None:
    ticket = desk.ticket()
    token = token_in(signed_in.get("/agent/").text)
    actions.close(agent, ticket.reference, "doublon", now=later())

    late = signed_in.post(
        f"{page_of(ticket)}/indesirable", data={"csrf_token": token, "retour": "https://autre.example/?x"}
    )

    assert "/indesirable" not in signed_in.get("/agent/?vue=terminees").text
    assert late.status_code == 409
    assert "ne se classe plus" in main_of(late)


def test_a_way_back_made_by_hand_leads_to_our_list_only(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    answer = post(
        signed_in, f"{page_of(ticket)}/indesirable", {"retour": "https://autre.example/?vue=x&y=z"}, "/agent/"
    )

    assert answer.location.startswith("/agent/?vue=")
