"""Where every door leads: each message becomes one ticket, or joins one, and nothing is lost on the way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import IllegalMove
from helpdesk.intake.message import IncomingFile, IncomingMessage, Sender
from helpdesk.intake.receive import Receipt, receive, receive_on
from helpdesk.models import Attachment, Event, Message, Outgoing, Person, Ticket
from helpdesk.routing.decision import Decision
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Status
from tests.application import MONDAY, Desk, later


def count(table: type) -> int:
    db.session.rollback()  # look at what others committed meanwhile
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_request_becomes_a_ticket_of_the_right_service_with_its_reason(desk: Desk) -> None:
    receipt = desk.receive(desk.message("Je n’arrive pas à activer mon compte, le code SMS n’arrive jamais."))

    ticket = desk.read(receipt.reference)
    assert receipt.new
    assert (ticket.academy, ticket.service.slug, ticket.status) == ("10", "assistance-10", Status.NEW)
    decision = Decision.from_json(next(event.data for event in ticket.events if event.kind == history.ROUTED))
    assert decision.academy == "10"
    assert "69003" in {clue.words for clue in decision.clues}
    assert decision.because


def test_its_acknowledgement_waits_in_the_outbox(desk: Desk) -> None:
    ticket = desk.ticket()

    row = db.session.scalars(select(Outgoing)).one()

    assert (row.kind, row.ticket_id, row.to_address) == ("acknowledgement", ticket.id, "lou@famille.example")


def test_without_an_address_there_is_a_ticket_and_no_mail(desk: Desk) -> None:
    ticket = desk.ticket(sender=Sender("Anoki Conte", "", "+262639010203"))

    assert ticket.sender_phone == "+262639010203"
    assert count(Outgoing) == 0


def test_the_same_message_again_is_the_same_ticket(desk: Desk) -> None:
    incoming = desk.message()
    first = desk.receive(incoming)

    again = desk.receive(incoming)

    assert again.reference == first.reference
    assert again.repeated
    assert (count(Ticket), count(Message), count(Outgoing)) == (1, 1, 1)


def received_at_once(desk: Desk, messages: list[IncomingMessage]) -> list[Receipt]:
    """Each message in a thread of its own, all at the same moment; an error in one is raised here."""
    start = threading.Barrier(len(messages))

    def send(incoming: IncomingMessage) -> Receipt:
        with desk.app.app_context():
            start.wait()
            try:
                return receive(incoming, desk.parts.routing, desk.parts.files, MONDAY)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(send, messages))


def test_the_same_message_at_the_same_moment_is_one_ticket(desk: Desk) -> None:
    incoming = desk.message()
    receipts = received_at_once(desk, [incoming] * 6)

    assert len({receipt.reference for receipt in receipts}) == 1
    assert [receipt.new for receipt in receipts].count(True) == 1
    assert (count(Ticket), count(Message), count(Outgoing)) == (1, 1, 1)


def test_somebody_new_who_writes_twice_at_the_same_moment_is_one_person(desk: Desk) -> None:
    receipts = received_at_once(desk, [desk.message(f"Question {number}.") for number in range(2)])

    assert len({receipt.reference for receipt in receipts}) == 2
    assert (count(Ticket), count(Person), count(Outgoing)) == (2, 1, 2)


def test_other_words_under_a_known_id_are_told_apart(desk: Desk) -> None:
    incoming = desk.message("Premier texte.")
    desk.receive(incoming)

    receipt = desk.receive(replace(incoming, text="Autre texte."))

    assert not receipt.new
    assert not receipt.repeated
    assert count(Message) == 1


def test_a_password_never_reaches_the_database(desk: Desk) -> None:
    ticket = desk.ticket("Bonjour, mon mot de passe est Soleil2024! et ça ne marche pas.")

    assert "Soleil2024" not in ticket.messages[0].text
    assert "Soleil2024" not in str([event.data for event in ticket.events])
    assert "Soleil2024" not in ticket.subject
    assert history.MASKED in {event.kind for event in ticket.events}


def test_controls_and_nul_are_left_out(desk: Desk) -> None:
    ticket = desk.ticket("Bonjour\x00\x07, ça ne marche pas\u202e\u2067.")

    assert ticket.messages[0].text == "Bonjour, ça ne marche pas."


def test_a_file_is_kept_by_its_bytes_and_typed_by_them(desk: Desk) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"pixels"

    ticket = desk.ticket(files=(IncomingFile("écran.exe", "application/x-msdownload", picture),))

    attachment = db.session.scalars(select(Attachment)).one()
    assert attachment.message_id == ticket.messages[0].id
    assert (attachment.name, attachment.content_type, attachment.size) == ("écran.exe", "image/png", len(picture))
    assert desk.parts.files.read(attachment.sha256) == picture


def test_the_same_address_is_the_same_person_under_the_name_of_each_message(desk: Desk) -> None:
    first = desk.ticket(sender=Sender("Lou Inventé", "parents@famille.example"))

    second = desk.ticket(sender=Sender("Sam Inventé", "parents@famille.example"))

    assert first.person_id == second.person_id
    assert (desk.read(first.reference).sender_name, second.sender_name) == ("Lou Inventé", "Sam Inventé")
    assert count(Person) == 1


def test_two_people_are_never_joined_by_a_message_that_names_both(desk: Desk) -> None:
    by_mail = desk.ticket(sender=Sender("Lou", "lou@famille.example"))
    by_phone = desk.ticket(sender=Sender("Sam", "", "+33639980001"))

    both = desk.ticket(sender=Sender("Lou", "lou@famille.example", "+33639980001"))

    assert both.person_id == by_mail.person_id
    assert desk.read(by_phone.reference).person_id != by_mail.person_id


def test_a_word_from_the_person_opens_a_solved_request_again(desk: Desk) -> None:
    ticket = desk.ticket()
    actions.solve(desk.agent(), ticket.reference, now=later(hours=1))

    receive_on(
        ticket.reference,
        desk.message("Toujours pas."),
        desk.parts.files,
        reopen_within=timedelta(days=30),
        now=later(days=2),
    )

    ticket = desk.read(ticket.reference)
    assert (ticket.status, ticket.solved_at) == (Status.OPEN, None)
    assert [message.text for message in ticket.messages][-1] == "Toujours pas."


def test_long_after_closing_a_word_is_refused_and_not_half_kept(desk: Desk) -> None:
    ticket = desk.ticket()
    actions.close(desk.agent(), ticket.reference, "doublon", now=later(hours=1))

    with pytest.raises(IllegalMove):
        receive_on(
            ticket.reference,
            desk.message("Bonjour ?"),
            desk.parts.files,
            reopen_within=timedelta(days=30),
            now=later(days=40),
        )

    assert desk.read(ticket.reference).status is Status.CLOSED
    assert count(Message) == 1


def test_every_event_is_kept_in_order(desk: Desk) -> None:
    ticket = desk.ticket()

    kinds = db.session.scalars(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.id)).all()

    assert list(kinds) == [history.RECEIVED, history.ROUTED]
