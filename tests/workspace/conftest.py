"""Who looks at agents' pages."""

import pytest
from flask.testing import FlaskClient

from helpdesk.models import Agent
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """An agent of assistance-10 (Lyon), where the tickets of these tests come in."""
    return desk.agent()


@pytest.fixture
def signed_in(desk: Desk, agent: Agent) -> FlaskClient:
    """The browser of that agent."""
    return desk.sign_in(agent)


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    """Who may change the rules."""
    return desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)


@pytest.fixture
def draft(routing: Routing, supervisor: Agent) -> int:
    """A draft of the rules, with nothing changed in it yet."""
    return rulebooks.start_draft(supervisor, routing, None, MONDAY)
