"""The words by which tickets are found follow what is written, on both databases alike."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.models import Ticket, Unread
from helpdesk.tickets import actions, search_index
from helpdesk.tickets.actions import Sending
from helpdesk.tickets.erasing import erase
from helpdesk.tickets.search_index import TICKETS, holds
from helpdesk.tickets.search_terms import Field, Term, stems_of, vector
from helpdesk.tickets.taking_back import take_back
from tests.application import Desk


def found(*asked: str, field: Field | None = None) -> set[str]:
    """References of the tickets that hold each of these, as phrases."""
    terms = [Term(tuple(stems_of(each)), field) for each in asked]
    db.session.rollback()
    return set(db.session.scalars(select(Ticket.reference).where(holds(db.session(), terms))))


def test_a_ticket_is_found_by_all_that_is_written_on_it_in_whatever_form(desk: Desk) -> None:
    agent = desk.agent()
    ticket = desk.ticket(
        "Je n’ai jamais reçu le code d’activation.",
        subject="Compte bloqué",
        sender=Sender("Zoé Imaginée", "zoe@famille.example", "+33639981234"),
        files=(IncomingFile("livret-de-famille.pdf", "application/pdf", b"%PDF-1.4"),),
    )
    desk.ticket("Un autre sujet.")
    actions.reply(agent, ticket.reference, "Votre numéro est corrigé.", seen=2**40, solve=False, now=utc_now())
    actions.note(agent, ticket.reference, "Vu avec la principale.", now=utc_now())

    for asked in ("CODES", "activations", "comptes bloqués", "zoe imaginee", "zoe@famille.example", "33639981234"):
        assert found(asked) == {ticket.reference}, asked
    for asked in ("livret", "numéro est corrigé", "principale", ticket.reference):
        assert found(asked) == {ticket.reference}, asked
    assert found("livret", field=Field.FILES) == found("imaginée", field=Field.WHO) == {ticket.reference}
    assert found("livret", field=Field.WHO) == found("activation code") == set()
    # The end of one text and the beginning of the next are no phrase.
    assert found("activation votre") == set()


def test_what_is_undone_leaves_no_words(desk: Desk) -> None:
    reference = desk.ticket().reference

    def undone() -> None:
        with transaction() as session:
            session.scalars(select(Ticket).where(Ticket.reference == reference)).one().subject = "Introuvable"
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()

    assert found("introuvable") == set()


def test_an_answer_that_was_taken_back_is_found_no_more(desk: Desk) -> None:
    agent, ticket, now = desk.agent(), desk.ticket(), utc_now()
    undo = Sending(undo=timedelta(minutes=1))
    sent = actions.reply(agent, ticket.reference, "Un girafon.", seen=2**40, solve=False, now=now, sending=undo)
    assert found("girafon") == {ticket.reference}

    take_back(agent, ticket.reference, sent, now)

    assert found("girafon") == set()


def test_an_erased_ticket_is_found_by_no_word(desk: Desk) -> None:
    reference = desk.ticket(subject="Effacez-moi").reference

    with transaction() as session:
        erase(session, session.scalars(select(Ticket)).all(), utc_now())

    assert found("effacez") == found("lou") == found(reference) == set()


def test_tickets_from_before_the_index_are_read_some_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 2)
    tickets = [desk.ticket(subject=f"Ancienne {number}").id for number in range(5)]
    with transaction() as session:
        session.execute(text("DELETE FROM ticket_search"))
        session.add(Unread(name=TICKETS, below=tickets[-1] + 1))

    assert search_index.read_old(2) == 2
    assert len(found("ancienne")) == 2
    assert search_index.still_unread(db.session())
    assert search_index.read_old() == 3
    assert len(found("ancienne")) == 5
    assert not search_index.still_unread(db.session())
    assert search_index.read_old() == 0


def test_more_words_than_a_row_of_postgresql_holds_are_left_out_and_the_first_ones_found(postgresql_url: str) -> None:
    """Ten thousand different words of thirty letters, four bytes each: a mail may have them."""
    letters = "".join(map(chr, range(0x10428, 0x10428 + 36)))
    words = [f"{letters[n % 36]}{letters[n // 36 % 36]}{letters[n // 1296]}{letters[:27]}" for n in range(10_000)]

    written = vector({Field.WHO: ["lou"], Field.SAID: [*words, *words]})

    with psycopg.connect(postgresql_url) as connection:
        row = connection.execute(b"SELECT tsv @@ 'lou:A', length(tsv) FROM CAST(%s AS tsvector) AS tsv", [written])
        found_first, held = row.fetchone() or (False, 0)
    assert found_first
    assert 7_000 < held < 10_000
