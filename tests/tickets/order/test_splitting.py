"""A message about something else: it goes where its own words belong, with all that is its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.figures.counting import counts_of_range, services_now
from helpdesk.intake.message import IncomingFile, SchoolHint
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, IncomingMail, Message, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.tickets import actions
from helpdesk.tickets.filters import Filters
from helpdesk.tickets.order.links import links_of
from helpdesk.tickets.order.merging import merge
from helpdesk.tickets.order.splitting import preview, split
from helpdesk.tickets.order.unwanted import mark_unwanted
from helpdesk.tickets.queries import ticket_page
from helpdesk.tickets.queue import View, queue_page
from helpdesk.tickets.retention import Periods, archive_closed
from helpdesk.vocabulary import MailOutcome, Role, Status
from tests.application import Desk, MemoryMailer, later
from tests.workspace.pages import text_of

FILE = IncomingFile("capture.png", "image/png", b"\x89PNG\r\n\x1a\n one screen")
OTHER_CHILD = "Et mon autre fils, au collège à Grenoble (38000), ne reçoit pas son code d’activation."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


def write(desk: Desk, ticket: Ticket, text: str, hours: float = 1, *files: IncomingFile) -> int:
    """The person writes on; gives the id of the message."""
    incoming, span = desk.message(text, files=files), timedelta(days=30)
    receive_on(ticket.reference, incoming, desk.parts.files, reopen_within=span, now=later(hours=hours))
    return desk.read(ticket.reference).messages[-1].id


def split_off(desk: Desk, agent: Agent, ticket: Ticket, message: int, subject: str = "Autre chose") -> str:
    return split(agent, ticket.reference, message, subject, desk.parts.routing, later(hours=5))


def texts(ticket: Ticket) -> list[str]:
    return [message.text for message in ticket.messages]


def test_the_message_becomes_a_request_of_the_same_person_and_both_tell_of_it(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket("Premier message.")
    message = write(desk, ticket, "Autre chose : je n’ai pas reçu le code par SMS.", 1, FILE)

    new = desk.read(split_off(desk, agent, ticket, message, "Code non reçu"))
    old = desk.read(ticket.reference)

    assert texts(old) == ["Premier message."]
    assert texts(new) == ["Autre chose : je n’ai pas reçu le code par SMS."]
    assert [file.name for file in new.messages[0].attachments] == ["capture.png"]
    assert (new.subject, new.status, new.person_id, new.sender_email) == (
        "Code non reçu", Status.NEW, old.person_id, "lou@famille.example",
    )  # fmt: skip
    assert [(tie.label, tie.other.reference) for tie in links_of(agent, new)] == [("Fait suite à", old.reference)]
    assert [event.data["to"] for event in old.events if event.kind == "split"] == [new.reference]
    assert [event.kind for event in new.events][:2] == ["split", "routed"]


def test_it_goes_where_its_own_words_belong_and_else_to_the_same_school(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    elsewhere, same = write(desk, ticket, OTHER_CHILD), write(desk, ticket, "Et le mot de passe oublié ?")

    shown = preview(agent, ticket.reference, elsewhere, desk.parts.routing, later(hours=5)).decision.service
    away = desk.read(split_off(desk, agent, ticket, elsewhere))
    near = desk.read(split_off(desk, agent, ticket, same))

    assert (away.academy, away.service.slug, away.school_commune) == ("08", shown, "")
    assert (near.academy, near.school_commune, near.school_postal_code) == ("10", "Lyon", "69003")


def test_the_place_that_a_mail_named_is_known_for_its_second_message_too(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket("Mon fils est au collège à Sète (34200), il ne se connecte pas.", school=SchoolHint())
    there = desk.agent(ticket.service.slug, name="Basile Essai")

    new = desk.read(split_off(desk, there, ticket, write(desk, ticket, "Et le mot de passe oublié ?")))

    assert (ticket.academy, new.academy) == ("11", "11")


def test_the_person_has_waited_since_the_message_came_and_is_told_the_new_number(
    desk: Desk, agent: Agent, mailer: MemoryMailer
) -> None:
    ticket = desk.ticket()
    message = write(desk, ticket, "Et le mot de passe oublié ?", 2)

    new = desk.read(split_off(desk, agent, ticket, message))

    assert new.received_at == later(hours=2)
    assert new.clock_since == later(hours=2)
    deliver_due(mailer, desk.parts.letters, later(hours=5))
    assert new.reference in text_of(mailer.sent[-1])


def test_the_mail_it_came_by_goes_along_so_that_the_next_one_finds_it(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    message = write(desk, ticket, "Et le mot de passe oublié ?")
    with transaction() as session:
        kept = {"fingerprint": "f", "sha256": "0" * 64, "size": 0, "kept_at": later(), "due": later()}
        place = {"mailbox": "depot", "ticket_id": ticket.id, "message_row_id": message}
        session.add(IncomingMail(**kept, **place, message_id="<x@example>", outcome=MailOutcome.REPLY))

    new = split_off(desk, agent, ticket, message)

    assert db.session.query(IncomingMail).one().ticket_id == desk.read(new).id


def test_search_finds_its_words_on_the_new_request_alone(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    new = split_off(desk, agent, ticket, write(desk, ticket, "Question sur le trombinoscope."))

    found = queue_page(agent, View.ALL, Filters(text="trombinoscope"), now=later(hours=6)).tickets

    assert [each.reference for each in found] == [new]


def test_a_second_click_changes_nothing(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    message = write(desk, ticket, "Et le mot de passe oublié ?")

    assert split_off(desk, agent, ticket, message) == split_off(desk, agent, ticket, message)
    assert db.session.query(Ticket).count() == 2


def test_merging_puts_the_words_together_again(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket("Premier message.")
    new = split_off(desk, agent, ticket, write(desk, ticket, "Et le mot de passe oublié ?"))

    merge(agent, new, ticket.reference, later(hours=6))

    page = ticket_page(agent, ticket.reference)
    assert [message.text for message in page.messages] == ["Premier message.", "Et le mot de passe oublié ?"]


def test_both_are_counted_once_each(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    split_off(desk, agent, ticket, write(desk, ticket, "Et le mot de passe oublié ?"))

    counts = counts_of_range(db.session(), services_now(db.session()), 1, 100, 2**40)

    assert sum(measured["created"] for measured in counts.values()) == 2


def test_an_answer_to_what_is_not_there_any_more_is_held_back(desk: Desk, agent: Agent) -> None:
    ticket, colleague = desk.ticket(), desk.agent(name="Basile Essai")
    message = write(desk, ticket, "Et le mot de passe oublié ?")
    page = ticket_page(colleague, ticket.reference)
    split_off(desk, agent, ticket, message)

    sending, seen = actions.Sending(told=page.last_event), page.last_seen
    with pytest.raises(Changed):
        actions.reply(colleague, ticket.reference, "Non.", seen=seen, solve=False, now=later(hours=6), sending=sending)


def _merged(agent: Agent, ticket: Ticket, other: Ticket) -> None:
    merge(agent, ticket.reference, other.reference, later(hours=2))


def _unwanted(agent: Agent, ticket: Ticket, _other: Ticket) -> None:
    mark_unwanted(agent, ticket.reference, later(hours=2))


def _archived(agent: Agent, ticket: Ticket, _other: Ticket) -> None:
    actions.close(agent, ticket.reference, "fini", now=later(hours=2))
    archive_closed(Periods(timedelta(days=30), timedelta(days=30)), later(days=90))


@pytest.mark.parametrize(("done", "why"), [(_merged, "fusionnée"), (_unwanted, "indésirable"), (_archived, "archivée")])
def test_nothing_leaves_a_request_that_is_no_more(
    desk: Desk, done: Callable[[Agent, Ticket, Ticket], None], why: str
) -> None:
    agent = desk.agent(role=Role.SUPERVISOR)
    ticket, other = desk.ticket(), desk.ticket()
    message = write(desk, ticket, "Et le mot de passe oublié ?")
    done(agent, ticket, other)

    for act in (
        lambda: split_off(desk, agent, ticket, message),
        lambda: preview(agent, ticket.reference, message, desk.parts.routing, later()),
    ):
        with pytest.raises(IllegalMove, match=why):
            act()


def test_only_a_later_message_of_the_person_on_this_very_request_goes(desk: Desk, agent: Agent) -> None:
    ticket, other = desk.ticket(), desk.ticket()
    write(desk, ticket, "Toujours rien.")
    foreign = write(desk, other, "Et le mot de passe oublié ?")
    actions.note(agent, ticket.reference, "Vu.", now=later(hours=2))
    actions.reply(agent, ticket.reference, "Voici.", seen=2**40, solve=False, now=later(hours=2))
    first, _second, note, answer = (message.id for message in desk.read(ticket.reference).messages)

    for message, why in (
        (first, "premier message"), (note, "réponse ni une note"), (answer, "réponse ni une note"),
        (foreign, "n’est pas de cette demande"), (2**60, "n’est pas de cette demande"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=why):
            split_off(desk, agent, ticket, message)
    assert db.session.query(Ticket).count() == 2


def test_another_services_request_is_not_there(desk: Desk) -> None:
    ticket, stranger = desk.ticket(), desk.agent("assistance-08", name="Basile Essai")
    message = write(desk, ticket, "Et le mot de passe oublié ?")

    with pytest.raises(NotFound):
        split_off(desk, stranger, ticket, message)
    with pytest.raises(NotFound):
        preview(stranger, ticket.reference, message, desk.parts.routing, later())
    assert db.session.query(Message).filter_by(ticket_id=ticket.id).count() == 2
