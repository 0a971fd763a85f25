"""Mails that wait together are settled together: in few statements, and as if each had been alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from helpdesk.db import db
from helpdesk.intake import mailroom
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailroom import settle_due
from helpdesk.intake.opening import Request, open_tickets
from helpdesk.models import IncomingMail, Message, Outgoing, Person, Ticket
from helpdesk.tickets import sharing
from helpdesk.vocabulary import Assignment, MailOutcome, Role
from tests.application import MONDAY, Desk
from tests.intake.mails import a_mail


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements themselves have tests on both databases, and the benchmark runs on both."""
    return sqlite_url


def requests(numbers: Sequence[int], text: str = "Mon fils est au collège à Lyon (69003).") -> list[bytes]:
    """Mails of as many people."""
    return [
        a_mail(f"{text} {each}", sender=f"p{each}@famille.example", message_id=f"<{each}@famille.example>")
        for each in numbers
    ]


def post(desk: Desk, mails: Sequence[bytes]) -> None:
    keep([(raw, Place("depot", 1, str(hash(raw)))) for raw in mails], desk.parts.files, MONDAY)
    settle_due(desk.parts, MONDAY)
    db.session.rollback()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that are sent to the database inside, but for the rows of each ticket, which SQLite takes one by one."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("INSERT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_ten_requests_are_looked_up_with_as_many_statements_as_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.parts.dispatcher, "_work", lambda: None)  # what is counted is taking in, not delivering

    with statements() as for_two:
        post(desk, requests(range(2)))
    with statements() as for_ten:
        post(desk, requests(range(2, 12)))

    assert (count(Ticket), count(Outgoing)) == (12, 12)
    assert len(for_ten) == len(for_two)


def test_each_has_its_own_ticket_message_person_and_outcome(desk: Desk) -> None:
    machine = a_mail(
        "Absente", sender="absente@famille.example", message_id="<a@x.example>", Auto_Submitted="auto-replied"
    )
    post(desk, [*requests(range(4)), machine])

    rows = db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()
    assert [row.outcome for row in rows] == [MailOutcome.TICKET] * 4 + [MailOutcome.AUTOMATIC]
    for number, row in enumerate(rows[:4]):
        message = db.session.get_one(Message, row.message_row_id)
        assert message.text.endswith(f" {number}")
        assert message.ticket_id == row.ticket_id
        assert row.sender == message.ticket.sender_email == message.ticket.person.addresses[0].value
    assert count(Person) == 4


def test_one_person_who_writes_twice_at_once_is_one(desk: Desk) -> None:
    post(desk, [a_mail(f"Message {each}", message_id=f"<{each}@x.example>") for each in range(2)])

    assert (count(Ticket), count(Person)) == (2, 1)


def test_an_answer_that_came_with_what_it_answers_joins_it(desk: Desk) -> None:
    post(
        desk,
        [
            *requests([1, 2]),
            a_mail("J’ai oublié : 4e B.", sender="p1@famille.example", In_Reply_To="<1@famille.example>"),
        ],
    )

    outcomes = db.session.scalars(select(IncomingMail.outcome).order_by(IncomingMail.id)).all()
    assert outcomes == [MailOutcome.TICKET, MailOutcome.TICKET, MailOutcome.REPLY]
    assert count(Ticket) == 2


def test_one_that_cannot_be_stored_stops_no_other_and_doubles_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(session: object, asked: Sequence[Request], *rest: object) -> object:
        opened = open_tickets(session, asked, *rest)  # type: ignore[arg-type]
        if len(asked) > 1:
            raise RuntimeError("after the rows were added")
        return opened

    monkeypatch.setattr(mailroom, "open_tickets", fragile)

    post(desk, requests(range(3)))

    assert (count(Ticket), count(Message), count(Outgoing)) == (3, 3, 3)


def test_what_comes_at_once_is_shared_out_as_if_it_had_come_one_by_one(desk: Desk) -> None:
    chief = desk.agent(name="Chef Essai", role=Role.SUPERVISOR)
    team = [desk.agent(name=name).id for name in ("Agathe Essai", "Basile Essai")]
    sharing.set_sharing(chief, "assistance-10", Assignment.LEAST_LOADED, team)

    post(desk, requests(range(4)))

    held = db.session.execute(select(Ticket.assignee_id, func.count()).group_by(Ticket.assignee_id)).all()
    assert sorted(held) == [(team[0], 2), (team[1], 2)]
