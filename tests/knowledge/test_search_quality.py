"""What search owes to parents, measured on queries; half of them were kept apart while it was tuned."""

import pytest

from helpdesk.knowledge.index import Index
from helpdesk.places import config_dir
from tests.knowledge.search_score import HALVES, Score, index_of, load, score, slugs


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(config_dir() / "faq" / "educonnect.md")


@pytest.fixture(scope="module", params=HALVES)
def measured(request: pytest.FixtureRequest, index: Index) -> Score:
    return score(index, load(request.param))


def test_the_first_result_is_the_right_one_85_times_in_100(measured: Score) -> None:
    assert measured.first >= 0.85


def test_the_right_one_is_among_three_95_times_in_100(measured: Score) -> None:
    assert measured.first_three >= 0.95


def test_when_nothing_fits_this_is_said_80_times_in_100(measured: Score) -> None:
    assert measured.says_nothing >= 0.80


def test_it_is_wrongly_said_5_times_in_100_at_most(measured: Score) -> None:
    assert measured.wrongly_nothing <= 0.05


def test_accents_never_change_the_first_three(measured: Score) -> None:
    assert measured.same_without_accents == 1


def test_each_half_asks_about_every_entry_and_about_other_things(index: Index) -> None:
    for half in HALVES:
        queries = load(half)
        assert {name for query in queries for name in query.expect} == set(slugs(index))
        assert sum(not query.expect for query in queries) >= 0.15 * len(queries)


def test_no_query_is_in_both_halves() -> None:
    tuned, held_out = ({query.query.casefold() for query in load(half)} for half in HALVES)

    assert not tuned & held_out
