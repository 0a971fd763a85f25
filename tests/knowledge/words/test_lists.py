"""The lists of words as an editor types them, and as the file writes them."""

import pytest

from helpdesk.errors import ConfigError
from helpdesk.knowledge.search import shipped_synonyms
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.knowledge.words.in_force import file_text
from helpdesk.knowledge.words.lists import Lists, as_lists, as_toml, changes


def test_lists_come_back_from_the_form_as_they_were_read() -> None:
    text = as_toml(as_lists(file_text()))

    assert read_synonyms(text) == shipped_synonyms()
    assert changes(as_lists(file_text()), as_lists(text)) == {}


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("near", "sans signe", "[proches], ligne 1"),
        ("short", "mdp = a\nmdp = b", "[abreviations], ligne 2"),
        ("groups", "mdp, …", "« … » ne contient aucun mot"),
        ("groups", "u, x\nv, x", "« x », ou sa racine, a deux sens"),
        ("foreign", "a" * 300_000, "trop longues"),
    ],
)
def test_mistakes_are_told_with_their_place(name: str, typed: str, said: str) -> None:
    nothing = Lists("", "", "", "", "", "")

    with pytest.raises(ConfigError) as caught:
        read_synonyms(as_toml(Lists(**(vars(nothing) | {name: typed}))))

    assert said in str(caught.value)


def test_words_may_hold_any_sign() -> None:
    lists = Lists('a"b, c\\d, é\x7f', "", "mdp = mot ]] de = passe", "", "", "")

    assert as_lists(as_toml(lists)) == lists
