"""What must not change the académie: the order of other sentences, capitals, accents, quotations, signatures. And that
no text, however long or strange, raises or holds a worker.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.intake.message import SchoolHint
from helpdesk.routing.clues.search import find
from helpdesk.routing.geography import Geography
from helpdesk.text import fold
from tests.routing.messages import a_message, choice

TELLING = [
    ("11", "Ma fille est au collège Paul Valéry à Sète."),
    ("10", "Mon fils est scolarisé au lycée du Parc à Lyon."),
    ("24", "Mon fils est au lycée Paul Éluard, 93200 Saint-Denis."),
    ("08", "Ma fille est au collège de Thonon-les-Bains."),
    ("01", "Le code de l'établissement est 0750654D."),
    ("04", "Nous habitons Bordeaux."),
    ("70", "Mon fils dépend de l'académie de Caen."),
    ("18", "Ma fille est au collège Descartes de Tours."),
    (None, "Mon fils est au collège Jean Moulin."),
    (None, "Ma fille est au collège de Saint-Denis."),
    (None, "Mon fils est au lycée agricole de Rodez."),
]
IRRELEVANT = [
    "Bonjour.",
    "Je n'arrive pas à me connecter depuis lundi.",
    "Le SMS n'arrive jamais.",
    "J'ai essayé hier à 18 h 30, puis le 12 novembre.",
    "La date limite est le 15 décembre 2026.",
    "Mon numéro est le 06 12 34 56 78.",
    "Le message est « compte inconnu », erreur 403.",
    "Pouvez-vous m'aider s'il vous plaît ?",
    "Ma classe de neige, c'était bien.",
    "Merci d'avance.",
]
QUOTATIONS = [
    "",
    "\n\nEnvoyé de mon iPhone",
    "\n\nCordialement,\nMarie Durand\nDirectrice commerciale, Durand SAS\n59000 Lille",
    "\n\nLe lun. 2 nov. 2026 à 10:12, Assistance <a@example.org> a écrit :\n> Bonjour,\n> le rectorat de Nice\n",
    "\n\n-----Message d'origine-----\nDe : Assistance\nObjet : Nice\n\nMerci de préciser.",
]
telling = st.sampled_from(TELLING)
others = st.lists(st.sampled_from(IRRELEVANT), max_size=5, unique=True)


@given(telling, others, others, st.sampled_from(QUOTATIONS))
def test_what_stands_around_does_not_change_the_academie(
    france: Geography, said: tuple[str | None, str], before: list[str], after: list[str], quotation: str
) -> None:
    code, sentence = said

    text = " ".join([*before, sentence, *after]) + quotation

    assert choice(france, text).academy == code


@given(telling, others, st.sampled_from([str.upper, str.lower, fold, lambda text: fold(text).upper()]))
def test_capitals_and_accents_do_not_change_the_academie(
    france: Geography, said: tuple[str | None, str], others: list[str], written: Callable[[str], str]
) -> None:
    code, sentence = said

    assert choice(france, written(" ".join([*others, sentence]))).academy == code


@given(st.text(max_size=2_000), st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_without_an_exception(france: Geography, text: str, other: str, short: str) -> None:
    hint = SchoolHint(name=other, commune=short, postal_code=short, uai=short)

    for clue in find(a_message(text, subject=other, email=short, phone=short, school=hint), france):
        assert clue.start <= clue.end


PIECES = [
    *("collège", " à ", "Sète", "34200", "0750654D", "ac-lyon.fr", "saint "),
    *("\n", "> ", "Le ", "a écrit :", "-", "@", " "),
]


@given(st.lists(st.sampled_from(PIECES), max_size=120))
@settings(max_examples=200)
def test_any_order_of_telling_words_is_read_without_an_exception(france: Geography, pieces: list[str]) -> None:
    find(a_message("".join(pieces)), france)


HEAVY = {
    "a megabyte without a space": "a" * 1_000_000,
    "a megabyte of lines": "\n" * 1_000_000,
    "thousands of postal codes": " ".join(str(code) for code in range(10_000, 30_000)),
    "thousands of towns": "mon fils est au collège à Lyon et ma fille au lycée à Lille " * 2_000,
    "thousands of school codes": "0750654D " * 5_000,
    "HTML": '<div class="x"><a href="https://example.org/?a=b">Sète</a></div>' * 5_000,
    "Arabic": "مرحبا ابني في المدرسة " * 5_000,
    "Chinese": "我的儿子在学校" * 5_000,
    "quotations of quotations": "> " * 50_000,
    "headings of quotations": ("le " + "x" * 190 + "\n") * 500,
    "addresses": "a@" * 10_000,
    "dots": "a." * 10_000,
    "digits": "0 " * 10_000,
    "saints": "saint " * 5_000,
    "slips": "à marsseile " * 3_000,
    "half characters": "\ud800 collège à Sète \udfff" * 500,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_a_heavy_text_is_read_no_further_than_a_long_one(france: Geography, text: str) -> None:
    assert choice(france, text) == choice(france, text + " fin" * 1_000)


def test_only_the_first_pages_are_read(france: Geography) -> None:
    assert choice(france, "x " * 9_000 + "collège à Sète").academy == "11"
    assert choice(france, "x " * 12_000 + "collège à Sète").academy is None
