"""Incidents: who keeps them, which tickets are offered to them, how their banner comes and goes."""

from collections.abc import Callable

import pytest

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.knowledge.readers.banners import Notice, banners_for
from helpdesk.models import Agent, Burst, Incident, IncidentTicket, Ticket
from helpdesk.tickets import actions, history
from helpdesk.tickets.incidents import joining, offers, records
from helpdesk.tickets.incidents.records import Said
from helpdesk.tickets.incidents.states import IncidentState
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, later

LYON = Said("SMS en panne", "L’opérateur est prévenu.", ("10",), (), "code, SMS", MONDAY)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is said does not depend on the database; answers, which race, are tested on both."""
    return sqlite_url


@pytest.fixture
def keeper(desk: Desk) -> Agent:
    return desk.agent(name="Claude Essai", role=Role.SUPERVISOR)


@pytest.fixture
def incident(keeper: Agent) -> Callable[[], Incident]:
    """An incident of Lyon, read anew each time it is called."""
    number = records.write(keeper, "token", LYON, MONDAY)

    def read() -> Incident:
        db.session.rollback()
        return db.session.get_one(Incident, number)

    return read


def test_a_form_sent_twice_is_one_incident(keeper: Agent) -> None:
    first = records.write(keeper, "same", LYON, MONDAY)

    assert records.write(keeper, "same", LYON, MONDAY) == first
    assert len(records.incident_list(keeper)) == 1


def test_supervisors_of_an_academie_keep_theirs_and_no_others(desk: Desk, keeper: Agent) -> None:
    elsewhere = desk.agent("assistance-08", name="Greta Essai", role=Role.SUPERVISOR)
    agent = desk.agent(name="Agathe Essai")
    number = records.write(keeper, "token", LYON, MONDAY)

    for said in (Said("t", "", (), (), "", MONDAY), Said("t", "", ("08", "10"), (), "", MONDAY)):
        with pytest.raises(NotFound):
            records.write(keeper, "other", said, MONDAY)
    with pytest.raises(NotFound):
        records.write(agent, "other", LYON, MONDAY)
    for stranger in (elsewhere, agent):
        with pytest.raises(NotFound):
            records.move(stranger, number, IncidentState.ENDED, later())
    assert [each.incident.id for each in records.incident_list(agent)] == [number]
    assert records.incident_list(elsewhere) == []


def test_of_two_who_change_it_the_second_is_told(keeper: Agent, incident: Callable[[], Incident]) -> None:
    records.change(keeper, incident().id, LYON, revision=1)

    with pytest.raises(Changed):
        records.change(keeper, incident().id, LYON, revision=1)


def test_a_ticket_that_speaks_of_it_is_offered_and_one_that_does_not_is_not(
    desk: Desk, incident: Callable[[], Incident]
) -> None:
    agent = desk.agent()
    about = desk.ticket("Je n’ai pas reçu les codes.")
    other = desk.ticket("Je ne trouve pas ma facture de cantine.")

    assert [each.reference for each in offers.offered_to(agent, incident())] == [about.reference]
    assert offers.offered_for(agent, desk.read(about.reference), "Je n’ai pas reçu les codes.") == [incident()]
    assert offers.offered_for(agent, desk.read(other.reference), "Je ne trouve pas ma facture.") == []


def test_a_ticket_is_in_one_incident_and_both_moves_are_in_its_history(
    desk: Desk, keeper: Agent, incident: Callable[[], Incident]
) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    second = records.write(keeper, "second", LYON, MONDAY)

    for number in (incident().id, incident().id, second):
        joining.attach(agent, number, ticket.reference, later())

    assert [row.incident_id for row in db.session.query(IncidentTicket)] == [second]
    assert kinds(desk.read(ticket.reference)).count(history.JOINED) == 2
    joining.detach(agent, ticket.reference, later())
    joining.detach(agent, ticket.reference, later())
    assert kinds(desk.read(ticket.reference)).count(history.PARTED) == 1


def test_what_an_agent_may_not_see_is_not_attached(desk: Desk, incident: Callable[[], Incident]) -> None:
    agent, own, moved = desk.agent(), desk.ticket(), desk.ticket()
    actions.transfer(agent, moved.reference, "assistance-08", "école à Vienne", now=later())

    count = joining.attach_all(agent, incident().id, [own.reference, moved.reference, "EC-0000"], later())

    assert count == 1
    with pytest.raises(NotFound):
        joining.attach(agent, incident().id, moved.reference, later())
    with pytest.raises(NotFound):
        joining.attach(desk.agent("assistance-08", name="Greta Essai"), incident().id, moved.reference, later())


def test_its_banner_is_shown_where_it_reaches_and_goes_when_it_ends(
    keeper: Agent, incident: Callable[[], Incident]
) -> None:
    notice = Notice("Les SMS n’arrivent pas.", "", (), (), MONDAY, None)

    records.publish_banner(keeper, incident().id, notice, later())

    assert [each.text for each in banners_for("10", None, later()).shown] == ["Les SMS n’arrivent pas."]
    assert banners_for("08", None, later()).shown == []
    with pytest.raises(IllegalMove):
        records.publish_banner(keeper, incident().id, notice, later())
    records.move(keeper, incident().id, IncidentState.ENDED, later(hours=1))
    assert banners_for("10", None, later(hours=2)).shown == []


def test_what_has_ended_takes_no_more_tickets_and_does_not_begin_again(
    desk: Desk, keeper: Agent, incident: Callable[[], Incident]
) -> None:
    ticket = desk.ticket("Je n’ai pas reçu le code.")
    records.move(keeper, incident().id, IncidentState.ENDED, later())
    records.move(keeper, incident().id, IncidentState.ENDED, later())

    with pytest.raises(IllegalMove):
        joining.attach(keeper, incident().id, ticket.reference, later())
    with pytest.raises(IllegalMove):
        records.move(keeper, incident().id, IncidentState.OPEN, later())
    assert offers.offered_to(keeper, incident()) == []


def kinds(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events]


def test_nobody_explains_the_burst_of_another_academie_away(keeper: Agent, incident: Callable[[], Incident]) -> None:
    with transaction() as session:
        burst = Burst(academy="08", hours=1, count=9, usual=1.0, began_at=MONDAY, seen_at=MONDAY)
        session.add(burst)

    with pytest.raises(NotFound):
        records.write(keeper, "other", LYON, MONDAY, burst_id=burst.id)

    assert db.session.get_one(Burst, burst.id).incident_id is None
