"""Tickets change hands many at once: by a supervisor, and when an absence begins; ended, it is undone."""

from datetime import date, timedelta

import pytest

from helpdesk.db import db
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Absence, Agent
from helpdesk.tickets import actions, handing, history, sharing
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, later

LYON = "assistance-10"
TODAY = date(2026, 11, 23)


@pytest.fixture
def chief(desk: Desk) -> Agent:
    return desk.agent(name="Claude Essai", role=Role.SUPERVISOR)


@pytest.fixture
def pair(desk: Desk) -> tuple[int, int]:
    """Ids of two agents of the service."""
    return desk.agent(name="Agathe Essai").id, desk.agent(name="Basile Essai").id


def follows(desk: Desk, agent_id: int) -> str:
    """The reference of a ticket that the agent follows."""
    reference = desk.ticket().reference
    actions.take(db.session.get_one(Agent, agent_id), reference, MONDAY)
    return reference


def holder(desk: Desk, reference: str) -> int | None:
    return desk.read(reference).assignee_id


def test_an_absence_hands_on_when_it_begins_once_and_its_end_undoes_it(
    desk: Desk, chief: Agent, pair: tuple[int, int]
) -> None:
    agathe, basile = pair
    kept, touched = follows(desk, agathe), follows(desk, agathe)
    tomorrow = TODAY + timedelta(days=1)
    sharing.add_absence(chief, LYON, agathe, tomorrow, tomorrow, now=MONDAY, stand_in_id=basile)
    absence_id = db.session.scalars(db.select(Absence.id)).one()

    assert handing.start_absences(MONDAY) == 0, "not yet"
    assert [handing.start_absences(later(days=1)) for _turn in range(2)] == [2, 0]
    assert [holder(desk, each) for each in (kept, touched)] == [basile, basile]

    actions.reply(db.session.get_one(Agent, basile), touched, "Voici.", seen=2**60, solve=False, now=later(days=1))
    assert [handing.end_absence(chief, LYON, absence_id, later(days=1)) for _click in range(2)] == [1, 0]
    assert [holder(desk, each) for each in (kept, touched)] == [agathe, basile]


class TestOnOneDatabase:
    """What does not depend on which."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_what_was_chosen_goes_to_a_colleague_and_its_history_says_so(
        self, desk: Desk, chief: Agent, pair: tuple[int, int]
    ) -> None:
        agathe, basile = pair
        first, second = follows(desk, agathe), follows(desk, agathe)

        moved = handing.hand_on(chief, LYON, agathe, basile, [first, "EC-UNKNOWN"], later(hours=1))

        assert moved == 1
        assert (holder(desk, first), holder(desk, second)) == (basile, agathe)
        event = desk.read(first).events[-1]
        assert (event.kind, event.data) == (history.HANDED, {"from": "Agathe Essai", "to": "Basile Essai"})

    def test_nobody_is_handed_what_is_not_of_the_service(self, desk: Desk, chief: Agent, pair: tuple[int, int]) -> None:
        agathe, _basile = pair
        reference = follows(desk, agathe)
        stranger = desk.agent("assistance-08", name="Greta Essai")
        stranger_id = stranger.id

        with pytest.raises(NotFound):
            handing.hand_on(chief, LYON, agathe, stranger_id, None, MONDAY)
        with pytest.raises(NotAllowed):
            handing.hand_on(chief, LYON, agathe, agathe, None, MONDAY)
        with pytest.raises(NotFound):
            handing.hand_on(desk.agent(name="Basile Essai"), LYON, agathe, None, None, MONDAY)

        assert holder(desk, reference) == agathe

    def test_an_absence_may_give_back_to_the_service_at_once(
        self, desk: Desk, chief: Agent, pair: tuple[int, int]
    ) -> None:
        agathe, _basile = pair
        reference = follows(desk, agathe)
        sharing.add_absence(chief, LYON, agathe, TODAY, TODAY, now=MONDAY, gives_back=True)

        assert handing.start_absence(chief, LYON, agathe, MONDAY) == 1

        assert holder(desk, reference) is None

    def test_nobody_stands_in_for_herself(self, desk: Desk, chief: Agent, pair: tuple[int, int]) -> None:
        with pytest.raises(NotAllowed):
            sharing.add_absence(chief, LYON, pair[0], TODAY, TODAY, now=MONDAY, stand_in_id=pair[0])
