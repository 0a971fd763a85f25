"""Moves of a ticket, as people would tell them."""

import pytest

from helpdesk.errors import IllegalMove
from helpdesk.tickets.lifecycle import Act, may, next_status
from helpdesk.vocabulary import Status


@pytest.mark.parametrize(
    ("status", "act", "expected"),
    [
        (Status.NEW, Act.TAKE, Status.OPEN),
        (Status.OPEN, Act.REPLY, Status.WAITING),
        (Status.WAITING, Act.PERSON_WRITES, Status.OPEN),
        (Status.SOLVED, Act.PERSON_WRITES, Status.OPEN),
        (Status.CLOSED, Act.PERSON_WRITES, Status.OPEN),
        (Status.NEW, Act.PERSON_WRITES, Status.NEW),
        (Status.OPEN, Act.TRANSFER, Status.NEW),
        (Status.SOLVED, Act.REOPEN, Status.OPEN),
    ],
)
def test_where_an_act_leads(status: Status, act: Act, expected: Status) -> None:
    assert next_status(status, act) is expected


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (Status.CLOSED, Act.REPLY),
        (Status.CLOSED, Act.TAKE),
        (Status.CLOSED, Act.CLOSE),
        (Status.CLOSED, Act.TRANSFER),
        (Status.SOLVED, Act.SOLVE),
        (Status.NEW, Act.REOPEN),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(status: Status, act: Act) -> None:
    assert not may(status, act)
    with pytest.raises(IllegalMove, match="la demande est"):
        next_status(status, act)


def test_a_person_can_always_write() -> None:
    assert all(may(status, Act.PERSON_WRITES) for status in Status)
