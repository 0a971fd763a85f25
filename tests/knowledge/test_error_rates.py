"""How well scans are repaired, against originals. `python -m tests.knowledge.error_rate` prints all figures."""

import pytest

from helpdesk.knowledge.importer import read_scan
from helpdesk.knowledge.lexicon import Lexicon
from tests.knowledge.error_rate import cases, original, rate, words_of

CASES = list(cases([1, 2, 3]))


@pytest.mark.parametrize(("name", "damaged"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_less_than_one_character_in_a_hundred_stays_wrong_and_no_question_is_lost(
    name: str, damaged: str, words: Lexicon
) -> None:
    expected = original(name, words)

    document = read_scan(damaged, words).document

    assert len(list(document.questions())) == len(list(expected.questions()))
    assert rate(words_of(document), words_of(expected)) < 0.01


def test_the_damage_is_worth_repairing(words: Lexicon) -> None:
    """The figures above mean something: unrepaired, each document is several times as wrong."""
    for _, name, damaged in CASES:
        unrepaired = " ".join(damaged.replace("\f", " ").split())
        assert rate(unrepaired, words_of(original(name, words))) > 0.02
