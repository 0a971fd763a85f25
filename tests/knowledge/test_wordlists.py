"""The lists of words that editors change, and what they do to a text."""

import pytest

from helpdesk.errors import ConfigError
from helpdesk.knowledge.search import load_synonyms
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.places import config_dir
from helpdesk.stems import words

FILE = """
mots-courants = "enfant, compte"
hors-sujet = "cantine, carte de bus"
synonymes = [
  ["mot de passe", "mdp", "password"],
  ["enfant", "fils", "fille", "my son"],
  ["compte"],
]
[proches]
"code" = "mot de passe, SMS"
[abreviations]
"koi" = "quoi"
"jpeu" = "je peux"
[mots-vides]
francais = "mon de la je peux quoi seulement"
anglais = "the my"
"""


def terms(text: str, synonyms: Synonyms | None = None) -> list[str]:
    folded = [word.folded for word in words(text)]
    return [term.text for term in (synonyms or read_synonyms(FILE)).terms(folded)]


@pytest.mark.parametrize("text", ["mot de passe", "Mots de passe", "MDP", "the password"])
def test_words_of_one_meaning_are_one_term(text: str) -> None:
    assert terms(text) == terms("mot de passe")
    assert len(terms(text)) == 1


def test_the_longest_phrase_wins_over_its_words() -> None:
    assert terms("my son") == terms("mon enfant") == terms("fils")
    assert terms("my father") == ["fath"]


def test_fillers_are_left_out_even_if_they_share_a_root_with_a_word() -> None:
    assert terms("la fille de mon fils seulement") == terms("fille fils")


def test_a_near_word_stands_for_others_one_way_only() -> None:
    synonyms = read_synonyms(FILE)

    (password,) = terms("mdp")
    (code,) = terms("code")
    assert synonyms.near[code] == (password, *terms("SMS"))
    assert password not in synonyms.near


def test_short_forms_are_written_out() -> None:
    assert read_synonyms(FILE).short == {"koi": ("quoi",), "jpeu": ("je", "peux")}


def test_common_and_foreign_words_are_known_by_their_terms() -> None:
    synonyms = read_synonyms(FILE)

    assert synonyms.common == {*terms("fils"), *terms("compte")}
    assert synonyms.foreign == {*terms("cantines"), *terms("carte de bus")}


def test_a_word_that_was_listed_is_shown_as_it_was_written() -> None:
    assert read_synonyms('synonymes = [["élève", "Étudiant"]]').written == {"eleve": "élève", "etudiant": "Étudiant"}


def test_an_empty_file_is_no_mistake() -> None:
    assert terms("Mon fils", read_synonyms("")) == ["mon", "fil"]


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ('synonymes = [["mot de passe", "code"], ["sms", "code"]]', "« code », ou sa racine, a deux sens"),
        ('synonymes = ["mot"]', "« mot » n’est pas une liste de mots"),
        ("synonymes = [[]]", "« [] » n’est pas une liste de mots"),
        ('synonymes = "mot"', "« synonymes » attend une liste"),
        ('synonymes = [["mot", "!?"]]', "« !? » ne contient aucun mot"),
        ('synonymes = [["mot"]]\n[mots-vides]\nfr = "le mot"', "« mot » figure à la fois dans [mots-vides]"),
        ('[proches]\n"code" = "mdp"\n[mots-vides]\nfr = "code"', "« code » figure à la fois dans [mots-vides]"),
        ('hors-sujet = "bus, rue"\nsynonymes = [["rue"], ["car", "bus"]]', "« bus » (hors-sujet)"),
        ('[abreviations]\n"ve dir" = "veut dire"', "« ve dir » doit être un seul mot"),
        ("[proches]\ncode = 3", "[proches] attend des lignes"),
        ("hors-sujet = [1]", "« hors-sujet » attend un texte"),
        ("sinonimes = []", "clé inconnue « sinonimes »"),
        ("synonymes = [", "n’est pas du TOML valide"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_editor(mistake: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_synonyms(mistake)

    assert told in str(error.value)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        read_synonyms('inconnu = 1\nsynonymes = [["a", "b"], ["c", "b"]]\nmots-courants = 2')

    assert len(error.value.problems) == 3


def test_the_lists_that_are_shipped_hold_together() -> None:
    synonyms = load_synonyms(config_dir())

    assert terms("contraseña", synonyms) == terms("mdp", synonyms) == terms("mot de passe", synonyms)
    assert terms("weldi", synonyms) == terms("mon fils", synonyms) == terms("my son", synonyms)
