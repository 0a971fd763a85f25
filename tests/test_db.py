"""How writes reach the disk."""

import pytest
from sqlalchemy import text

from helpdesk.db import db, transaction

ASKS = {"sqlite": ("PRAGMA synchronous", 2, 1), "postgresql": ("SHOW synchronous_commit", None, "off")}


@pytest.mark.usefixtures("app")
def test_what_need_not_last_does_not_wait_for_the_disk_and_nothing_else_is_changed() -> None:
    """On both databases; the server of the tests itself waits for none, so only SQLite tells the other side."""
    question, lasting, passing = ASKS[db.engine.dialect.name]

    for wanted, lasts in ((lasting, True), (passing, False), (lasting, True)):
        with transaction(lasting=lasts) as session:
            assert wanted in (None, session.scalar(text(question)))
