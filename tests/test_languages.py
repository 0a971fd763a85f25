"""Pages and mails in French keep a sign with its word; other languages are those of their catalogue."""

import pytest

from helpdesk.languages import catalogue, typeset
from helpdesk.places import translations_dir


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Qui la suit ?", "Qui la suit\u00a0?"),
        ("Erreur : « code » !", "Erreur\u00a0: «\u00a0code\u00a0»\u00a0!"),
        ("à 9:30, https://exemple.fr/?a=1;b", "à 9:30, https://exemple.fr/?a=1;b"),
        ("", ""),
    ],
)
def test_no_line_ends_before_a_sign_that_french_sets_apart(typed: str, set_: str) -> None:
    assert typeset(typed) == set_
    assert typeset(set_) == set_


@pytest.mark.parametrize(("count", "words"), [(0, "%d demande :"), (1, "%d demande :"), (2, "%d demandes :")])
def test_in_french_none_is_singular(count: int, words: str) -> None:
    found = catalogue("fr", translations_dir()).ngettext("%d demande :", "%d demandes :", count)

    assert found == words.replace(" :", "\u00a0:")


def test_english_is_what_its_catalogue_says() -> None:
    assert catalogue("en", translations_dir()).gettext("Faire une demande") != "Faire une demande"
