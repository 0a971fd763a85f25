"""The French words that repair leans on: listed, named, or regularly made."""

from pathlib import Path

import pytest

from helpdesk.errors import ConfigError
from helpdesk.knowledge.lexicon import Lexicon, load, read_words


@pytest.fixture
def small() -> Lexicon:
    return Lexicon({"élève": 50, "élevé": 90, "activer": 40, "scolaire": 30}, ["élève", "SIECLE", "EduConnect"])


def test_words_of_the_field_go_before_commoner_ones(small: Lexicon) -> None:
    assert small.spellings("eleve") == ("élève", "élevé")


def test_names_are_known_as_written_and_found_by_their_letters(small: Lexicon) -> None:
    assert small.knows("SIECLE")
    assert not small.knows("siecle")
    assert small.name("educonnect") == "EduConnect"


@pytest.mark.parametrize("word", ["élèves", "activerons", "activation", "réactivation", "périscolaire", "scolaires"])
def test_words_regularly_made_of_listed_ones_are_known(word: str, small: Lexicon) -> None:
    assert small.knows(word)


@pytest.mark.parametrize("word", ["éleve", "actvation", "scolaireest", "xyzation"])
def test_damaged_words_are_not(word: str, small: Lexicon) -> None:
    assert not small.knows(word)


def test_a_word_file_may_hold_comments_and_several_words_a_line() -> None:
    assert read_words("# noms\nENT DRANE # sigles\n\nwebinaire\nENT") == ("ENT", "DRANE", "webinaire")


def test_a_word_file_that_cannot_be_read_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"words\.txt"):
        load(tmp_path / "words.txt")
