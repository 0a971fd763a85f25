"""Words as search sees them."""

import pytest

from helpdesk.knowledge.language import sound
from helpdesk.stems import stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’élève n’a plus d’ENT", ["l", "eleve", "n", "a", "plus", "d", "ent"]),
        ("EduConnect/ENT : mot-de-passe", ["educonnect", "ent", "mot", "de", "passe"]),
        ("Les vœux de ma sœur", ["les", "voeux", "de", "ma", "soeur"]),
        ("ÉDUCONNECT", ["educonnect"]),
        ("snake_case 🙂 ½ n°", ["snake", "case", "12", "n"]),
        ("كلمة السر", ["كلمة", "السر"]),
        ("", []),
    ],
)
def test_a_text_is_its_folded_words(text: str, expected: list[str]) -> None:
    assert [word.folded for word in words(text)] == expected


def test_a_word_knows_where_it_stands_in_the_text() -> None:
    text = "Où est l’œuvre ?"

    assert [text[word.start : word.end] for word in words(text)] == ["Où", "est", "l", "œuvre"]


def test_only_as_many_words_are_read_as_asked() -> None:
    assert len(words("mot " * 10_000, limit=80)) == 80


def test_a_run_of_letters_that_is_no_word_is_left_out() -> None:
    assert [word.folded for word in words("a" * 10_000 + " compte")] == ["compte"]


@pytest.mark.parametrize(
    "forms",
    [
        ["notifier", "notifie", "notifies", "notification", "notifications"],
        ["activer", "active", "activent", "activation"],
        ["enseignant", "enseignants", "enseignante"],
        ["oublier", "oublie", "oubli"],
        ["compte", "comptes"],
    ],
)
def test_forms_of_one_word_share_their_stem(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_words_apart_keep_their_own_stems() -> None:
    assert len({stem(word) for word in ("compte", "mot", "passe", "notifier", "activer", "enfant", "eleve")}) == 7


@pytest.mark.parametrize(
    ("right", "by_ear"),
    [
        ("telephone", "telefone"),
        ("connexion", "conexion"),
        ("comment", "koman"),
        ("enseignants", "ensaignants"),
        ("renouveler", "renouveller"),
        ("compte", "conte"),
        ("assistance", "assistense"),
        ("strategie", "stratejie"),
        ("changement", "changemant"),
    ],
)
def test_a_word_written_by_ear_sounds_like_the_right_one(right: str, by_ear: str) -> None:
    assert sound(right) == sound(by_ear)


def test_words_that_sound_apart_are_told_apart() -> None:
    assert len({sound(word) for word in ("parent", "portable", "compte", "enfant", "eleve", "cantine", "bourse")}) == 7
