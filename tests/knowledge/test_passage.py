"""The part of an answer that is shown under a result."""

import pytest

from helpdesk.knowledge.passage import Piece, best_passage, marked, plain
from helpdesk.knowledge.wordlists import read_synonyms

SYNONYMS = read_synonyms('synonymes = [["mot de passe", "mdp"]]')


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Voir [la page](https://ecole.example/a_b) **ici**.", "Voir la page ici."),
        ("# Titre\n\n- un\n- deux\n\n1. trois", "Titre\n\nun\ndeux\n\ntrois"),
        ("> cité `code` ~~rayé~~", "cité code rayé"),
        ("un_nom_de_fichier et _accent_", "un_nom_de_fichier et accent"),
        ("3 * 4 \\* 5 <br> a < b", "3  4  5   a < b"),
        ('![image](x.png "titre") fin', "image fin"),
        ("", ""),
    ],
)
def test_markup_is_taken_off(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_the_sentence_that_holds_most_of_what_was_asked_is_shown() -> None:
    answer = "Non. Adressez-vous au collège. Le mot de passe vous sera remis au collège.\n\nMerci."

    passage = best_passage(answer, {"mot de pass": 1.0, "colleg": 0.5}, SYNONYMS)

    assert passage == (
        Piece("Le ", False),
        Piece("mot de passe", True),
        Piece(" vous sera remis au ", False),
        Piece("collège", True),
        Piece(".", False),
    )


def test_without_any_of_it_the_first_sentence_is_shown() -> None:
    assert best_passage("Oui. Toujours.", {"mot de pass": 1.0}, SYNONYMS) == (Piece("Oui.", False),)


def test_a_long_sentence_is_cut_at_a_word() -> None:
    (piece,) = best_passage("mots " * 200, {}, SYNONYMS)

    assert len(piece.text) <= 241
    assert piece.text.endswith("mots…")


def test_an_empty_answer_has_no_passage() -> None:
    assert best_passage(" \n", {"mot": 1.0}, SYNONYMS) == ()


def test_the_pieces_together_are_the_text() -> None:
    text = "MDP oublié ? Le mdp, les mots de passe…"

    assert "".join(piece.text for piece in marked(text, {"mot de pass": 1.0}, SYNONYMS)) == text
