"""The page on which administrators see how every part fares."""

import pytest
from flask.testing import FlaskClient

from helpdesk.db import db, transaction
from helpdesk.models import Agent
from tests.application import Desk
from tests.workspace.pages import main_of, title_of

PAGE = "/agent/sante"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What fares well or not does not depend on the database."""
    return sqlite_url


@pytest.fixture
def admin(desk: Desk) -> FlaskClient:
    agent_id = desk.agent(name="Ada Essai").id
    with transaction() as session:
        session.get_one(Agent, agent_id).is_admin = True
    return desk.sign_in(db.session.get_one(Agent, agent_id))


def test_what_does_not_go_stands_first_and_in_the_title(admin: FlaskClient) -> None:
    page = admin.get(PAGE)  # the folder of data is not there

    words = main_of(page)
    assert "1 ennui" in title_of(page)
    assert "Fichiers Ne va pas" in words
    assert words.index("Fichiers Ne va pas") < words.index("Base de données Marche") < words.index("SMS Éteint")


def test_to_others_there_is_no_such_page(desk: Desk) -> None:
    assert desk.sign_in(desk.agent()).get(PAGE).status_code == 404
