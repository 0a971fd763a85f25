"""What a person may ask: to see all that is held, and to have it erased; as an administrator does it."""

import json

import pytest
from sqlalchemy import func, select

from helpdesk.cli.main import main
from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.models import Address, Call, Person
from helpdesk.people.rights import erase_person, held_on
from helpdesk.tickets import actions, drafts, history
from helpdesk.vocabulary import Channel, Role, Status
from tests.application import Desk, later

LOU = "lou@famille.example"


def test_the_export_holds_all_that_was_said_and_done(desk: Desk) -> None:
    agent = desk.agent()
    picture = IncomingFile("capture.png", "image/png", b"\x89PNG\r\n\x1a\n")
    ticket = desk.ticket("Je n’ai pas reçu le code.", files=(picture,))
    desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"))
    actions.note(agent, ticket.reference, "Rappeler lundi.", now=later(hours=1))
    actions.reply(agent, ticket.reference, "Voici comment faire.", seen=2**40, solve=True, now=later(hours=2))
    drafts.save(agent, ticket.reference, "Et aussi…", seen=2**40, now=later(hours=3))

    held = held_on(" Lou@Famille.example ")

    assert [person["name"] for person in held["persons"]] == ["Lou Inventé"]
    (request,) = held["requests"]
    assert request["reference"] == ticket.reference
    said = [(message["direction"], message["text"]) for message in request["messages"]]
    assert said == [
        ("in", "Je n’ai pas reçu le code."),
        ("note", "Rappeler lundi."),
        ("out", "Voici comment faire."),
    ]
    assert request["messages"][0]["files"] == [{"name": "capture.png", "type": "image/png", "bytes": 8}]
    assert [event["what"] for event in request["history"]][:2] == [history.RECEIVED, history.ROUTED]
    assert [mail["what"] for mail in request["mails"]] == ["acknowledgement", "answer"]
    assert [draft["text"] for draft in request["drafts"]] == ["Et aussi…"]


def test_an_erased_person_is_unknown_and_what_waited_is_closed(desk: Desk) -> None:
    first, second = desk.ticket(), desk.ticket()
    other = desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example"))

    assert erase_person(LOU, later(days=1)) == 2

    for reference in (first.reference, second.reference):
        ticket = desk.read(reference)
        assert (ticket.status, ticket.sender_email, ticket.alarm_at) == (Status.CLOSED, "", None)
        assert [event.kind for event in ticket.events][-2:] == [history.CLOSED, history.ERASED]
    assert desk.read(other.reference).sender_name == "Nour Fictif"
    assert db.session.scalar(select(func.count()).where(Address.value == LOU)) == 0
    with pytest.raises(NotFound):
        held_on(LOU)
    with pytest.raises(NotFound):
        erase_person(LOU, later(days=2))


def test_who_only_called_is_found_by_the_number_as_it_is_written(desk: Desk) -> None:
    number = "+33639981234"
    called = desk.ticket(channel=Channel.PHONE, sender=Sender("Sacha Inventé", phone=number))
    other = desk.ticket(sender=Sender("Nour Fictif", "nour@famille.example", "+33639985678"))
    with transaction() as session:
        session.add(Call(sid="CA1", number=number, talk={"heard": "Lyon"}))

    held = held_on("06 39 98 12 34")

    assert [request["reference"] for request in held["requests"]] == [called.reference]
    assert [call["told"] for call in held["calls_received"]] == [{"heard": "Lyon"}]
    assert erase_person(" 06.39.98.12.34 ", later(days=1)) == 1
    assert desk.read(called.reference).sender_phone == ""
    assert desk.read(other.reference).sender_phone == "+33639985678"
    assert db.session.execute(select(Call.number, Call.talk)).one() == ("", {})
    with pytest.raises(NotFound):
        erase_person(number, later(days=2))


def test_a_person_without_requests_can_be_erased(desk: Desk) -> None:
    agent = desk.agent(role=Role.SUPERVISOR)
    ticket = desk.ticket()
    actions.close(agent, ticket.reference, "doublon", now=later(hours=1))
    erase_person(LOU, later(hours=2))
    nobodies = db.session.scalar(select(func.count()).select_from(Person))

    assert nobodies == 1


@pytest.mark.parametrize("typed", ["", "lou", "lou@", "*", "%@famille.example", "0639", "36 39 98 12 34 56 78 90"])
def test_what_is_no_address_or_nobodys_is_refused_in_words(desk: Desk, typed: str) -> None:
    desk.ticket()

    with pytest.raises(HelpdeskError):
        held_on(typed)
    with pytest.raises(HelpdeskError):
        erase_person(typed, later(days=1))


class TestCommands:
    """`helpdesk privacy …`."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        """What the commands say does not depend on the database."""
        return sqlite_url

    @pytest.fixture(autouse=True)
    def _on_this_site(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", desk.parts.settings.database_url)
        monkeypatch.setenv("DATA_DIR", str(desk.parts.settings.data_dir))

    def test_they_count_before_they_erase(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        ticket = desk.ticket()

        assert main(["privacy", "export", LOU]) == 0
        assert json.loads(capsys.readouterr().out)["requests"][0]["reference"] == ticket.reference
        assert main(["privacy", "erase", LOU, "--dry-run"]) == 0
        assert main(["privacy", "purge", "--dry-run"]) == 0
        assert "Demandes à effacer : 1. Rien n’est changé." in capsys.readouterr().out
        assert desk.read(ticket.reference).sender_email == LOU

        assert main(["privacy", "erase", LOU]) == 0
        assert main(["privacy", "purge"]) == 0
        assert "Demandes effacées : 1." in capsys.readouterr().out
        assert main(["privacy", "export", LOU]) == 2
        assert "Rien n’est gardé" in capsys.readouterr().err
