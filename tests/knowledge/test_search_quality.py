"""What search owes to parents, measured on queries, some of them kept apart while it was tuned."""

import pytest

from helpdesk.knowledge.index import Index
from helpdesk.knowledge.ranking import ENOUGH
from helpdesk.places import config_dir
from tests.knowledge.search_score import SETS, Score, index_of, load, score, slugs
from tests.knowledge.search_threshold import best, judge


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(config_dir() / "faq" / "educonnect.md")


@pytest.fixture(scope="module", params=SETS)
def measured(request: pytest.FixtureRequest, index: Index) -> Score:
    """Of the tuned ones a fourth, which is enough to see that they are not lost."""
    return score(index, load(request.param)[:: 4 if request.param == "tuned" else 1])


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


def test_the_threshold_is_the_one_that_the_queries_ask_for(index: Index) -> None:
    assert best(judge(index, one_in=2)) == pytest.approx(ENOUGH, rel=0.3)


def test_each_set_asks_about_every_entry_and_about_other_things(index: Index) -> None:
    for name in SETS:
        queries = load(name)
        assert {entry for query in queries for entry in query.expect} == set(slugs(index))
        assert sum(not query.expect for query in queries) >= 0.15 * len(queries)


def test_no_query_is_in_two_sets() -> None:
    asked = [query for name in SETS for query in {query.query.casefold() for query in load(name)}]

    assert len(asked) == len(set(asked))
