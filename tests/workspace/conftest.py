"""Who looks at agents' pages."""

import pytest
from flask.testing import FlaskClient

from helpdesk.models import Agent
from tests.application import Desk


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """An agent of assistance-10 (Lyon), where the tickets of these tests come in."""
    return desk.agent()


@pytest.fixture
def signed_in(desk: Desk, agent: Agent) -> FlaskClient:
    """The browser of that agent."""
    return desk.sign_in(agent)
