"""« Personne » : what an agent may see of who asks, and the note that somebody has looked."""

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import PersonLook
from helpdesk.people.rights import erase_person
from helpdesk.tickets.retention import Periods, forget_looks
from helpdesk.vocabulary import Channel, Role
from tests.application import Desk, later, post
from tests.workspace.pages import main_of, page_of

LOU, NUMBER = "lou@famille.example", "+33639981234"
NICE = SchoolHint(commune="Nice", postal_code="06000")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def the_look() -> PersonLook:
    db.session.rollback()  # a new look at the database
    return db.session.scalars(select(PersonLook)).one()


def count_looks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(PersonLook)) or 0


def test_the_page_gathers_the_tickets_of_all_channels_and_notes_the_look(desk: Desk) -> None:
    first = desk.ticket(sender=Sender("Lou Inventé", LOU, NUMBER))
    called = desk.ticket(channel=Channel.PHONE, sender=Sender("Sacha Inventé", "", NUMBER), language="ar")
    agent = desk.agent()
    client = desk.sign_in(agent)
    address = f"/agent/personnes/{first.person_id}"

    assert f'href="{address}?demande={first.reference}"' in client.get(page_of(first)).text
    page = client.get(f"{address}?demande={first.reference}")

    said = main_of(page)
    for words in ("Autres noms Sacha Inventé", LOU, "06 39 98 12 34", "arabe, français", "2 demandes"):
        assert words in said
    assert {first.reference, called.reference} <= set(said.split())
    assert "Donné par la personne, non vérifié." in said
    look = the_look()
    assert (look.person_id, look.agent_id, look.ticket.reference) == (first.person_id, agent.id, first.reference)


def test_what_the_person_told_other_services_alone_is_not_shown(desk: Desk) -> None:
    here = desk.ticket(sender=Sender("Lou Inventé", LOU, NUMBER))
    elsewhere = desk.ticket("Autre souci.", sender=Sender("Lou Caché", "", NUMBER), school=NICE, language="es")
    assert here.person_id == elsewhere.person_id
    client = desk.sign_in(desk.agent())

    page = client.get(f"/agent/personnes/{here.person_id}?demande={elsewhere.reference}")

    for hidden in ("Lou Caché", "espagnol", f"/demandes/{elsewhere.reference}"):
        assert hidden not in page.text
    assert the_look().ticket_id == here.id


def test_who_has_a_number_in_common_is_proposed_in_sight_only(desk: Desk) -> None:
    called = desk.ticket(channel=Channel.PHONE, sender=Sender("Sacha Inventé", "", NUMBER))
    wrote = desk.ticket(sender=Sender("Lou Inventé", LOU))
    again = desk.ticket(sender=Sender("Lou Inventé", LOU, NUMBER))
    hidden = desk.ticket(sender=Sender("Lou Caché", "", NUMBER), school=NICE)
    assert called.person_id == hidden.person_id != wrote.person_id == again.person_id

    page = desk.sign_in(desk.agent()).get(f"/agent/personnes/{wrote.person_id}")

    proposals = main_of(page).split("Peut-être la même personne")[1]
    assert called.reference in proposals
    assert hidden.reference not in page.text


def test_one_correction_joins_what_was_proposed(desk: Desk) -> None:
    called = desk.ticket(channel=Channel.PHONE, sender=Sender("Sacha Inventé", "", NUMBER))
    wrote = desk.ticket()
    client = desk.sign_in(desk.agent())

    post(client, f"{page_of(called)}/personne", {"name": "Lou", "email": LOU, "phone": NUMBER})

    joined = main_of(client.get(f"/agent/personnes/{wrote.person_id}"))
    assert {called.reference, wrote.reference} <= set(joined.split())
    assert "Peut-être la même personne" not in joined


def test_a_person_out_of_sight_is_not_there_and_no_look_is_noted(desk: Desk) -> None:
    mine, other = desk.ticket(), desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"), school=NICE)
    client = desk.sign_in(desk.agent())

    for address in ("0", "999", "2147483647", "9" * 30, "-1", "x", f"{other.person_id}?demande={mine.reference}"):
        assert client.get(f"/agent/personnes/{address}").status_code == 404, address

    assert count_looks() == 0


def test_national_supervisors_read_who_has_looked_and_nobody_else_does(desk: Desk) -> None:
    ticket, other = desk.ticket(), desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"))
    agent = desk.sign_in(desk.agent())
    for each in (ticket, other):
        agent.get(f"/agent/personnes/{each.person_id}")
    chief = desk.sign_in(desk.agent(name="Solène Essai", role=Role.SUPERVISOR))
    national = desk.sign_in(desk.agent("triage-national", name="Nadège Essai", role=Role.SUPERVISOR))

    assert chief.get("/agent/personnes/regards").status_code == 404
    assert "/agent/personnes/regards" not in chief.get("/agent/justesse").text
    assert "/agent/personnes/regards" in national.get("/agent/justesse").text
    everybody = main_of(national.get("/agent/personnes/regards"))
    one = main_of(national.get(f"/agent/personnes/regards?personne={other.person_id}"))
    assert everybody.index("Nour Fictif") < everybody.index("Lou Inventé")
    assert "Agathe Essai" in one
    assert "Lou Inventé" not in one
    for forged in ("personne=x&avant=é", "avant=0", "avant=" + "9" * 40):
        assert national.get(f"/agent/personnes/regards?{forged}").status_code == 200


def test_looks_outlive_the_erasure_and_end_with_their_time(desk: Desk) -> None:
    ticket = desk.ticket()
    person = ticket.person_id
    desk.sign_in(desk.agent()).get(f"/agent/personnes/{person}")
    national = desk.sign_in(desk.agent("triage-national", name="Nadège Essai", role=Role.SUPERVISOR))

    erase_person(LOU, later(hours=1))

    assert "données effacées" in main_of(national.get("/agent/personnes/regards"))
    assert desk.sign_in(desk.agent()).get(f"/agent/personnes/{person}").status_code == 404
    look = the_look()
    periods = Periods(keep=later(days=365) - later(), archive=later(days=365) - later())
    forget_looks(periods, look.at)
    assert count_looks() == 1
    forget_looks(periods, look.at + periods.keep)
    assert count_looks() == 0
