"""Two tickets about one thing: one goes on with the words of both, and both come back as they were."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.figures.counting import counts_of_range, services_now
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, Attachment, Outgoing, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.undelivered import tell_agents
from helpdesk.tickets import actions
from helpdesk.tickets.actions import Sending
from helpdesk.tickets.erasing import erase
from helpdesk.tickets.order.merging import merge, unmerge
from helpdesk.tickets.queries import attachment_for, ticket_page
from helpdesk.tickets.retention import Periods, archive_closed, erase_archived
from helpdesk.tickets.snoozing import asleep, snooze
from helpdesk.tickets.taking_back import shown_to_person
from helpdesk.vocabulary import DeliveryState, Status
from tests.application import Desk, MemoryMailer, later

STRANGER = Sender("Max Fictif", "max@ailleurs.example")
FILE = IncomingFile("capture.png", "image/png", b"\x89PNG\r\n\x1a\n one screen")
NOT_OF_THE_TICKET = ("version", "changed_at")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is said does not depend on the database; who comes first is tested on PostgreSQL by `make concurrency`."""
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


def columns(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    found = desk.read(ticket.reference)
    return {c.key: getattr(found, c.key) for c in Ticket.__table__.columns if c.key not in NOT_OF_THE_TICKET}


def said(agent: Agent, ticket: Ticket) -> list[str]:
    return [message.text for message in ticket_page(agent, ticket.reference).messages]


def write(desk: Desk, ticket: Ticket, text: str, **when: float) -> str:
    """The person writes on; returns the number under which it was kept."""
    incoming, span = desk.message(text), timedelta(days=30)
    return receive_on(ticket.reference, incoming, desk.parts.files, reopen_within=span, now=later(**when)).reference


def test_the_one_that_goes_on_shows_the_words_and_files_of_both_in_order_of_time(desk: Desk, agent: Agent) -> None:
    gone = desk.ticket("Premier message.", now=later(), files=(FILE,))
    kept = desk.ticket("Deuxième message.", now=later(hours=1))
    write(desk, gone, "Troisième message.", hours=2)

    merge(agent, gone.reference, kept.reference, later(hours=3))

    assert said(agent, kept) == ["Premier message.", "Deuxième message.", "Troisième message."]
    assert desk.read(gone.reference).status is Status.CLOSED
    file = db.session.query(Attachment).one()
    assert attachment_for(agent, kept.reference, file.id).name == "capture.png"


@pytest.mark.parametrize("how", ["new", "taken", "waiting", "until"])
def test_undone_both_are_exactly_as_before(desk: Desk, agent: Agent, how: str) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    if how == "taken":
        actions.take(agent, gone.reference, later(hours=1))
    if how in ("waiting", "until"):  # one on each side: a merge may wake what waits
        until = later(days=4) if how == "until" else None
        sending = Sending(until=until)
        asked = kept if how == "until" else gone
        actions.reply(agent, asked.reference, "Quel collège ?", seen=2**40, solve=False, now=later(), sending=sending)
    before = columns(desk, gone), columns(desk, kept)

    merge(agent, gone.reference, kept.reference, later(hours=2))
    merged = desk.read(kept.reference).status
    unmerge(agent, kept.reference, gone.reference, later(hours=3))

    assert merged in (Status.NEW, Status.OPEN), "somebody waits for a word, on whichever of the two"
    assert (columns(desk, gone), columns(desk, kept)) == before
    assert said(agent, kept).count(gone.messages[0].text) == 1


def test_what_comes_in_for_the_merged_one_is_for_the_one_that_goes_on(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    merge(agent, gone.reference, kept.reference, later())
    page = ticket_page(agent, kept.reference)
    actions.reply(agent, kept.reference, "Voilà.", seen=page.last_seen, solve=True, now=later(hours=1))

    kept_under = write(desk, gone, "Ça ne marche pas.", hours=2)

    assert kept_under == gone.reference
    assert desk.read(kept.reference).status is Status.OPEN
    assert desk.read(gone.reference).status is Status.CLOSED
    assert said(agent, kept)[-1] == "Ça ne marche pas."
    with pytest.raises(Changed):
        actions.reply(agent, kept.reference, "Encore.", seen=page.last_seen + 1, solve=False, now=later(hours=3))


def test_after_the_undo_what_came_in_meanwhile_waits_on_its_own_ticket(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    actions.reply(agent, gone.reference, "Quel collège ?", seen=2**40, solve=False, now=later())
    merge(agent, gone.reference, kept.reference, later(hours=1))
    write(desk, gone, "Le collège Invention.", hours=2)

    unmerge(agent, gone.reference, kept.reference, later(hours=3))

    assert desk.read(gone.reference).status is Status.OPEN
    assert said(agent, gone)[-1] == "Le collège Invention."
    assert "Le collège Invention." not in said(agent, kept)


def test_nothing_is_done_on_the_merged_one(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    merge(agent, gone.reference, kept.reference, later())
    before = columns(desk, gone)

    for act in (
        lambda: actions.reply(agent, gone.reference, "Bonjour.", seen=2**40, solve=False, now=later()),
        lambda: actions.note(agent, gone.reference, "Vu.", now=later()),
        lambda: actions.close(agent, gone.reference, "doublon", now=later()),
        lambda: actions.reopen(agent, gone.reference, now=later()),
        lambda: actions.transfer(agent, gone.reference, "assistance-08", "école à Vienne", now=later()),
    ):
        with pytest.raises(IllegalMove, match=f"fusionnée dans {kept.reference}"):
            act()

    assert columns(desk, gone) == before


def test_what_cannot_be_merged_is_refused_with_the_reason(desk: Desk, agent: Agent) -> None:
    one, two, three, solved = (desk.ticket() for _ in range(4))
    actions.solve(agent, solved.reference, now=later())
    merge(agent, one.reference, two.reference, later())

    for gone, kept, reason in (
        (three, three, "elle-même"),
        (three, one, f"fusionnée dans {two.reference}"),
        (two, three, "D’autres demandes"),
        (three, solved, "est terminée"),
        (solved, three, "est terminée"),
    ):
        with pytest.raises((NotAllowed, IllegalMove), match=reason):
            merge(agent, gone.reference, kept.reference, later())
    merge(agent, one.reference, two.reference, later(minutes=1))

    assert [event.kind for event in desk.read(one.reference).events].count("merged") == 1, "a second click does nothing"


def test_another_services_ticket_is_merged_with_nothing(desk: Desk, agent: Agent) -> None:
    ours, theirs = desk.ticket(), desk.ticket()
    actions.transfer(agent, theirs.reference, "assistance-08", "école à Vienne", now=later())

    with pytest.raises(NotAllowed):
        merge(agent, ours.reference, theirs.reference, later())
    with pytest.raises(NotFound):
        merge(agent, theirs.reference, ours.reference, later())


def test_a_merge_follows_its_ticket_to_another_service(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket("Premier message."), desk.ticket("Deuxième message.")
    there = desk.agent("assistance-08", name="Basile Essai")
    merge(agent, gone.reference, kept.reference, later())
    actions.transfer(agent, kept.reference, "assistance-08", "école à Vienne", now=later(hours=1))

    assert said(there, kept) == ["Premier message.", "Deuxième message."]
    with pytest.raises(NotFound):
        unmerge(agent, gone.reference, kept.reference, later(hours=2))
    unmerge(there, kept.reference, gone.reference, later(hours=2))

    assert desk.read(gone.reference).status is Status.NEW


def test_two_persons_need_a_word_and_neither_reads_the_other(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket("Question de Max.", sender=STRANGER), desk.ticket("Question de Lou.")

    with pytest.raises(NotAllowed, match="même famille"):
        merge(agent, gone.reference, kept.reference, later())
    merge(agent, gone.reference, kept.reference, later(), same_family=True)

    assert said(agent, kept) == ["Question de Max.", "Question de Lou."]
    assert [m.text for m in shown_to_person(desk.read(kept.reference), later())] == ["Question de Lou."]
    assert [m.text for m in shown_to_person(desk.read(gone.reference), later())] == ["Question de Max."]


def test_one_request_is_counted_once_and_twice_again_after_the_undo(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket(), desk.ticket()

    def created() -> int:
        counts = counts_of_range(db.session(), services_now(db.session()), 1, 100, 2**40)
        return sum(measured["created"] for measured in counts.values())

    merge(agent, gone.reference, kept.reference, later())
    once = created()
    unmerge(agent, gone.reference, kept.reference, later(hours=1))

    assert (once, created()) == (1, 2)


def test_what_is_merged_lives_as_long_as_what_goes_on(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket("Premier message."), desk.ticket("Deuxième message.")
    merge(agent, gone.reference, kept.reference, later())
    periods = Periods(timedelta(days=30), timedelta(days=30))

    archive_closed(periods, later(days=31))
    alive = desk.read(gone.reference).archived_at
    actions.close(agent, kept.reference, "terminé", now=later(days=31))
    archive_closed(periods, later(days=62))
    erase_archived(periods, later(days=93))

    assert alive is None
    assert [message.text for message in desk.read(gone.reference).messages] == [""]
    assert [message.text for message in desk.read(kept.reference).messages] == [""]


def test_erasing_one_erases_what_is_merged_into_it_and_ends_the_undo(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket("Premier message."), desk.ticket("Deuxième message.")
    merge(agent, gone.reference, kept.reference, later())

    with transaction() as session:
        erase(session, [session.get_one(Ticket, kept.id)], later(days=1))

    assert [message.text for message in desk.read(gone.reference).messages] == [""]
    supervisor_sees_nothing_to_undo = pytest.raises((IllegalMove, NotFound))
    with supervisor_sees_nothing_to_undo:
        unmerge(agent, kept.reference, gone.reference, later(days=2))


@pytest.mark.parametrize("solved", [False, True])
def test_an_answer_from_before_the_merge_that_comes_back_opens_the_one_that_goes_on(
    desk: Desk, agent: Agent, mailer: MemoryMailer, solved: bool
) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    deliver_due(mailer, desk.parts.letters, later())
    actions.reply(agent, gone.reference, "Quel collège ?", seen=2**40, solve=False, now=later(hours=1))
    actions.reply(agent, kept.reference, "Voilà.", seen=2**40, solve=False, now=later(hours=1))
    merge(agent, gone.reference, kept.reference, later(hours=2))
    if solved:
        actions.solve(agent, kept.reference, now=later(hours=2))
    with transaction() as session:
        answer = session.query(Outgoing).filter_by(ticket_id=gone.id, kind="answer").one()
        tell_agents(session, answer, "destinataire inconnu (550)", later(hours=3))
        answer.state = DeliveryState.FAILED

    opened = desk.read(kept.reference)
    assert (opened.status, opened.solved_at, opened.paused_at) == (Status.OPEN, None, None)
    assert desk.read(gone.reference).status is Status.CLOSED
    unmerge(agent, kept.reference, gone.reference, later(hours=4))
    assert desk.read(gone.reference).status is Status.OPEN, "nobody has answered there"


def test_a_word_to_the_merged_one_ends_the_pause_of_the_one_that_goes_on(desk: Desk, agent: Agent) -> None:
    gone, kept = desk.ticket(), desk.ticket()
    merge(agent, gone.reference, kept.reference, later())
    snooze(agent, kept.reference, later(days=5), later(hours=1))
    before = list(asleep(db.session(), agent, later(hours=2)))

    write(desk, gone, "Toujours rien.", hours=3)

    assert (before, list(asleep(db.session(), agent, later(hours=4)))) == ([kept.id], [])
