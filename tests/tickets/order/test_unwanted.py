"""Advertisements: gone in one act, back in one act, and nobody is lost who writes again."""

from datetime import timedelta

import pytest

from helpdesk.db import db
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.figures.counting import counts_of_range, services_now
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent
from helpdesk.tickets import actions
from helpdesk.tickets.order.merging import merge
from helpdesk.tickets.order.unwanted import mark_unwanted, mark_wanted
from helpdesk.tickets.queue import View, queue_page
from helpdesk.vocabulary import Status
from tests.application import Desk, later
from tests.tickets.order.test_merging import columns


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


def test_it_leaves_the_lists_and_the_figures_and_comes_back_as_it_was(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    actions.take(agent, ticket.reference, later(hours=1))
    before = columns(desk, ticket)

    for _ in range(2):  # a second click does nothing
        mark_unwanted(agent, ticket.reference, later(hours=2))
    listed = queue_page(agent, View.MINE, now=later(hours=2)).tickets
    counts = counts_of_range(db.session(), services_now(db.session()), 1, 100, 2**40)
    for _ in range(2):
        mark_wanted(agent, ticket.reference, later(hours=3))

    assert listed == []
    assert sum(measured["created"] for measured in counts.values()) == 0
    assert columns(desk, ticket) == before
    kinds = [event.kind for event in desk.read(ticket.reference).events]
    assert kinds[-2:] == ["unwanted", "wanted"]


def test_a_person_who_writes_again_is_heard(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    mark_unwanted(agent, ticket.reference, later())

    receive_on(
        ticket.reference,
        desk.message("Je suis bien le père de Lou."),
        desk.parts.files,
        reopen_within=timedelta(days=30),
        now=later(hours=1),
    )

    assert desk.read(ticket.reference).status is Status.NEW
    assert [each.id for each in queue_page(agent, View.TODO, now=later(hours=2)).tickets] == [ticket.id]


def test_it_is_refused_where_it_would_hide_a_request(desk: Desk, agent: Agent) -> None:
    gone, kept, closed = desk.ticket(), desk.ticket(), desk.ticket()
    merge(agent, gone.reference, kept.reference, later())
    actions.close(agent, closed.reference, "doublon", now=later())

    for ticket in (gone, kept, closed):
        with pytest.raises(IllegalMove):
            mark_unwanted(agent, ticket.reference, later())
    with pytest.raises(NotFound):
        mark_unwanted(desk.agent("assistance-08", name="Basile Essai"), kept.reference, later())
