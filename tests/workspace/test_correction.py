"""« Mal orientée ? » on the ticket's page: likeliest services first, nothing typed is lost, one click is enough."""

import re

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models import Correction
from helpdesk.tickets import actions
from tests.application import Desk, MemoryMailer, later, post, token_in
from tests.workspace.pages import main_of, plain


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the verb is tested on both."""
    return sqlite_url


def form_in(html: str) -> str:
    return plain(html.split("/transfert", 1)[1].split("</form>", 1)[0])


def corrections() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Correction)) or 0


def test_one_click_moves_the_ticket_tells_the_person_and_counts(desk: Desk, mailer: MemoryMailer) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    page = f"/agent/demandes/{ticket.reference}"
    fields = {"service": "assistance-08", "topic": "", "reason": "école à Vienne"}
    token = token_in(client.get(page).text)

    first, second = (client.post(f"{page}/correction", data={"csrf_token": token, **fields}) for _click in range(2))

    told = main_of(client.get("/agent/"))

    assert [(answer.status_code, answer.location) for answer in (first, second)] == [(303, "/agent/")] * 2
    assert f"l’orientation de {ticket.reference} est corrigée" in told
    assert f"C’est déjà fait : vous avez envoyé {ticket.reference} à « Assistance EduConnect" in told
    assert desk.read(ticket.reference).service.slug == "assistance-08"
    assert len([mail for mail in mailer.sent if mail["Subject"].startswith("Re: ")]) == 1
    assert corrections() == 1


def test_the_likeliest_services_come_first_and_each_once(desk: Desk) -> None:
    html = form_in(desk.sign_in(desk.agent()).get(f"/agent/demandes/{desk.ticket().reference}").text)

    first_group = html.split("<optgroup", 2)[1]
    values = re.findall(r'<option value="([^"]+)"', html.split("</select>", 1)[0])
    assert 'label="Le plus probable"' in first_group
    assert values[:4] == ["scolarite-10", "personnels-10", "donnees-10", "triage-national"]
    assert len(values) == len(set(values)) == 34 * 4 + 2 - 1  # every service but the one that holds it


def test_after_a_transfer_the_holders_own_service_can_be_named(desk: Desk) -> None:
    ticket = desk.ticket()
    actions.transfer(desk.agent(), ticket.reference, "scolarite-10", "bourse", now=later(hours=1))
    client = desk.sign_in(desk.agent("scolarite-10", name="Simone Essai"))
    page = f"/agent/demandes/{ticket.reference}"

    offered = form_in(client.get(page).text)
    post(client, f"{page}/correction", {"service": "scolarite-10", "reason": "une bourse"}, page)

    assert '<option value="scolarite-10">Ici : Lyon – Scolarité' in offered
    assert corrections() == 1


def test_the_history_tells_a_correction_from_a_transfer(desk: Desk) -> None:
    ticket = desk.ticket()
    client = desk.sign_in(desk.agent("assistance-10", "assistance-08"))
    page = f"/agent/demandes/{ticket.reference}"
    post(client, f"{page}/correction", {"service": "assistance-08", "reason": "école à Vienne"}, page)

    words = main_of(client.get(page))

    assert "Agathe Essai a corrigé l’orientation, de « Assistance EduConnect, académie de Lyon »" in words
    assert "a transféré" not in words


def test_a_refused_correction_says_why_and_keeps_what_was_typed(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    page = f"/agent/demandes/{ticket.reference}"
    cases: list[tuple[dict[str, str], int, str]] = [
        ({"reason": "essai"}, 422, "Choisissez le bon service"),
        ({"service": "assistance-08", "reason": " "}, 422, "Dites pourquoi, en quelques mots."),
        ({"service": "assistance-08", "reason": "x" * 301}, 422, "retirez 1 caractères"),
        ({"topic": "nul", "reason": "essai"}, 422, "Choisissez un sujet de la liste."),
        ({"service": "assistance-10", "reason": "essai"}, 409, "C’est ce qui a été décidé."),
    ]
    token = token_in(client.get(page).text)

    for fields, status, words in cases:
        answer = client.post(f"{page}/correction", data={"csrf_token": token, **fields})
        assert (answer.status_code, words in main_of(answer)) == (status, True), fields
        assert f'value="{fields["reason"].strip()}"' in answer.text
        assert '<details class="fold" open>' in answer.text
    unknown = client.post(f"{page}/correction", data={"csrf_token": token, "service": "nul\0", "reason": "essai"})

    assert (unknown.status_code, corrections()) == (404, 0)
