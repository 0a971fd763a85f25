"""The follow-up page, as the person who asked meets it."""

import re
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.intake.message import Sender
from helpdesk.models import Attachment, Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.order.merging import merge
from helpdesk.tickets.order.whose import Who, correct_person
from helpdesk.vocabulary import Status
from tests.application import Desk, field_in, later, post, token_in
from tests.intake.forms import filled, only_ticket, send


def test_the_page_of_another_request_does_not_open(client: FlaskClient, desk: Desk) -> None:
    mine = send(client).location.split("?")[0]
    other = desk.ticket("Autre demande.")

    foreign = re.sub(r"/suivi/[^/]+/", f"/suivi/{other.reference}/", mine)

    assert client.get(foreign).status_code == 404
    assert client.get(mine[:-5]).status_code == 404
    assert client.get(f"/suivi/{other.reference}/").status_code == 404


def test_a_raised_link_version_ends_old_links(client: FlaskClient, desk: Desk) -> None:
    link = send(client).location
    reference = only_ticket().reference
    with transaction() as session:
        session.scalars(select(Ticket).where(Ticket.reference == reference)).one().link_version += 1

    assert client.get(link).status_code == 404


def test_notes_and_history_never_show_on_the_follow_up_page(client: FlaskClient, desk: Desk) -> None:
    link = send(client).location
    reference = only_ticket().reference
    actions.note(desk.agent(), reference, "Soupçon d’usurpation, vérifier.", now=later())
    actions.reply(desk.agent(), reference, "Demandez au collège.", seen=2**40, solve=False, now=later())

    page = client.get(link).text

    assert "usurpation" not in page
    assert "Demandez au collège." in page
    assert "Agathe Essai" in page


def test_a_word_from_the_follow_up_page_joins_the_thread_once(client: FlaskClient) -> None:
    link = send(client).location.split("?")[0]
    html = client.get(link).text
    fields = {"csrf_token": token_in(html), "token": field_in(html, "token"), "text": "Toujours rien."}

    answers = [client.post(link, data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [message.text for message in only_ticket().messages][1:] == ["Toujours rien."]


def test_an_empty_word_is_asked_for_again(client: FlaskClient) -> None:
    link = send(client).location.split("?")[0]

    answer = post(client, link, {"text": " ", "token": "0" * 32})

    assert answer.status_code == 422
    assert "Il manque votre message" in answer.text


def test_a_file_of_the_request_comes_back_as_a_download_only(client: FlaskClient) -> None:
    page = b"<html><script>alert(1)</script></html>"
    answer = client.post("/demande", data={**filled(client), "files": (BytesIO(page), "page.html")})
    attachment = db.session.scalars(select(Attachment)).one()

    download = client.get(f"{answer.location.split('?')[0]}/fichiers/{attachment.id}")

    assert download.data == page
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in download.headers["Content-Security-Policy"]
    assert download.headers["X-Content-Type-Options"] == "nosniff"


def test_a_follow_up_page_is_kept_by_no_cache_and_no_search_engine(client: FlaskClient) -> None:
    page = client.get(send(client).location)

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex' in page.text


def test_a_word_on_a_request_closed_long_ago_is_kept_and_answered_in_the_language_of_the_page(
    client: FlaskClient, desk: Desk
) -> None:
    link = send(client).location.split("?")[0]
    with transaction() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.status, ticket.closed_at = Status.CLOSED, later(days=-400)

    answer = post(client, f"/en{link}", {"text": "Still locked out.", "token": "0" * 32})

    assert answer.status_code == 409
    assert "closed a long time ago" in answer.text
    assert "Still locked out." in answer.text


def test_a_word_on_an_open_page_of_a_merged_request_is_kept_and_opens_the_one_that_goes_on(
    client: FlaskClient, desk: Desk
) -> None:
    link = send(client).location.split("?")[0]
    html = client.get(link).text  # left open since
    fields = {"csrf_token": token_in(html), "token": field_in(html, "token"), "text": "Toujours rien."}
    gone, kept, agent = only_ticket(), desk.ticket(sender=Sender(email="lou@famille.example")), desk.agent()
    merge(agent, gone.reference, kept.reference, later(), same_family=True)
    actions.reply(agent, kept.reference, "Voilà.", seen=2**40, solve=True, now=later(hours=1))

    answer = client.post(link, data=fields)

    assert answer.status_code == 303
    assert desk.read(gone.reference).messages[-1].text == "Toujours rien."
    assert (desk.read(gone.reference).status, desk.read(kept.reference).status) == (Status.CLOSED, Status.OPEN)


def test_the_link_of_a_merged_request_ends_when_the_address_is_found_to_be_a_strangers(
    client: FlaskClient, desk: Desk
) -> None:
    link = send(client).location.split("?")[0]
    gone, kept, agent = only_ticket(), desk.ticket(sender=Sender(email="lou@famille.example")), desk.agent()
    merge(agent, gone.reference, kept.reference, later(), same_family=True)
    before = client.get(link).location

    correct_person(agent, kept.reference, Who("Lou Inventé", "lou.juste@famille.example", ""), later(hours=1))

    assert kept.reference in before
    assert client.get(link).status_code == 404, "it would lead on to the new address's page"


def test_a_merged_request_with_another_address_does_not_lead_to_what_is_written_there(
    client: FlaskClient, desk: Desk
) -> None:
    link = send(client).location.split("?")[0]
    gone, kept, agent = only_ticket(), desk.ticket(sender=Sender(email="lou@famille.example")), desk.agent()
    correct_person(agent, kept.reference, Who("Lou Inventé", "lou.juste@famille.example", ""), later(hours=1))

    merge(agent, gone.reference, kept.reference, later(hours=2), same_family=True)

    assert client.get(link).status_code == 200, "its own page, which its reader knows already"
