"""How expressions of the configuration are found: parts, families, denials, endings, slips of the keyboard."""

import pytest

from helpdesk.routing.expressions import Language, parse_expression
from helpdesk.routing.hits import Key
from helpdesk.routing.lexicon import Lexicon
from helpdesk.routing.spelling import Mender, sound, stem

LANGUAGE = Language(
    links=frozenset(["de", "du", "ne", "n"]),
    small=frozenset(["le", "la", "mon", "ma", "un", "l", "j", "ai", "je", "en"]),
    denials=frozenset(["pas", "jamais"]),
    denials_ahead=frozenset(["aucun", "sans"]),
    before_plus=frozenset(["ai"]),
    breaks=frozenset(["je", "j", "mais"]),
    undone=frozenset(["perdu"]),
    abbreviations={"mdp": ("mot", "de", "passe"), "jé": ("j", "ai")},
)
FAMILIES = {"CODE": ["code", "sms"], "MDP": ["mot de passe", "password"]}


def found(expression: str, text: str) -> list[str]:
    """The words of `text` in which an expression is found."""
    lexicon = Lexicon([(Key("topic", "any", "strong"), expression)], FAMILIES, LANGUAGE)
    return [hit.words for hit in lexicon.find(text)]


@pytest.mark.parametrize(
    ("expression", "text", "words"),
    [
        ("mot de passe", "J'ai perdu mon mot de passe.", ["mot de passe"]),
        ("mot de passe", "mot passe oublié", ["mot passe"]),
        ("mot de passe", "mon MDP", ["MDP"]),
        ("perdu + MDP", "mon password, je l'ai perdu", ["password, je l'ai perdu"]),
        ("renouvel*", "à renouveler d'urgence", ["renouveler"]),
        ("bourse", "les BOURSES", ["BOURSES"]),
        ("identifiant", "mon idantifian", ["idantifian"]),
        ("bloqué", "bloquéééé", ["bloquéééé"]),
    ],
)
def test_an_expression_is_found_as_people_write_it(expression: str, text: str, words: list[str]) -> None:
    assert found(expression, text) == words


@pytest.mark.parametrize(
    "text", ["je n'ai pas reçu le code", "code jamais reçu", "aucun sms reçu", "le code n'est pas reçu"]
)
def test_a_denied_word_is_found_before_and_after_what_denies_it(text: str) -> None:
    assert found("CODE + pas reçu", text)


@pytest.mark.parametrize("text", ["j'ai reçu le code", "je ne sais pas mais j'ai reçu le code"])
def test_a_denied_word_is_not_found_where_it_is_not_denied(text: str) -> None:
    assert not found("CODE + pas reçu", text)


def test_what_was_not_lost_is_not_found_as_lost() -> None:
    assert not found("perdu + MDP", "je n'ai pas perdu mon mot de passe")


def test_plus_denies_only_where_it_does_in_french() -> None:
    assert found("pas MDP", "je n'ai plus mon mot de passe")
    assert not found("pas MDP", "de plus, mon mot de passe")


def test_words_of_a_part_stay_in_one_clause() -> None:
    assert not found("mot de passe", "un mot, passe")


def test_parts_that_stand_far_apart_say_nothing_together() -> None:
    assert not found("perdu + MDP", "perdu. " + "et encore autre chose " * 10 + "mot de passe")


@pytest.mark.parametrize("word", ["cours", "menage", "code"])
def test_a_french_word_is_never_taken_for_another(word: str) -> None:
    assert Mender(["coups", "menace", "mode", "bourse"]).mend(word) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("conecter", "connecter"), ("konexion", "connexion"), ("nesance", "naissance"), ("telefone", "telephone")],
)
def test_a_misspelt_word_finds_the_one_it_sounds_like(written: str, meant: str) -> None:
    assert Mender(["connecter", "connexion", "naissance", "telephone"]).mend(written) == meant


def test_plural_and_feminine_are_the_same_word_but_not_any_ending() -> None:
    assert stem("perdues") == stem("perdu")
    assert stem("coupe") != stem("coups")
    assert sound("conexion") == sound("konexion")


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("CODES + reçu", "la famille « CODES » n’existe pas"),
        ("ab*", "trois lettres avant l’étoile"),
        ("code + ", "il manque un mot"),
        ("le", "mot trop courant"),
    ],
)
def test_an_expression_that_cannot_be_read_says_why(expression: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("*", r"\*")):
        parse_expression(expression, FAMILIES, LANGUAGE)
