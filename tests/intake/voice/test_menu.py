"""The menu that the product ships, and menus that are wrong."""

from pathlib import Path

import pytest

from helpdesk.calendars import CalendarBook
from helpdesk.errors import ConfigError
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.phone.voice.loading import Script
from helpdesk.intake.phone.voice.menu import load_menu
from helpdesk.intake.phone.voice.script import LANGUAGES, Place
from helpdesk.intake.phone.voice.slots import next_slots
from helpdesk.intake.phone.voice.sources import place_named, place_of
from helpdesk.intake.phone.voice.states import Ending
from helpdesk.intake.phone.voice.wording import say_day, say_slots
from helpdesk.places import config_dir
from helpdesk.routing.assign import Routing
from helpdesk.routing.decide import decide
from helpdesk.vocabulary import Channel, Priority
from tests.application import MONDAY, later


@pytest.mark.parametrize("ending", [Ending.MESSAGE, Ending.CALL_BACK, Ending.HUNG_UP])
def test_what_a_choice_says_leads_where_that_topic_goes(script: Script, routing: Routing, ending: Ending) -> None:
    """The words around it lead nowhere: neither to another topic nor to another urgency."""
    for topic in (*script.menu.topics, None):
        said = topic.says if topic else ""
        facts = {"ending": ending, "slot": None, "recorded": ending is Ending.MESSAGE, "seconds": 42, "refused": True,
                 "topic": said, "unsaid": script.menu.unsaid, "place": "69", "academy": "académie de Lyon",
                 "answered": True}  # fmt: skip
        text = script.wording.for_agents(facts)
        subject = f"Appel : {said or script.menu.unsaid}"
        school = SchoolHint(postal_code="69")
        incoming = IncomingMessage(Channel.PHONE, "CA1", text, Sender(), subject=subject, school=school)

        decision = decide(incoming, routing.rulebook, routing.geography, today=MONDAY.date(), now=MONDAY)

        assert (decision.service, decision.priority) == ("assistance-10", Priority.NORMAL), text
        assert not topic or not topic.topics or decision.topic in topic.topics, text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("wait = 6", "wait = 0"), "« wait » (« 0 ») : attend un nombre de 1 à 30."),
        (("tries = 3", 'tries = "3"'), "« tries » (« 3 ») : attend un nombre de 1 à 5."),
        (('key = "code"', 'key = "mot-de-passe"'), "deux sujets ont la même « key »"),
        (('topics = ["activation-compte"]', 'topics = ["jardinage"]'), "sujet inconnu « jardinage »"),
        (('en = "something else"', ""), "[[topic]] n° 6 : il manque « en »"),
        (("slots = 3", "slots = 3\ncouleur = 1"), "« couleur » : inconnu."),
        (("[[topic]]", "[[topic"), "phone.toml"),
        (('words = ["danger"', 'words = [3, "danger"'), "[danger] « words » : attend une liste de mots."),
    ],
)
def test_a_wrong_menu_is_refused_with_the_place_of_the_fault(
    routing: Routing, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    text = (config_dir() / "phone.toml").read_text("utf-8")
    (tmp_path / "phone.toml").write_text(text.replace(*change, 1), "utf-8")

    with pytest.raises(ConfigError) as refused:
        load_menu(tmp_path / "phone.toml", [topic.slug for topic in routing.rulebook.lists.topics], LANGUAGES)

    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("figures", "academy"),
    [("69", "10"), ("20", "27"), ("974", "28"), ("97200", "31"), ("59000", "09"), ("988", "40"), ("01", "10")],
)
def test_a_place_is_typed_as_a_number(routing: Routing, figures: str, academy: str) -> None:
    assert place_of(figures, routing.geography) == Place(figures, academy)


@pytest.mark.parametrize("figures", ["", "1", "96", "00000", "999", "6900", "690031"])
def test_figures_that_are_no_place_are_none(routing: Routing, figures: str) -> None:
    assert place_of(figures, routing.geography) is None


@pytest.mark.parametrize(
    ("words", "academy"),
    [("c est dans le nord", "09"), ("toulouse", "16"), ("loire atlantique", "17"), ("euh la reunion", "28")],
)
def test_a_place_is_said_by_its_name(routing: Routing, words: str, academy: str) -> None:
    place = place_named(words, routing.geography)

    assert place is not None
    assert place.academy == academy


def test_slots_are_parts_of_opening_hours(calendar: CalendarBook) -> None:
    """Ten o’clock on a Monday in Paris: somebody may be called from a quarter of an hour after half an hour on."""
    menu_hours, paris = later(hours=4) - MONDAY, calendar.calendar(None, "Europe/Paris")

    slots = next_slots(later(minutes=7), paris, 4, menu_hours)

    said = say_slots([(start.isoformat(), end.isoformat()) for start, end in slots], MONDAY, "Europe/Paris", "fr")
    assert [tuple(slot.values()) for slot in said] == [
        ("aujourd’hui", "10 heures 45", "13 heures"),
        ("aujourd’hui", "13 heures", "17 heures"),
        ("demain", "9 heures", "13 heures"),
        ("demain", "13 heures", "17 heures"),
    ]
    assert say_day(later(days=7).date(), MONDAY.date(), "en") == "on Monday, 30 November"
