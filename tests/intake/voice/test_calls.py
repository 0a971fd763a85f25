"""Whole calls, as the provider drives them: every path of the menu, and what each leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.intake.phone.voice import line
from helpdesk.intake.phone.voice.codes import code_of
from helpdesk.intake.phone.voice.hearing import Heard
from helpdesk.intake.phone.voice.states import Ending
from helpdesk.knowledge.readers import banners
from helpdesk.models import Article, Call, CallBack, Recording, Section, Ticket, Translation
from helpdesk.tickets import history
from helpdesk.tickets.calls.plan import CallBackReason
from helpdesk.tickets.references import spell
from helpdesk.vocabulary import Channel, Priority, Readers, Role
from tests.application import MONDAY, Desk, later
from tests.intake.voice.provider import Caller, read_twiml


def call_of(caller: Caller) -> Call:
    db.session.rollback()
    return db.session.scalars(select(Call).where(Call.sid == caller.sid)).one()


def ticket_of(caller: Caller) -> Ticket:
    ticket = call_of(caller).ticket
    assert ticket is not None
    return ticket


def call_backs() -> list[CallBack]:
    db.session.rollback()
    return list(db.session.scalars(select(CallBack)))


def add_spoken_answer(french: str, english: str = "") -> None:
    with transaction() as session:
        article = Article(slug="oublie", readers=Readers.FAMILIES, position=1, question="?", answer="!")
        article.section = Section(slug="s", title="S", position=1)
        article.topics, article.spoken = "mot-de-passe-responsable", french
        session.add(article)
        session.flush()
        said = {"question": "?", "answer": "!", "spoken": english, "number": 1, "of_number": 1, "changed_at": MONDAY}
        session.add(Translation(article_id=article.id, language="en", **said))


def to_choice(caller: Caller, place: str = "69", topic: str = "1") -> Caller:
    return caller.ring().press(place).press("1").press(topic)


def test_a_message_after_the_tone_is_a_ticket_of_the_right_academy(caller: Caller) -> None:
    to_choice(caller).press("1")
    assert "va être enregistré" in caller.says
    caller.wait().record("RE7", 42)

    ticket = ticket_of(caller)
    assert (ticket.channel, ticket.service.slug, ticket.topic) == (
        Channel.PHONE, "assistance-10", "mot-de-passe-responsable",
    )  # fmt: skip
    assert ticket.sender_phone == "+33639981234"
    assert ticket.school_postal_code == "69"
    assert "42 secondes" in ticket.messages[0].text
    assert db.session.scalars(select(Recording)).one().message_id == ticket.messages[0].id
    assert caller.says.count(spell(ticket.reference)) == 2
    assert caller.over
    assert call_of(caller).ending is Ending.MESSAGE


def test_who_refuses_the_recording_is_called_back_at_the_hour_they_chose(caller: Caller) -> None:
    to_choice(caller).press("1").press("2")
    assert "Quand pouvons-nous vous rappeler" in caller.says
    caller.press("2")

    (call_back,) = call_backs()
    assert call_back.reason is CallBackReason.NOT_RECORDED
    assert call_back.number == "+33639981234"
    assert call_back.slot_from is not None
    assert "n’a pas voulu être enregistrée" in ticket_of(caller).messages[0].text
    assert db.session.scalar(select(Recording)) is None
    assert "vous rappellera" in caller.says


def test_as_soon_as_possible_is_a_call_back_without_a_slot(caller: Caller) -> None:
    to_choice(caller).press("2").press("4")

    (call_back,) = call_backs()
    assert (call_back.reason, call_back.slot_from) == (CallBackReason.ASKED, None)
    assert "dès que possible" in caller.says


def test_a_withheld_number_is_asked_for(app: Flask) -> None:
    caller = to_choice(Caller(app, number="anonymous")).press("2")
    assert "masqué" in caller.says
    caller.press("0639981299").press("1")

    (call_back,) = call_backs()
    assert call_back.number == ticket_of(caller).sender_phone == "+33639981299"


def test_the_spoken_answer_may_be_all_that_was_needed(caller: Caller) -> None:
    add_spoken_answer("Sur la page de connexion, choisissez « mot de passe oublié ».")

    to_choice(caller)
    assert "choisissez « mot de passe oublié »" in caller.says
    caller.press("*")
    assert "choisissez « mot de passe oublié »" in caller.says
    caller.press("1")

    assert caller.over
    assert call_of(caller).ending is Ending.ANSWERED
    assert db.session.scalar(select(Ticket)) is None


def test_a_spoken_answer_that_did_not_help_is_told_to_the_agent(caller: Caller) -> None:
    add_spoken_answer("Essayez la page de connexion.")

    to_choice(caller).press("2").press("2").press("4")

    assert "Une réponse de la FAQ a été lue, sans suffire." in ticket_of(caller).messages[0].text


def test_the_whole_call_in_english(caller: Caller) -> None:
    add_spoken_answer("En français.", "Choose « forgotten password ».")

    caller.ring().press("9")
    assert "press 2" not in caller.says
    assert "This is the EduConnect helpdesk" in caller.says
    caller.press("33000")
    assert "académie of Bordeaux" in caller.says
    caller.press("1").press("1")
    assert "forgotten password" in caller.says
    caller.press("2").press("1").wait().record()

    ticket = ticket_of(caller)
    assert (ticket.language, ticket.service.slug) == ("en", "assistance-04")
    assert caller.says.count("E for Echo, C for Charlie") == 2


def test_danger_is_one_key_away(caller: Caller) -> None:
    caller.ring().press("8")

    for number in ("17", "112", "119", "30 18"):
        assert number in caller.says
    ticket = ticket_of(caller)
    assert (ticket.priority, ticket.topic) == (Priority.URGENT, "urgence-protection")
    assert call_backs()[0].ticket_id == ticket.id


def test_a_place_may_be_said(caller: Caller) -> None:
    assert "académie de Lille" in caller.ring().say("C’est dans le Nord.").says


@pytest.mark.parametrize("keys", ["99", "123456789012345678901234567890123456789"])
def test_figures_that_are_no_place_are_asked_for_again(caller: Caller, keys: str) -> None:
    caller.ring().press(keys)

    assert "Je n’ai pas compris. Tapez le numéro du département" in caller.says


def test_silence_leads_to_a_message_and_then_to_a_call_back(caller: Caller) -> None:
    caller.ring()

    for _ in range(3):
        caller.wait()
    assert "Laissez plutôt un message" in caller.says
    caller.wait()
    assert caller.records
    caller.wait().wait()

    assert caller.over
    assert call_of(caller).ending is Ending.CALL_BACK
    assert call_backs()[0].reason is CallBackReason.HUNG_UP


def test_zero_goes_back_to_another_topic(caller: Caller) -> None:
    to_choice(caller, topic="1").press("0").press("4").press("2").press("4")

    assert ticket_of(caller).topic == "rattachement-enfants"


def test_a_wrong_academy_is_taken_back(caller: Caller) -> None:
    caller.ring().press("69").press("2").press("59").press("1").press("6").press("2").press("4")

    assert ticket_of(caller).service.slug == "assistance-09"


def test_hanging_up_after_the_menu_is_a_call_back(caller: Caller) -> None:
    to_choice(caller).hang_up()

    assert call_of(caller).ending is Ending.HUNG_UP
    assert call_backs()[0].reason is CallBackReason.HUNG_UP


def test_hanging_up_before_the_menu_leaves_nothing_to_do(caller: Caller) -> None:
    caller.ring().press("69").hang_up()

    assert call_of(caller).ending is Ending.SILENT
    assert db.session.scalar(select(Ticket)) is None


def test_a_call_of_which_nothing_more_is_heard_comes_to_its_end(caller: Caller, desk: Desk) -> None:
    to_choice(caller)
    later_on = datetime.now(UTC) + timedelta(hours=1)

    assert line.end_lost(desk.parts, later_on) == 1
    assert line.end_lost(desk.parts, later_on) == 0
    assert call_backs()[0].ticket_id == ticket_of(caller).id


def test_an_error_of_the_line_is_kept_and_asks_for_a_message(caller: Caller) -> None:
    to_choice(caller)

    caller.follow("/telephone/appel/panne", ErrorCode="11200", ErrorUrl="https://example.org/")

    assert "problème technique" in caller.says
    caller.hang_up()
    assert call_of(caller).error == "11200"
    assert call_backs()[0].reason is CallBackReason.LINE_FAILED


def test_offices_that_are_closed_say_when_they_open(desk: Desk) -> None:
    saturday = later(days=5)  # the 28th of November

    said = " ".join(each.text or "" for each in read_twiml(line.ring(desk.parts, "CA1", "", saturday)).iter("Say"))

    assert "Ils ouvrent lundi 30 novembre à 9 heures." in said
    assert "Nos bureaux" not in line.ring(desk.parts, "CA2", "", MONDAY)


def test_slots_are_hours_of_the_service(desk: Desk) -> None:
    """At La Réunion it is one in the afternoon when it is ten in Paris."""
    for turn, keys in enumerate(("974", "1", "1", "2")):
        said = line.hear(desk.parts, "CA1", "+33639981234", turn, Heard(keys), MONDAY)

    assert "aujourd’hui, entre 13 heures 30 et 17 heures, tapez 1" in said


@pytest.mark.parametrize(("number", "joins"), [("+33639981234", True), ("+33639985678", False)])
def test_a_call_code_brings_the_call_to_its_ticket(app: Flask, desk: Desk, number: str, joins: bool) -> None:
    first = Caller(app)
    ticket = ticket_of(to_choice(first).press("1").wait().record())

    caller = Caller(app, number, sid="CA2").ring().press(code_of(ticket.id))
    assert "une demande que vous nous avez déjà faite" in caller.says
    caller.press("1").wait().record("RE2")

    assert (ticket_of(caller).id == ticket.id) is joins
    assert len(desk.read(ticket.reference).messages) == (2 if joins else 1)
    assert ticket.reference not in caller.says
    assert spell(ticket.reference) not in caller.says
    linked = [event.kind for event in desk.read(ticket.reference).events].count(history.LINKED)
    assert linked == (0 if joins else 1)


def test_a_call_code_with_a_wrong_figure_is_no_code(app: Flask, desk: Desk, caller: Caller) -> None:
    code = code_of(desk.ticket().id)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)

    assert "Je n’ai pas compris" in caller.ring().press(wrong).says


def test_an_incident_is_told_to_those_it_concerns(caller: Caller, desk: Desk) -> None:
    national = desk.agent("triage-national", role=Role.SUPERVISOR)
    for text, academies in (("Les codes par SMS arrivent tard partout.", ()), ("L’ENT de Lyon est arrêté.", ("10",))):
        notice = banners.Notice(text, "In English.", academies, (), MONDAY - timedelta(days=400), None)
        banners.write(national, None, notice, revision=0, now=MONDAY)

    assert "Les codes par SMS arrivent tard partout." in caller.ring().says
    assert "Lyon est arrêté" not in caller.says
    caller.press("69").press("1")
    assert "L’ENT de Lyon est arrêté." in caller.says
    assert "arrivent tard partout" not in caller.says
