"""What time ends: requests that are solved, and those of which nobody says a word any more."""

from datetime import datetime, timedelta

import pytest

from helpdesk.db import db
from helpdesk.tickets import actions, history
from helpdesk.tickets.ageing import close_solved, close_waiting
from helpdesk.vocabulary import Status
from tests.application import Desk, later

PERIOD = timedelta(days=60)
ANSWERED = later(hours=1)


@pytest.mark.parametrize("solve", [True, False], ids=["solved", "waiting for the person"])
def test_what_nobody_speaks_of_any_more_is_closed(desk: Desk, solve: bool) -> None:
    ticket, other = desk.ticket(), desk.ticket()
    actions.reply(desk.agent(), ticket.reference, "Voilà.", seen=2**40, solve=solve, now=ANSWERED)

    def close(now: datetime) -> int:
        db.session.rollback()
        return (close_solved if solve else close_waiting)(now, after=PERIOD)

    assert close(ANSWERED + PERIOD - timedelta(seconds=1)) == 0
    assert close(ANSWERED + PERIOD) == 1
    assert close(ANSWERED + PERIOD) == 0
    ticket = desk.read(ticket.reference)
    assert (ticket.status, ticket.closed_at) == (Status.CLOSED, ANSWERED + PERIOD)
    assert ticket.events[-1].kind == history.CLOSED
    assert desk.read(other.reference).status is Status.NEW
