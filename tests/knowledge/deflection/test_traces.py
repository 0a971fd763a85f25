"""What is kept of a visitor says nothing of whoever it is; what proposals spare is said only where it is sure."""

from datetime import timedelta

import pytest

from helpdesk.knowledge.deflection.results import PlaceResult
from helpdesk.knowledge.deflection.traces import contact_hash, is_control, search_key, shown_words
from helpdesk.knowledge.readers.figures import share
from helpdesk.knowledge.readers.visits import visitor
from helpdesk.vocabulary import Place
from tests.application import MONDAY

KEY = "k" * 40


def test_an_address_has_another_hash_each_day_however_it_is_written() -> None:
    days = {contact_hash(KEY, MONDAY.date() + timedelta(days=n), "lou@famille.example") for n in range(3)}

    assert len(days) == 3
    assert contact_hash(KEY, MONDAY.date(), " Lou@Famille.example") in days
    assert contact_hash(KEY, MONDAY.date(), " ") == ""


def test_controls_are_drawn_in_the_share_that_is_set_and_stay_so_all_day() -> None:
    visitors = [visitor(KEY, MONDAY.date(), f"192.0.2.{n % 250}", str(n)) for n in range(4000)]

    drawn = sum(is_control(each, 5) for each in visitors)

    assert 150 < drawn < 250  # 200 are expected, 14 is one deviation
    assert not any(is_control(each, 0) for each in visitors)


def test_proposals_spare_requests_where_the_intervals_do_not_meet() -> None:
    def measured(sent: int, control: int) -> PlaceResult:
        nothing = share(0, 1000)
        return PlaceResult(Place.FORM, nothing, share(sent, 1000), nothing, share(control, 1000))

    assert measured(300, 500).spares
    assert not measured(480, 500).spares


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("mon numéro 06 39 98 00 01", "mon numéro [téléphone]"),
        ("compte de lou@famille.example", "compte de [courriel]"),
    ],
)
def test_a_search_leaves_nothing_personal(query: str, kept: str) -> None:
    assert shown_words(query) == kept


def test_searches_that_say_the_same_are_one() -> None:
    fillers = frozenset({"de", "la"})

    assert search_key("Les BOURSES de lycée", fillers) == search_key("les bourse la lycee", fillers)
    assert search_key("de la", fillers) != ""
    assert search_key("?!", fillers) == ""
