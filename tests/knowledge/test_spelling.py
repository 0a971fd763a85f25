"""Mending what hurried people type."""

import pytest

from helpdesk.knowledge.spelling import MOST_MENDED, Speller

KNOWN = (
    "mot de passe compte connexion educonnect ent ecole habite portable numero telephone enfant parent eleve "
    "renouveler changer changement activer actif notifier etablissement secretariat adresse mon ma le la de je suis "
    "prevenir prevoir"
)
SPELLER = Speller(
    counts=dict.fromkeys(KNOWN.split(), 1) | {"enfant": 9, "prevoir": 9, "onde": 0, "living": 0},
    phrases={"motdepasse": ("mot", "de", "passe")},
    french=frozenset({"continue", "cantine", "lent", "depasse", "bourse", "conte", "monde"}),
    foreign=frozenset({"cantine", "iphone"}),
)


def read(typed: str) -> str:
    return " ".join(reading.folded for reading in SPELLER.read(typed.split()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("etablisement", "etablissement"),
        ("telefone", "telephone"),
        ("conexion", "connexion"),
        ("numreo", "numero"),
        ("edukonect", "educonnect"),
        ("notiffier", "notifier"),
        ("secretarait", "secretariat"),
        ("prevnir", "prevenir"),
    ],
)
def test_a_misspelt_word_becomes_the_known_one(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("motdepasse", "mot de passe"),
        ("mot depasse", "mot de passe"),
        ("motde passe", "mot de passe"),
        ("educ onnect", "educonnect"),
        ("changernumero", "changer numero"),
        ("numerode telephone", "numero de telephone"),
        ("lemotdepasse", "le mot de passe"),
        ("demonenfant", "de mon enfant"),
    ],
)
def test_words_run_together_or_cut_wrong_are_put_right(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_short_words_alone_are_no_reason_to_cut() -> None:
    assert read("lamon") == "lamon"


@pytest.mark.parametrize(
    ("typed", "meant"), [("lecole", "ecole"), ("lent", "ent"), ("jabite", "habite"), ("lmot", "mot")]
)
def test_an_apostrophe_left_out_is_understood(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("word", ["compte", "comptes", "activer", "notifiera"])
def test_a_known_word_or_a_form_of_one_is_never_touched(word: str) -> None:
    (reading,) = SPELLER.read([word])

    assert (reading.folded, reading.trust) == (word, 1.0)


@pytest.mark.parametrize("word", ["continue", "bourse", "conte", "monde", "cantine", "iphone"])
def test_good_french_and_words_of_other_subjects_stay_unknown(word: str) -> None:
    (reading,) = SPELLER.read([word])

    assert (reading.folded, reading.trust) == (word, 0.0)


def test_another_first_letter_is_rather_another_word() -> None:
    assert read("driving") == "driving"


@pytest.mark.parametrize("word", ["mit", "pas", "xy", "12345"])
def test_short_words_and_numbers_are_not_guessed_at(word: str) -> None:
    assert read(word) == word


def test_more_edits_are_trusted_less() -> None:
    one, two = SPELLER.read(["etablissemnt"])[0], SPELLER.read(["etablissmnt"])[0]

    assert one.folded == two.folded == "etablissement"
    assert 1.0 > one.trust > two.trust > 0.0


def test_of_two_words_as_near_the_more_frequent_one_is_meant() -> None:
    speller = Speller({"compta": 1, "compte": 5}, {}, frozenset(), frozenset())

    assert [reading.folded for reading in speller.read(["comptx"])] == ["compte"]


def test_each_word_remembers_where_it_was_typed() -> None:
    places = [
        (reading.folded, reading.first, reading.last) for reading in SPELLER.read(["mon", "mot", "depasse", "ent"])
    ]

    assert places == [("mon", 0, 0), ("mot", 1, 2), ("de", 1, 2), ("passe", 1, 2), ("ent", 3, 3)]


def test_in_a_text_full_of_strange_words_the_later_ones_are_left_alone() -> None:
    strange = [f"zzzqx{letter}" for letter in "abcdefghijklmnop"]

    readings = SPELLER.read([*strange[:MOST_MENDED], "telefone"])

    assert readings[-1].folded == "telefone"
