"""Tags: kept by supervisors, put on tickets by agents, found again by lists and searches."""

import pytest
from sqlalchemy import insert

from helpdesk.db import db
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Tag, Ticket, TicketTag
from helpdesk.people import rights
from helpdesk.tickets import actions
from helpdesk.tickets.filters import Filters
from helpdesk.tickets.order import tags
from helpdesk.tickets.queue import View, queue_page
from helpdesk.tickets.search import find_tickets
from helpdesk.vocabulary import Role
from tests.application import Desk, later


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    return desk.agent(name="Solène Essai", role=Role.SUPERVISOR)


def called(name: str) -> int:
    return db.session.query(Tag.id).filter_by(name=name).one()[0]


def names_on(ticket: Ticket) -> list[str]:
    db.session.rollback()
    return [tag.name for tag in tags.tags_on([ticket.id]).get(ticket.id, ())]


def test_a_tag_on_a_ticket_narrows_lists_and_searches(desk: Desk, supervisor: Agent) -> None:
    tagged, agent = desk.ticket(), desk.agent()
    desk.ticket()
    tags.create(supervisor, "assistance-10", "Rentrée")

    tags.add_tag(agent, tagged.reference, called("Rentrée"), later())

    shown = queue_page(agent, View.TODO, Filters(tag="rentree"), now=later()).tickets
    found = find_tickets(agent, "étiquette:rentrée", now=later()).tickets
    assert [each.reference for each in shown] == [each.reference for each in found] == [tagged.reference]


def test_putting_on_and_taking_off_are_told_once_each(desk: Desk, supervisor: Agent) -> None:
    ticket, agent = desk.ticket(), desk.agent()
    tags.create(supervisor, "assistance-10", "fraude")
    number = called("fraude")

    for work in (tags.add_tag, tags.add_tag, tags.remove_tag, tags.remove_tag):
        work(agent, ticket.reference, number, later())

    told = [event.kind for event in desk.read(ticket.reference).events]
    assert told[-2:] == ["tagged", "untagged"]
    assert told.count("tagged") == 1
    assert names_on(ticket) == []


def test_a_service_has_its_own_tags_and_national_ones(desk: Desk, supervisor: Agent) -> None:
    national = desk.agent("triage-national", name="Nadège Essai", role=Role.SUPERVISOR)
    agent, other = desk.agent(), desk.agent("assistance-08", name="Gaston Essai")
    tags.create(supervisor, "assistance-10", "lyon")
    tags.create(national, "", "partout")

    assert [tag.name for tag in tags.offered_on(desk.ticket())] == ["lyon", "partout"]
    assert [tag.name for tag in tags.offered_to(agent)] == ["lyon", "partout"]
    assert [tag.name for tag in tags.offered_to(other)] == ["partout"]


def test_an_agent_of_another_service_neither_tags_nor_keeps_nor_finds(desk: Desk, supervisor: Agent) -> None:
    ticket, stranger = desk.ticket(), desk.agent("assistance-08", name="Gaston Essai", role=Role.SUPERVISOR)
    tags.create(supervisor, "assistance-10", "fraude")
    number = called("fraude")
    tags.add_tag(supervisor, ticket.reference, number, later())

    for work in (tags.add_tag, tags.remove_tag):
        with pytest.raises(NotFound):
            work(stranger, ticket.reference, number, later())
    with pytest.raises(NotFound):
        tags.rename(stranger, number, "blague")
    with pytest.raises(NotFound):
        tags.create(stranger, "", "partout")

    assert not find_tickets(stranger, "étiquette:fraude", now=later()).tickets
    assert tags.editable(stranger) == []
    assert names_on(ticket) == ["fraude"]


def test_only_supervisors_keep_tags(desk: Desk) -> None:
    for owner in ("assistance-10", "", "assistance-inconnue"):
        with pytest.raises(NotFound):
            tags.create(desk.agent() if owner else db.session.query(Agent).one(), owner, "essai")


@pytest.mark.parametrize("again", ["fraude", "FRAUDE", "Fraudé"])
def test_two_tags_of_one_list_are_never_read_alike(desk: Desk, supervisor: Agent, again: str) -> None:
    tags.create(supervisor, "assistance-10", "fraude")

    with pytest.raises(NotAllowed):
        tags.create(supervisor, "assistance-10", again)


def test_an_archived_tag_stays_where_it_is_and_goes_nowhere_else(desk: Desk, supervisor: Agent) -> None:
    ticket, other = desk.ticket(), desk.ticket()
    tags.create(supervisor, "assistance-10", "fraude")
    number = called("fraude")
    tags.add_tag(supervisor, ticket.reference, number, later())

    tags.set_archived(supervisor, number, True, later())

    assert names_on(ticket) == ["fraude"]
    assert tags.offered_on(desk.read(other.reference)) == []
    with pytest.raises(NotFound):
        tags.add_tag(supervisor, other.reference, number, later())


def test_a_tag_stays_when_the_ticket_moves_and_the_next_service_may_take_it_off(desk: Desk, supervisor: Agent) -> None:
    ticket, next_agent = desk.ticket(), desk.agent("assistance-08", name="Gaston Essai")
    tags.create(supervisor, "assistance-10", "fraude")
    number = called("fraude")
    tags.add_tag(supervisor, ticket.reference, number, later())

    actions.transfer(supervisor, ticket.reference, "assistance-08", "déménagement", now=later())
    assert names_on(ticket) == ["fraude"]
    assert [kept.tickets for kept in tags.editable(supervisor)] == [0], "it is out of the supervisor's sight"
    tags.remove_tag(next_agent, ticket.reference, number, later())

    assert names_on(ticket) == []


def test_a_ticket_loses_its_tags_with_its_personal_data(desk: Desk, supervisor: Agent) -> None:
    ticket = desk.ticket()
    tags.create(supervisor, "assistance-10", "Famille Inventé")
    tags.add_tag(supervisor, ticket.reference, called("Famille Inventé"), later())

    rights.erase_person("lou@famille.example", later())

    assert names_on(ticket) == []
    assert "Inventé" not in repr([event.data for event in desk.read(ticket.reference).events])


def test_a_list_and_a_ticket_hold_so_many_and_no_more(desk: Desk, supervisor: Agent) -> None:
    ticket = desk.ticket()
    service_id = ticket.service_id
    with db.engine.begin() as connection:
        rows = [{"service_id": service_id, "name": f"t{n}", "folded": f"t{n}"} for n in range(tags.OF_A_SERVICE)]
        connection.execute(insert(Tag), rows)
        first = [{"ticket_id": ticket.id, "tag_id": n + 1} for n in range(tags.OF_A_TICKET)]
        connection.execute(insert(TicketTag), first)
    db.session.rollback()

    with pytest.raises(NotAllowed):
        tags.create(supervisor, "assistance-10", "encore")
    with pytest.raises(NotAllowed):
        tags.add_tag(supervisor, ticket.reference, tags.OF_A_TICKET + 1, later())
