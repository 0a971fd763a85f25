"""« Votre problème est-il résolu ? »: asked once it is, behind an own link; one answer a ticket, which agents see."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.db import db, transaction, utc_now
from helpdesk.errors import IllegalMove
from helpdesk.figures import opinions
from helpdesk.figures.opinions import give_opinion
from helpdesk.models import Opinion, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.tickets import actions, history
from helpdesk.tickets.erasing import erase
from helpdesk.vocabulary import Mark
from tests.application import Desk, MemoryMailer, post
from tests.workspace.pages import main_of, page_of, plain, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain rows: what differs between the databases is tested with the figures."""
    return sqlite_url


def solved(desk: Desk, text: str = "Je n’arrive pas à me connecter à EduConnect.") -> Ticket:
    """A ticket that was answered and solved just now."""
    ticket = desk.ticket(text, now=utc_now())
    agent = desk.agent(ticket.service.slug)
    actions.reply(agent, ticket.reference, "Voici.", seen=2**60, solve=True, now=utc_now())
    return desk.read(ticket.reference)


def link_of(desk: Desk, ticket: Ticket) -> str:
    return desk.parts.letters.opinion_link(ticket).removeprefix(desk.parts.settings.public_base_url)


def marks() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.mark.value, row.words) for row in db.session.scalars(db.select(Opinion))]


def test_the_answer_that_solves_asks_and_no_other_mail_does(desk: Desk, mailer: MemoryMailer) -> None:
    ticket, agent = desk.ticket(now=utc_now()), desk.agent()
    for solve in (False, True):
        actions.reply(agent, ticket.reference, "Voici.", seen=2**60, solve=solve, now=utc_now())
        deliver_due(mailer, desk.parts.letters, utc_now())

    asking = [re.findall(r"\S+/avis/\S+", text_of(mail)) for mail in mailer.sent]
    assert asking == [[], [], [desk.parts.letters.opinion_link(desk.read(ticket.reference))]]


def test_a_person_answers_and_changes_the_answer_and_it_counts_once(desk: Desk, client: FlaskClient) -> None:
    ticket = solved(desk)
    link = link_of(desk, ticket)

    assert "Votre problème est-il résolu ?" in main_of(client.get(link))
    assert marks() == [], "opening the link says nothing"
    first = post(client, link, {"mark": "good"})
    again = post(client, link, {"mark": "good"})
    other = post(client, link, {"mark": "fair", "words": "mon mot de passe est Azerty123!"})

    assert [answer.status_code for answer in (first, again, other)] == [303] * 3
    assert "Merci, votre réponse est gardée" in main_of(client.get(other.location))
    assert marks() == [("fair", "mon mot de passe est [mot de passe masqué]")]
    judged = [event.data for event in desk.read(ticket.reference).events if event.kind == "judged"]
    assert judged == [{"to": "good"}, {"from": "good", "to": "fair"}]


def test_the_agent_reads_it_on_the_ticket(desk: Desk) -> None:
    ticket = solved(desk)
    give_opinion(ticket.reference, Mark.POOR, "Toujours pas de code.", utc_now())

    words = main_of(desk.sign_in(desk.agent(name="Basile Essai")).get(page_of(ticket)))

    assert "Résolu ? Ce qu’en dit la personne Non, pas du tout" in words
    assert "Toujours pas de code." in words


def test_no_other_link_opens_it_and_it_opens_nothing_else(desk: Desk, client: FlaskClient) -> None:
    ticket, other = solved(desk), solved(desk)
    secret = link_of(desk, ticket).rpartition("/")[2]
    follow_up = desk.parts.letters.follow_up_link(ticket).rpartition("/")[2]

    addresses = (
        f"/avis/{ticket.reference}/{follow_up}",
        f"/suivi/{ticket.reference}/{secret}",
        f"/avis/{other.reference}/{secret}",
        f"/avis/EC-XXXX-XXXX/{secret}",
        f"/avis/{ticket.reference}/é%00",
    )

    assert [client.get(address).status_code for address in addresses] == [404] * 5


def test_what_cannot_be_meant_is_refused_and_kept(desk: Desk, client: FlaskClient) -> None:
    link = link_of(desk, solved(desk))
    sent = (
        ({"words": "gardé"}, "Choisissez une des trois réponses."),
        ({"words": "gardé", "mark": "excellent"}, "Choisissez une des trois réponses."),
        ({"words": "é" * 2_001, "mark": "good"}, "Ce texte est trop long"),
    )

    for fields, said in sent:
        answer = post(client, link, fields)
        assert answer.status_code == 422
        assert said in main_of(answer)
        assert fields["words"] in answer.text
    assert marks() == []


def test_it_is_asked_and_changed_for_a_while_only(desk: Desk) -> None:
    ticket, now = solved(desk), utc_now()
    late = now + opinions.ASKED_FOR + timedelta(hours=1)

    with pytest.raises(IllegalMove):
        give_opinion(ticket.reference, Mark.GOOD, "", late)
    give_opinion(ticket.reference, Mark.GOOD, "", now)
    with pytest.raises(IllegalMove):
        give_opinion(ticket.reference, Mark.POOR, "", now + opinions.CHANGEABLE + timedelta(hours=1))

    assert marks() == [("good", "")]


def test_nobody_is_asked_whose_request_was_none_or_who_may_be_in_danger(desk: Desk, client: FlaskClient) -> None:
    unwanted, open_one = desk.ticket(now=utc_now()), desk.ticket(now=utc_now())
    actions.close(desk.agent(), unwanted.reference, "indésirable", now=utc_now())
    danger = solved(desk, "Mon père me frappe, j’ai peur de rentrer à la maison, aidez-moi.")
    merged = solved(desk)
    actions.close(desk.agent(), merged.reference, "", now=utc_now())
    with transaction() as session:
        history.record(session, session.get_one(Ticket, merged.id), history.MERGED, None, utc_now(), {"to": "EC-X"})

    for ticket in (unwanted, open_one, danger, merged):
        ticket = desk.read(ticket.reference)
        with pytest.raises(IllegalMove):
            give_opinion(ticket.reference, Mark.GOOD, "", utc_now())
        assert "La question n’est pas posée" in main_of(client.get(link_of(desk, ticket)))


def test_an_erased_ticket_keeps_the_mark_and_loses_the_words(desk: Desk) -> None:
    ticket = solved(desk)
    give_opinion(ticket.reference, Mark.FAIR, "À peu près.", utc_now())

    with transaction() as session:
        erase(session, [session.get_one(Ticket, ticket.id)], utc_now())

    assert marks() == [("fair", "")]


def test_the_page_of_the_request_leads_there_and_to_the_states_questionnaire(
    app: Flask, desk: Desk, client: FlaskClient
) -> None:
    ticket = solved(desk)
    address = desk.parts.letters.follow_up_link(ticket).removeprefix(desk.parts.settings.public_base_url)

    assert link_of(desk, ticket) in client.get(address).text
    assert "Je donne mon avis" not in plain(client.get(address).text)
    parts = desk.parts
    app.extensions["helpdesk"] = replace(parts, settings=replace(parts.settings, jdma_url="https://avis.exemple.fr/x"))
    assert 'href="https://avis.exemple.fr/x"' in client.get(address).text
