"""An answer for all tickets of an incident: each person once, whatever is killed, and never past an agent's eyes."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import IllegalMove
from helpdesk.intake.message import Sender
from helpdesk.models import Agent, IncidentPart, Message, Outgoing, Ticket
from helpdesk.outbox.post import ANSWER
from helpdesk.tickets import actions, history, holds
from helpdesk.tickets.incidents import answering, joining, records
from helpdesk.tickets.incidents.answering import Whom, Words
from helpdesk.tickets.incidents.records import Said
from helpdesk.tickets.incidents.wording import written, wrong_in
from helpdesk.vocabulary import Direction, Role, Status
from tests.application import MONDAY, Desk, later
from tests.workspace.pages import add_word

WORDS = Words("Bonjour {nom}, c’est réparé ({référence}).")


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Two workers meet on PostgreSQL; what is sent to whom does not depend on the database."""
    kind = "postgresql" if "two_workers" in request.node.name else "sqlite"
    url: str = request.getfixturevalue(f"{kind}_url")
    return url


@pytest.fixture
def keeper(desk: Desk) -> Agent:
    return desk.agent(name="Claude Essai", role=Role.SUPERVISOR)


def with_tickets(desk: Desk, keeper: Agent, *senders: Sender) -> tuple[int, list[Ticket]]:
    """An incident, and a ticket of it for each sender."""
    number = records.write(keeper, "token", Said("Panne", "", ("10",), (), "", MONDAY), MONDAY)
    tickets = [desk.ticket(sender=sender) for sender in senders]
    joining.attach_all(keeper, number, [ticket.reference for ticket in tickets], MONDAY)
    return number, tickets


def send(keeper: Agent, number: int, words: Words = WORDS, *, token: str = "one", whom: Whom = Whom.NOT_YET) -> None:
    seen = answering.preview(keeper, number, whom).seen
    answering.send(keeper, number, token, words, whom, seen, later())


def answers() -> list[tuple[str, str]]:
    """(to, words) of the answers in the outbox."""
    db.session.rollback()
    query = select(Outgoing.to_address, Message.text).join(Message, Message.id == Outgoing.message_id)
    return [(to, text) for to, text in db.session.execute(query.where(Outgoing.kind == ANSWER).order_by(Outgoing.id))]


def states() -> Sequence[tuple[str, str]]:
    db.session.rollback()
    return [
        (row.state, row.because) for row in db.session.scalars(select(IncidentPart).order_by(IncidentPart.ticket_id))
    ]


LOU, ANA = Sender("Lou Inventé", "lou@famille.example"), Sender("Ana Inventée", "ana@famille.example")


def test_a_person_with_three_tickets_gets_one_answer_and_the_others_say_so(desk: Desk, keeper: Agent) -> None:
    number, tickets = with_tickets(desk, keeper, LOU, LOU, ANA, LOU)

    seen = answering.preview(keeper, number, Whom.NOT_YET)
    send(keeper, number)
    answering.go_on(later())

    last, first = tickets[3].reference, tickets[0].reference
    assert (seen.tickets, seen.persons, seen.mail, seen.elsewhere) == (4, 2, 2, 0)
    assert sorted(answers()) == [
        ("ana@famille.example", f"Bonjour Ana Inventée, c’est réparé ({tickets[2].reference})."),
        ("lou@famille.example", f"Bonjour Lou Inventé, c’est réparé ({last})."),
    ]
    noted = [event for event in desk.read(first).events if event.kind == history.TOLD_ELSEWHERE]
    assert [event.data["to"] for event in noted] == [last]
    assert {desk.read(ticket.reference).status for ticket in tickets} == {Status.WAITING}
    assert desk.read(first).assignee is None


def test_sent_twice_and_gone_on_with_after_a_kill_it_leaves_once(desk: Desk, keeper: Agent) -> None:
    number, _ = with_tickets(desk, keeper, LOU, ANA)
    send(keeper, number)
    send(keeper, number)

    answering.go_on(later(), at_most=1)  # then the process is killed
    half = len(answers())
    answering.go_on(later(minutes=1))
    answering.go_on(later(minutes=2))

    assert (half, len(answers())) == (1, 2)


def test_two_workers_at_once_send_each_answer_once(desk: Desk, keeper: Agent) -> None:
    number, _ = with_tickets(desk, keeper, *(Sender(f"N {n}", f"n{n}@famille.example") for n in range(6)), LOU, LOU)
    send(keeper, number)
    start = threading.Barrier(2)

    def work() -> None:
        with desk.app.app_context():
            start.wait()
            answering.go_on(later())
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answering.go_on(later())  # what one left because the other had it

    assert len(answers()) == len({to for to, _ in answers()}) == 7
    assert [state for state, _ in states()].count("noted") == 1


def test_what_a_colleague_is_on_or_got_a_message_since_the_preview_is_left_out_and_listed(
    desk: Desk, keeper: Agent
) -> None:
    number, (held, written_since, _) = with_tickets(desk, keeper, LOU, ANA, Sender("Zoé", "zoe@famille.example"))
    seen = answering.preview(keeper, number, Whom.ALL).seen
    holds.keep(desk.agent(name="Agathe Essai"), held.reference, later())
    add_word(desk, written_since, "C’est réparé !")

    answering.send(keeper, number, "one", WORDS, Whom.ALL, seen, later())
    answering.go_on(later())

    assert [to for to, _ in answers()] == ["zoe@famille.example"]
    incident = records.incident_of(keeper, number)
    assert {part.ticket.reference: part.because for part in answering.left_out(keeper, incident)} == {
        held.reference: "Agathe Essai est dessus",
        written_since.reference: "un message est arrivé depuis",
    }
    send(keeper, number, token="two")
    answering.go_on(later(hours=1))
    assert sorted(to for to, _ in answers()) == ["ana@famille.example", "lou@famille.example", "zoe@famille.example"]


def test_a_closing_answer_solves_and_who_was_told_is_not_told_again(desk: Desk, keeper: Agent) -> None:
    number, tickets = with_tickets(desk, keeper, LOU, LOU)
    send(keeper, number, Words("Réparé.", solves=True))
    answering.go_on(later())

    assert {desk.read(ticket.reference).status for ticket in tickets} == {Status.SOLVED}
    with pytest.raises(IllegalMove):
        send(keeper, number, token="two")


def test_a_person_who_reads_english_gets_english_where_there_is_some(desk: Desk, keeper: Agent) -> None:
    number = records.write(keeper, "token", Said("Panne", "", ("10",), (), "", MONDAY), MONDAY)
    tickets = [desk.ticket(sender=LOU), desk.ticket(sender=ANA, language="en")]
    joining.attach_all(keeper, number, [ticket.reference for ticket in tickets], MONDAY)

    send(keeper, number, Words("C’est réparé.", "It is mended."))
    answering.go_on(later())

    assert dict(answers()) == {"lou@famille.example": "C’est réparé.", "ana@famille.example": "It is mended."}


def test_tickets_of_other_services_get_nothing_and_are_counted(desk: Desk, keeper: Agent) -> None:
    number, (ticket, _) = with_tickets(desk, keeper, LOU, ANA)
    actions.transfer(keeper, ticket.reference, "assistance-08", "école à Vienne", now=later())

    seen = answering.preview(keeper, number, Whom.ALL)
    send(keeper, number)
    answering.go_on(later())

    assert (seen.tickets, seen.elsewhere) == (1, 1)
    assert [to for to, _ in answers()] == ["ana@famille.example"]


def test_who_is_reached_by_neither_mail_nor_text_finds_the_answer_on_the_follow_up_page(
    desk: Desk, keeper: Agent
) -> None:
    number, (ticket,) = with_tickets(desk, keeper, Sender("Noé", phone="+33 1 42 68 53 00"))

    seen = answering.preview(keeper, number, Whom.ALL)
    send(keeper, number)
    answering.go_on(later())

    assert (seen.mail, seen.sms, seen.none) == (0, 0, 1)
    assert answers() == []
    assert desk.read(ticket.reference).messages[-1].direction is Direction.OUT


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("Bonjour {nom},", "Lou", "Bonjour Lou,"),
        ("Bonjour {Nom},", "", "Bonjour,"),
        ("Voir {reference}.", "Lou", "Voir EC-1."),
        ("Rien à remplir.", "Lou", "Rien à remplir."),
    ],
)
def test_the_words_are_each_persons_own(text: str, name: str, says: str) -> None:
    assert written(text, name, "EC-1") == says


def test_fields_that_not_all_have_are_named() -> None:
    assert wrong_in("Bonjour {nom}, {établissement} et {mystère} : [à compléter : date]") == [
        "établissement",
        "mystère",
        "date",
    ]
