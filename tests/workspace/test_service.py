"""« Mon service » : how work is shared out, who is away, when it is closed; bad input is told in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.models import Absence, Agent, Closing, Membership, Service
from helpdesk.tickets import actions
from helpdesk.vocabulary import Assignment, Role
from helpdesk.workspace.service_forms import AbsenceForm
from tests.application import Desk, post
from tests.workspace.pages import main_of, plain

PAGE = "/agent/service/assistance-10"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; the verbs are tested on both."""
    return sqlite_url


@pytest.fixture
def agathe(desk: Desk) -> int:
    return desk.agent(name="Agathe Essai").id


@pytest.fixture
def client(desk: Desk, agathe: int) -> FlaskClient:
    """Signed in as the supervisor of Lyon."""
    return desk.sign_in(desk.agent(name="Claude Essai", role=Role.SUPERVISOR))


def day(number: int) -> str:
    """Some days from today, as a browser sends it."""
    return (utc_now().date() + timedelta(days=number)).isoformat()


def send(client: FlaskClient, path: str, **fields: Any) -> Any:
    return post(client, f"{PAGE}/{path}", fields, PAGE)


def follow(client: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return main_of(client.get(answer.location))


def test_the_menu_shows_it_to_supervisors_alone(desk: Desk, client: FlaskClient) -> None:
    agent = desk.sign_in(desk.agent(name="Basile Essai"))

    assert 'href="/agent/service"' in client.get("/agent/").text
    assert 'href="/agent/service"' not in agent.get("/agent/").text
    assert (agent.get("/agent/service").status_code, agent.get(PAGE).status_code) == (404, 404)


def test_who_has_one_service_is_led_there_who_has_two_chooses(desk: Desk, client: FlaskClient) -> None:
    two = desk.sign_in(desk.agent("assistance-08", "scolarite-08", name="Greta Essai", role=Role.SUPERVISOR))

    assert client.get("/agent/service").location == PAGE
    assert "Grenoble – Assistance EduConnect Grenoble – Scolarité" in main_of(two.get("/agent/service"))


def test_how_work_is_shared_out_is_kept(desk: Desk, client: FlaskClient, agathe: int) -> None:
    words = follow(client, send(client, "repartition", assignment="round-robin", members=[str(agathe), "x", "9" * 30]))

    service = db.session.scalars(select(Service).where(Service.slug == "assistance-10")).one()
    parts = db.session.scalars(select(Membership.agent_id).where(Membership.takes_part)).all()
    assert "Répartition enregistrée." in words
    assert (service.assignment, list(parts)) == (Assignment.ROUND_ROBIN, [agathe])
    assert desk.ticket().assignee_id == agathe


def test_a_way_that_is_none_is_refused(client: FlaskClient) -> None:
    assert send(client, "repartition", assignment="lottery").status_code == 422


def test_an_absence_that_begins_leads_to_what_it_leaves_behind(desk: Desk, client: FlaskClient, agathe: int) -> None:
    reference = desk.ticket().reference
    actions.take(db.session.get_one(Agent, agathe), reference, utc_now())

    noted = send(client, "absences", member=str(agathe), first=day(0), last=day(3))
    preview = follow(client, noted)
    given_back = follow(client, post(client, noted.location, {"to": "service", "all": "1"}))

    assert "Demandes qui attendent Agathe Essai" in preview
    assert "Au service : elles reviennent non attribuées" in preview
    assert reference in preview
    assert "1 demande réattribuée." in given_back
    assert desk.read(reference).assignee_id is None


def test_an_absence_may_name_who_takes_over_and_is_undone_by_taking_it_away(
    desk: Desk, client: FlaskClient, agathe: int
) -> None:
    basile, reference = desk.agent(name="Basile Essai").id, desk.ticket().reference
    actions.take(db.session.get_one(Agent, agathe), reference, utc_now())

    strange = send(client, "absences", member=str(agathe), first=day(0), last=day(3), then="someone")
    noted = follow(client, send(client, "absences", member=str(agathe), first=day(0), last=day(3), then=str(basile)))
    holder = desk.read(reference).assignee_id
    absence = db.session.scalars(select(Absence.id)).one()
    ended = follow(client, send(client, f"absences/{absence}/retirer"))

    assert (strange.status_code, "Choisissez dans la liste." in main_of(strange)) == (422, True)
    assert "Absence notée. 1 demande réattribuée." in noted
    assert "Basile Essai reprend ses demandes." in noted
    assert holder == basile
    assert "Absence retirée. 1 demande lui revient." in ended
    assert desk.read(reference).assignee_id == agathe


def test_days_are_read_as_the_french_write_them(client: FlaskClient, agathe: int) -> None:
    follow(client, send(client, "absences", member=str(agathe), first="31/12/2099", last="2100-01-02"))

    absence = db.session.scalars(select(Absence)).one()
    assert (absence.first_day, absence.last_day) == (date(2099, 12, 31), date(2100, 1, 2))


def test_days_that_cannot_be_meant_are_refused_in_words(app: Flask) -> None:
    how = "Écrivez le jour ainsi : 31/12/2026."
    cases = {
        ("", ""): ["Il manque le premier jour.", "Il manque le dernier jour."],
        ("demain", "2026-11-24"): [how],
        ("31/02/2027", "2027-03-01"): [how],
        ("1/1/" + "9" * 5000, "2026-11-24"): [how],
        ("2026-11-25", "2026-11-24"): ["Le dernier jour vient avant le premier."],
        ("2026-11-24", "2027-11-26"): ["Plus d’un an : vérifiez l’année."],
    }
    said = {}

    for first, last in cases:
        with app.test_request_context(method="POST", data={"member": "1", "first": first, "last": last}):
            form = AbsenceForm(meta={"csrf": False})
            form.validate()
            said[first, last] = [plain(words) for _field, words in form.problems()]

    assert said == cases


def test_a_refused_form_keeps_what_was_typed(client: FlaskClient, agathe: int) -> None:
    typed = send(client, "absences", member=str(agathe), first="demain", last=day(1))
    over = send(client, "absences", member=str(agathe), first=day(-9), last=day(-8))

    assert (typed.status_code, over.status_code) == (422, 409)
    assert 'value="demain"' in typed.text
    assert "Cette absence est déjà passée." in main_of(over)
    assert f'value="{day(-9)}"' in over.text
    assert f'<option value="{agathe}" selected>' in over.text


def test_a_closing_is_shown_with_what_can_be_lent_and_ended(desk: Desk, client: FlaskClient) -> None:
    reference = desk.ticket().reference
    fields = {"stand_in": "assistance-08", "first": day(0), "last": day(4), "reason": "fêtes"}

    shown = follow(client, send(client, "fermetures", **fields))
    again = follow(client, send(client, "fermetures", **fields))
    db.session.rollback()  # look at what the site wrote
    closing_id = db.session.scalars(select(Closing.id)).one()
    lending = f"{PAGE}/fermetures/{closing_id}/demandes"
    preview = main_of(client.get(lending))
    lent = follow(client, post(client, lending, {}))
    holder = desk.read(reference).service.slug
    ended = follow(client, send(client, f"fermetures/{closing_id}/fin"))

    assert "Fermé en ce moment" in shown
    assert "Lui confier la demande qui attend" in again
    assert "Grenoble – Assistance EduConnect" in preview
    assert ("1 demande confiée." in lent, holder) == (True, "assistance-08")
    assert "Aucune fermeture prévue." in ended


def test_home_reads_on_the_ticket_why_it_is_elsewhere(desk: Desk, client: FlaskClient) -> None:
    send(client, "fermetures", stand_in="assistance-08", first=day(0), last=day(4), reason="fêtes")
    ticket = desk.ticket(now=utc_now())

    words = main_of(client.get(f"/agent/demandes/{ticket.reference}"))

    assert "« Assistance EduConnect, académie de Lyon » est fermé jusqu’au" in words
    assert "Confiée à « Assistance EduConnect, académie de Grenoble »" in words


def test_the_stand_in_reads_that_it_stands_in(desk: Desk, client: FlaskClient) -> None:
    send(client, "fermetures", stand_in="assistance-08", first=day(0), last=day(4), reason="fêtes")
    greta = desk.sign_in(desk.agent("assistance-08", name="Greta Essai", role=Role.SUPERVISOR))

    assert "Vous remplacez « Lyon – Assistance EduConnect »" in main_of(greta.get("/agent/service/assistance-08"))


def test_a_refused_closing_says_why(client: FlaskClient) -> None:
    asked = {"stand_in": "assistance-08", "first": day(0), "last": day(1), "reason": "fêtes"}

    empty = send(client, "fermetures", **(asked | {"stand_in": "", "reason": ""}))
    nowhere = send(client, "fermetures", **(asked | {"stand_in": "nulle-part\0"}))

    assert (empty.status_code, nowhere.status_code) == (422, 409)
    assert "Choisissez un service. Dites pourquoi, en quelques mots." in main_of(empty)
    assert "Choisissez un autre service pour vous remplacer." in main_of(nowhere)
    assert db.session.scalars(select(Closing)).all() == []


def test_who_left_is_shown_while_requests_wait_there(desk: Desk, client: FlaskClient, agathe: int) -> None:
    actions.take(db.session.get_one(Agent, agathe), desk.ticket().reference, utc_now())
    with transaction() as session:
        session.get_one(Agent, agathe).active = False

    words = main_of(client.get(PAGE))

    assert "Agathe Essai a quitté le service" in words


def test_numbers_of_nothing_are_not_found(client: FlaskClient) -> None:
    for number in ("0", "999999999", "9" * 30):
        for path in (f"agents/{number}/demandes", f"fermetures/{number}/demandes"):
            assert client.get(f"{PAGE}/{path}").status_code == 404
