"""Links between tickets: said once, shown on both, never beyond what an agent may see."""

import threading

import pytest

from helpdesk.db import db
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Agent, Ticket
from helpdesk.tickets import actions, history
from helpdesk.tickets.order.links import link, links_of, unlink
from helpdesk.tickets.order.relations import Relation
from tests.application import Desk, later


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """What is said does not depend on the database; two at once are tested on PostgreSQL, where they meet."""
    kind = "postgresql" if request.node.name.endswith("one_is_heard") else "sqlite"
    url: str = request.getfixturevalue(f"{kind}_url")
    return url


def shown(desk: Desk, agent: Agent, ticket: Ticket) -> list[tuple[str, str]]:
    return [(each.label, each.other.reference) for each in links_of(agent, desk.read(ticket.reference))]


def told(desk: Desk, ticket: Ticket) -> list[str]:
    kinds = [event.kind for event in desk.read(ticket.reference).events]
    return [kind for kind in kinds if kind in (history.TIED, history.UNTIED)]


def test_a_link_is_seen_from_both_sides_and_is_in_both_histories(desk: Desk) -> None:
    agent, first, second = desk.agent(), desk.ticket(), desk.ticket()

    link(agent, second.reference, first.reference, Relation.FOLLOWS, later())

    assert shown(desk, agent, second) == [("Fait suite à", first.reference)]
    assert shown(desk, agent, first) == [("A pour suite", second.reference)]
    assert told(desk, first) == told(desk, second) == [history.TIED]


def test_said_twice_it_is_said_once_and_in_another_way_it_is_refused(desk: Desk) -> None:
    agent, first, second = desk.agent(), desk.ticket(), desk.ticket()
    for _ in range(2):
        link(agent, second.reference, first.reference, Relation.DUPLICATE, later())

    with pytest.raises(NotAllowed):
        link(agent, first.reference, second.reference, Relation.DUPLICATE, later())
    with pytest.raises(NotAllowed):
        link(agent, second.reference, first.reference, Relation.PART, later())

    assert told(desk, second) == [history.TIED]


def test_a_link_is_undone_from_either_side_and_once(desk: Desk) -> None:
    agent, first, second = desk.agent(), desk.ticket(), desk.ticket()
    link(agent, second.reference, first.reference, Relation.PART, later())

    for _ in range(2):
        unlink(agent, first.reference, second.reference, later(minutes=1))

    assert shown(desk, agent, first) == shown(desk, agent, second) == []
    assert told(desk, second) == [history.TIED, history.UNTIED]


def test_a_ticket_is_not_linked_to_itself_nor_to_what_the_agent_may_not_see(desk: Desk) -> None:
    agent, ticket, moved = desk.agent(), desk.ticket(), desk.ticket()
    actions.transfer(agent, moved.reference, "assistance-08", "école à Vienne", now=later())
    own, foreign = ticket.reference, moved.reference

    for other in (own, foreign, "EC-0000-0000"):
        with pytest.raises(NotAllowed):
            link(agent, own, other, Relation.PART, later())
    with pytest.raises(NotFound):
        link(agent, foreign, own, Relation.PART, later())


def test_a_linked_ticket_that_goes_to_another_service_is_not_shown_any_more(desk: Desk) -> None:
    agent, ticket, other = desk.agent(), desk.ticket(), desk.ticket()
    link(agent, ticket.reference, other.reference, Relation.PART, later())

    actions.transfer(agent, other.reference, "assistance-08", "école à Vienne", now=later())

    assert shown(desk, agent, ticket) == []


def test_of_two_who_link_the_same_two_from_both_sides_at_once_one_is_heard(desk: Desk) -> None:
    ids = [desk.agent(name="Agathe Essai").id, desk.agent(name="Basile Essai").id]
    ends = [desk.ticket().reference, desk.ticket().reference]
    start, outcomes = threading.Barrier(2), list[str]()

    def say(agent_id: int, one: str, other: str) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            try:
                link(agent, one, other, Relation.DUPLICATE, later())
                outcomes.append("said")
            except NotAllowed:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=say, args=(ids[0], *ends)),
        threading.Thread(target=say, args=(ids[1], *ends[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "said"]
    assert told(desk, desk.read(ends[0])) == [history.TIED]
