"""How writes reach the disk."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from helpdesk.db import db, transaction

ASKS = {"sqlite": ("PRAGMA synchronous", 2, 1), "postgresql": ("SHOW synchronous_commit", None, "off")}


@pytest.mark.usefixtures("app")
def test_what_need_not_last_does_not_wait_for_the_disk_and_nothing_else_is_changed() -> None:
    """On both databases; the server of the tests itself waits for none, so only SQLite tells the other side."""
    question, lasting, passing = ASKS[db.engine.dialect.name]

    for wanted, lasts in ((lasting, True), (passing, False), (lasting, True)):
        with transaction(lasting=lasts) as session:
            assert wanted in (None, session.scalar(text(question)))


class TestOnPostgresql:
    """What SQLite does not refuse."""

    @pytest.fixture
    def database_url(self, postgresql_url: str) -> str:
        return postgresql_url

    @pytest.mark.usefixtures("app")
    def test_what_asks_too_much_is_not_taken_for_a_database_that_is_away(self) -> None:
        """Whoever waits for the database would wait for ever: a mail that cannot be stored would hold up all others."""
        with pytest.raises(OperationalError, match="too long"), transaction() as session:
            session.execute(text("SELECT CAST(repeat('x', 3000) AS tsvector)"))
