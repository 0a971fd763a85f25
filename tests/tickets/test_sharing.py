"""Who is given a ticket: in turn or by load, never who is away or has left, never twice, and why is told."""

import threading
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import Absence, Agent, Service, Ticket
from helpdesk.tickets import actions, handing, history, sharing
from helpdesk.vocabulary import Assignment, Role, Status
from tests.application import MONDAY, Desk, later

TODAY = date(2026, 11, 23)
LYON = "assistance-10"


@pytest.fixture
def team(desk: Desk) -> list[int]:
    """Two agents of Lyon, who are given tickets in turn by their supervisor, who takes no part."""
    ids = [desk.agent(name=name).id for name in ("Agathe Essai", "Basile Essai")]
    sharing.set_sharing(chief(desk), LYON, Assignment.ROUND_ROBIN, set(ids))
    return ids


def chief(desk: Desk) -> Agent:
    return desk.agent(LYON, name="Claude Essai", role=Role.SUPERVISOR)


def holders(*references: str) -> list[int | None]:
    db.session.rollback()
    tickets = {ticket.reference: ticket.assignee_id for ticket in db.session.scalars(select(Ticket))}
    return [tickets[reference] for reference in references or tickets]


def test_by_default_nobody_is_given_anything(desk: Desk) -> None:
    desk.agent()

    assert desk.ticket().assignee_id is None


def test_in_turn_each_is_given_one_and_the_history_says_why(desk: Desk, team: list[int]) -> None:
    tickets = [desk.ticket() for _ in range(3)]

    agathe, basile = team
    assert holders() == [agathe, basile, agathe]
    event = desk.read(tickets[1].reference).events[-1]
    assert (event.kind, event.agent_id) == (history.GIVEN, None)
    assert event.data == {"to": "Basile Essai", "how": "round-robin"}
    assert desk.read(tickets[1].reference).status is Status.NEW, "nobody has looked at it yet"


def test_a_transfer_into_the_service_is_given_too(desk: Desk, team: list[int]) -> None:
    ticket = desk.ticket("Je demande une bourse pour le lycée.")
    assert ticket.service.slug == "scolarite-10"
    simone = desk.agent("scolarite-10", name="Simone Essai")

    actions.transfer(simone, ticket.reference, LYON, "compte bloqué", now=later(hours=1))

    assert desk.read(ticket.reference).assignee_id == team[0]


def test_by_load_it_goes_to_who_has_least_to_answer(desk: Desk, team: list[int]) -> None:
    """Agathe holds three, since Basile was away; at equal load it is the turn of who waited longer."""
    agathe, basile = team
    sharing.add_absence(chief(desk), LYON, basile, TODAY, TODAY, now=MONDAY)
    for _ in range(3):
        desk.ticket()
    sharing.set_sharing(chief(desk), LYON, Assignment.LEAST_LOADED, team)

    given = [desk.ticket(now=later(days=1)) for _ in range(4)]

    assert [ticket.assignee_id for ticket in given] == [basile, basile, basile, agathe]
    assert given[0].events[-1].data == {"to": "Basile Essai", "how": "least-loaded"}


def test_who_is_away_is_given_nothing_until_the_last_day_is_over(desk: Desk, team: list[int]) -> None:
    agathe, basile = team
    sharing.add_absence(chief(desk), LYON, agathe, TODAY, date(2026, 11, 24), now=MONDAY)

    during = [desk.ticket(now=later(days=day)).assignee_id for day in (0, 1)]
    # In Paris the 25th begins at 23:00 UTC.
    last_minutes, first_minutes = (desk.ticket(now=later(days=1, hours=hours)).assignee_id for hours in (13.9, 14.1))

    assert during == [basile, basile]
    assert (last_minutes, first_minutes) == (basile, agathe)


def test_after_an_absence_one_is_not_given_all_that_was_missed(desk: Desk, team: list[int]) -> None:
    agathe, basile = team
    sharing.add_absence(chief(desk), LYON, agathe, TODAY, TODAY, now=MONDAY)
    for _ in range(3):
        desk.ticket()

    back = [desk.ticket(now=later(days=1)).assignee_id for _ in range(3)]

    assert back == [agathe, basile, agathe]


def test_days_are_those_of_the_service(desk: Desk) -> None:
    """In Mayotte (UTC+3) the 24th begins at 21:00 UTC of the 23rd."""
    agent = desk.agent("assistance-43", name="Sacha Essai").id
    supervisor = desk.agent("assistance-43", name="Maïa Essai", role=Role.SUPERVISOR)
    sharing.set_sharing(supervisor, "assistance-43", Assignment.ROUND_ROBIN, {agent})
    sharing.add_absence(supervisor, "assistance-43", agent, TODAY, TODAY, now=MONDAY)

    def at(hours: float) -> int | None:
        school = SchoolHint(commune="Mamoudzou", postal_code="97600")
        return desk.ticket(now=later(hours=hours), school=school).assignee_id

    assert (at(11.9), at(12.1)) == (None, agent)


@pytest.mark.parametrize("gone", ["inactive", "no part", "away"])
def test_with_nobody_there_a_ticket_waits_for_whoever_takes_it(desk: Desk, team: list[int], gone: str) -> None:
    supervisor = chief(desk)
    if gone == "no part":
        sharing.set_sharing(supervisor, LYON, Assignment.ROUND_ROBIN, set())
    for agent_id in team:
        if gone == "away":
            sharing.add_absence(supervisor, LYON, agent_id, TODAY, TODAY, now=MONDAY)
        if gone == "inactive":
            with transaction() as session:
                session.get_one(Agent, agent_id).active = False

    ticket = desk.ticket()

    assert ticket.assignee_id is None
    assert history.GIVEN not in [event.kind for event in ticket.events]


def test_two_processes_at_once_give_each_their_turn(desk: Desk, team: list[int]) -> None:
    people = [Sender(f"Lou {number}", f"lou{number}@famille.example") for number in range(2)]
    messages = [[desk.message(sender=person) for _ in range(4)] for person in people]
    start = threading.Barrier(2)

    def receive_all(number: int) -> None:
        with desk.app.app_context():
            start.wait()
            for message in messages[number]:
                desk.receive(message)
            db.session.remove()

    threads = [threading.Thread(target=receive_all, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(holders()) == {team[0]: 4, team[1]: 4}


def test_what_waits_for_who_is_away_goes_to_those_who_are_there(desk: Desk, team: list[int]) -> None:
    agathe, basile = team
    first, second = desk.ticket().reference, desk.ticket().reference
    answered = desk.ticket().reference
    actions.reply(db.session.get_one(Agent, agathe), answered, "Bonjour", seen=2**40, solve=False, now=later(minutes=5))
    supervisor = chief(desk)
    sharing.add_absence(supervisor, LYON, agathe, TODAY, TODAY, now=MONDAY)

    member, waiting = sharing.left_with(supervisor, LYON, agathe)
    moved = [handing.hand_on(supervisor, LYON, agathe, None, None, later(minutes=9)) for _click in range(2)]

    assert (member.id, waiting.count, [ticket.reference for ticket in waiting.tickets]) == (agathe, 1, [first])
    assert moved == [1, 0]
    assert holders(first, second, answered) == [basile, basile, agathe], "what waits for the person stays"
    told = [(event.kind, event.data.get("from")) for event in desk.read(first).events[-2:]]
    assert told == [(history.HANDED, "Agathe Essai"), (history.GIVEN, None)]


def test_where_tickets_are_taken_what_is_given_back_waits_unassigned(desk: Desk, team: list[int]) -> None:
    reference = desk.ticket().reference
    sharing.set_sharing(chief(desk), LYON, Assignment.PULL, team)

    handing.hand_on(chief(desk), LYON, team[0], None, None, later(minutes=9))

    assert holders(reference) == [None]


def test_an_absence_noted_twice_is_there_once_and_can_be_removed_twice(desk: Desk, team: list[int]) -> None:
    supervisor = chief(desk)
    for _click in range(2):
        sharing.add_absence(supervisor, LYON, team[0], TODAY, TODAY, now=MONDAY)
    [absence] = db.session.scalars(select(Absence))

    for _click in range(2):
        handing.end_absence(supervisor, LYON, absence.id, MONDAY)

    assert db.session.scalars(select(Absence)).all() == []


def test_an_absence_that_is_over_is_refused(desk: Desk, team: list[int]) -> None:
    with pytest.raises(NotAllowed):
        sharing.add_absence(chief(desk), LYON, team[0], date(2026, 11, 20), date(2026, 11, 22), now=MONDAY)


def test_only_the_supervisors_of_the_service_may(desk: Desk, team: list[int]) -> None:
    """Not its agents, not supervisors elsewhere, not the national ones; and nothing of who works elsewhere."""
    stranger = desk.agent("assistance-08", name="Gaston Essai").id
    sharing.add_absence(chief(desk), LYON, team[0], TODAY, TODAY, now=MONDAY)
    [absence_id] = db.session.scalars(select(Absence.id))
    others = [
        db.session.get_one(Agent, team[0]),
        desk.agent("assistance-08", name="Greta Essai", role=Role.SUPERVISOR),
        desk.agent("triage-national", name="Noé Essai", role=Role.SUPERVISOR),
    ]

    for other in others:
        for act in (
            lambda agent: sharing.set_sharing(agent, LYON, Assignment.PULL, []),
            lambda agent: sharing.add_absence(agent, LYON, team[1], TODAY, TODAY, now=MONDAY),
            lambda agent: handing.end_absence(agent, LYON, absence_id, MONDAY),
            lambda agent: handing.hand_on(agent, LYON, team[0], None, None, MONDAY),
            lambda agent: sharing.left_with(agent, LYON, team[0]),
            lambda agent: sharing.members(agent, LYON, MONDAY),
        ):
            with pytest.raises(NotFound):
                act(other)
    with pytest.raises(NotFound):
        sharing.add_absence(chief(desk), LYON, stranger, TODAY, TODAY, now=MONDAY)
    with pytest.raises(NotFound):
        handing.end_absence(others[1], "assistance-08", absence_id, MONDAY)

    service = db.session.scalars(select(Service).where(Service.slug == LYON)).one()
    assert service.assignment is Assignment.ROUND_ROBIN
