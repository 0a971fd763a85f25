"""The other buttons on the page of a ticket: who follows it, notes, transfers, its end."""

import re

import pytest
from flask.testing import FlaskClient

from helpdesk.db import utc_now
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import actions
from helpdesk.vocabulary import Priority
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.workspace.pages import do, main_of, page_of, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


def test_taking_and_giving_back(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    taken = main_of(signed_in.get(do(signed_in, ticket, "prendre").location))
    given_back = main_of(signed_in.get(do(signed_in, ticket, "rendre").location))

    assert taken.count("Vous suivez cette demande.") == 2  # what was done, and who follows
    assert "La demande est rendue au service." in given_back
    assert "Personne ne la suit." in given_back


def test_a_colleague_sees_who_follows_and_what_taking_over_means(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    actions.take(agent, ticket.reference, utc_now())
    colleague = desk.sign_in(desk.agent(name="Basile Essai"))

    page = main_of(colleague.get(page_of(ticket)))

    assert "Agathe Essai suit cette demande." in page
    assert "Prendre la demande que suit Agathe Essai" in page
    assert "mettez-vous d’accord avant de répondre" in page
    assert "Rendre au service" not in page


def test_two_who_press_at_once_do_not_take_it_from_each_other(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    html = signed_in.get(page_of(ticket)).text
    actions.take(desk.agent(name="Basile Essai"), ticket.reference, utc_now())

    answer = signed_in.post(
        f"{page_of(ticket)}/prendre", data={"csrf_token": token_in(html), "holder": field_in(html, "holder")}
    )
    knowingly = do(signed_in, ticket, "prendre")

    assert answer.status_code == 409
    assert "Basile Essai vient de prendre cette demande." in main_of(answer)
    assert knowingly.status_code == 303
    holder = desk.read(ticket.reference).assignee
    assert holder is not None
    assert holder.name == "Agathe Essai"


def test_giving_back_what_somebody_else_took_meanwhile_is_refused_in_words(
    desk: Desk, agent: Agent, signed_in: FlaskClient
) -> None:
    ticket = desk.ticket()
    do(signed_in, ticket, "prendre")
    html = signed_in.get(page_of(ticket)).text
    actions.take(desk.agent(name="Basile Essai"), ticket.reference, utc_now(), over=agent.id)

    answer = signed_in.post(f"{page_of(ticket)}/rendre", data={"csrf_token": token_in(html)})

    assert answer.status_code == 409
    assert "Vous ne suivez pas cette demande." in main_of(answer)


def test_a_note_is_seen_by_colleagues_only(desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    mails = len(mailer.sent)

    page = signed_in.get(do(signed_in, ticket, "note", {"text": "Vu avec le collège."}).location)

    assert "Note interne Agathe Essai" in main_of(page)
    assert 'class="said said--note"' in page.text
    assert len(mailer.sent) == mails


def test_an_empty_note_opens_its_form_again(desk: Desk, signed_in: FlaskClient) -> None:
    answer = do(signed_in, desk.ticket(), "note", {"text": ""})

    assert answer.status_code == 422
    assert re.search(r"<details[^>]* open>\s*<summary[^>]*>Écrire une note interne", answer.text)


def test_a_transfer_leads_back_to_the_queue_and_tells_the_person(
    desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
) -> None:
    ticket = desk.ticket()

    answer = do(signed_in, ticket, "transfert", {"service": "assistance-08", "reason": "école à Grenoble"})

    assert answer.location == "/agent/"
    assert f"Demande {ticket.reference} transférée." in main_of(signed_in.get("/agent/"))
    assert "Grenoble" in text_of(mailer.sent[-1])
    assert desk.read(ticket.reference).service.slug == "assistance-08"


def test_a_transfer_needs_a_service_and_a_reason(desk: Desk, signed_in: FlaskClient) -> None:
    answer = do(signed_in, desk.ticket(), "transfert", {"service": "", "reason": ""})

    assert answer.status_code == 422
    assert '<a href="#service">Choisissez un service.</a>' in answer.text
    assert "Dites pourquoi, en quelques mots." in answer.text


def test_a_refused_transfer_keeps_the_service_that_was_chosen(desk: Desk, signed_in: FlaskClient) -> None:
    answer = do(signed_in, desk.ticket(), "transfert", {"service": "scolarite-08", "reason": ""})

    assert '<option value="scolarite-08" selected>' in answer.text


def test_services_stand_once_likely_ones_first_then_the_national_ones_and_the_academies(
    desk: Desk, signed_in: FlaskClient
) -> None:
    html = signed_in.get(page_of(desk.ticket())).text.split("/transfert", 1)[1]
    html = html.split("</select>", 1)[0]

    groups = re.findall(r'<optgroup label="([^"]+)"', html)
    assert groups[:3] == ["Le plus probable", "Services nationaux", "Aix-Marseille"]  # Lyon's are likely, all of them
    assert groups[3:] == sorted(groups[3:])
    assert len(groups) == 35  # 33 other académies, the national services, the likely ones
    assert 'value="assistance-10"' not in html, "the ticket is there already"


def test_the_priority_is_changed(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    do(signed_in, ticket, "priorite", {"priority": "urgent"})

    assert desk.read(ticket.reference).priority is Priority.URGENT


def test_a_priority_that_is_none_is_refused(desk: Desk, signed_in: FlaskClient) -> None:
    assert do(signed_in, desk.ticket(), "priorite", {"priority": "at-once"}).status_code == 422


def test_closing_takes_a_reason_and_reopening_takes_it_up_again(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()

    without_reason = do(signed_in, ticket, "cloture", {"reason": ""})
    closed = main_of(signed_in.get(do(signed_in, ticket, "cloture", {"reason": "publicité"}).location))
    html = signed_in.get(page_of(ticket)).text
    reopened = signed_in.post(f"{page_of(ticket)}/rouvrir", data={"csrf_token": token_in(html)})

    assert without_reason.status_code == 422
    assert "Agathe Essai a clos la demande : publicité." in closed
    assert "Cette demande est close. Pour répondre, rouvrez-la." in closed
    assert "Demande rouverte." in main_of(signed_in.get(reopened.location))


def test_only_what_can_be_done_is_offered(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    solved, closed = desk.ticket(), desk.ticket()
    actions.solve(agent, solved.reference, now=utc_now())
    actions.close(agent, closed.reference, "doublon", now=utc_now())

    def offered(ticket: Ticket) -> set[str]:
        html = signed_in.get(page_of(ticket)).text
        return set(re.findall(rf'action="{page_of(ticket)}/(\w+)"', html))

    live = {"prendre", "resoudre", "reponse", "brouillon", "note", "correction", "transfert", "priorite", "cloture"}
    assert offered(desk.ticket()) == {*live, "indesirable", "informer", "pause", "rappel"}
    beside = {"informer", "indesirable", "rappel"}
    assert offered(solved) == {"reponse", "brouillon", "note", "rouvrir", "cloture", *beside}
    assert offered(closed) == {"note", "rouvrir", "informer"}


def test_an_act_of_an_old_page_is_refused_in_words(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    html = signed_in.get(page_of(ticket)).text
    actions.close(agent, ticket.reference, "doublon", now=utc_now())

    answer = signed_in.post(f"{page_of(ticket)}/resoudre", data={"csrf_token": token_in(html)})

    assert answer.status_code == 409
    assert "Impossible : la demande est « close »." in main_of(answer)
