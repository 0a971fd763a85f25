"""Which entries answer a question, in what order, and when none does."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.knowledge.index import Entry, Index
from helpdesk.knowledge.question import understand
from helpdesk.knowledge.ranking import Answer, rank
from helpdesk.knowledge.search import load_synonyms
from helpdesk.places import config_dir
from helpdesk.vocabulary import Readers

SYNONYMS = load_synonyms(config_dir())
PASSWORD = Entry(
    "mot-de-passe-enfant",
    "Comptes des élèves",
    "Un parent peut-il changer le mot de passe de son enfant ?",
    "Non. Seul l’établissement peut le faire.\n\nIl faut s’adresser **au secrétariat**, avec une pièce justificative.",
)
PHONE = Entry(
    "nouveau-numero",
    "Comptes des responsables",
    "À qui signaler un nouveau numéro de téléphone ?",
    "Au [secrétariat](https://ecole.example/secretariat) des élèves. La base de l’école n’en sait rien autrement.",
)
TEACHERS = Entry(
    "enseignants",
    "Personnels",
    "Les enseignants se connectent-ils par EduConnect ?",
    "Non. Ils ont un compte académique.",
    Readers.STAFF,
)
NOTIFY = Entry(
    "notifier",
    "Gestion des comptes",
    "Que signifie « notifier un compte » ?",
    "Générer un courrier avec l’identifiant et un mot de passe provisoire.",
    Readers.SCHOOLS,
)
INDEX = Index([PHONE, PASSWORD, TEACHERS, NOTIFY], SYNONYMS)


def slugs(answer: Answer) -> list[str]:
    return [hit.slug for hit in answer.hits]


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("Puis-je changer le mot de passe de mon fils ?", "mot-de-passe-enfant"),
        ("mdp gamin perdu", "mot-de-passe-enfant"),
        ("motdepasse de ma fille", "mot-de-passe-enfant"),
        ("my son forgot his password", "mot-de-passe-enfant"),
        ("weldi nsa mot de passe", "mot-de-passe-enfant"),
        ("نسيت كلمة السر لابني", "mot-de-passe-enfant"),
        ("g changé de tel ki prevenir", "nouveau-numero"),
        ("nouvau numero de telefone", "nouveau-numero"),
        ("cambié de número de móvil", "nouveau-numero"),
        ("les prof on educonnect", "enseignants"),
        ("notiffier c koi", "notifier"),
    ],
)
def test_what_a_parent_types_finds_its_entry(query: str, slug: str) -> None:
    assert slugs(rank(query, INDEX))[:1] == [slug]


@pytest.mark.parametrize(
    "query",
    [
        "menu de la cantine",
        "code iPhone oublié",
        "mot de passe wifi",
        "Quand sont les vacances ?",
        "bonjour",
        "mon enfant a de la fièvre",
        "???",
        "",
        "le la les de du",
        "🙂🙂🙂",
        "كيف حالك اليوم",
        "как дела",
    ],
)
def test_when_nothing_fits_nothing_is_given(query: str) -> None:
    answer = rank(query, INDEX)

    assert not answer.answered
    assert answer.hits == ()


def test_what_came_nearest_is_known_even_when_it_does_not_fit() -> None:
    answer = rank("mot de passe Netflix", INDEX)

    assert not answer.answered
    assert "mot-de-passe-enfant" in [hit.slug for hit in answer.nearest]


@pytest.mark.parametrize("query", ["élève mot de passe", "Numéro de TÉLÉPHONE", "l’établissement notifié"])
def test_accents_and_capitals_change_nothing(query: str) -> None:
    plain = query.lower().replace("é", "e").replace("’", "'")

    assert [(hit.slug, hit.score) for hit in rank(query, INDEX).nearest] == [
        (hit.slug, hit.score) for hit in rank(plain, INDEX).nearest
    ]


def test_entries_for_other_readers_are_left_out_when_asked() -> None:
    everyone = rank("les enseignants et educonnect", INDEX)
    families = rank("les enseignants et educonnect", INDEX, keep=lambda entry: entry.readers is Readers.FAMILIES)

    assert slugs(everyone)[:1] == ["enseignants"]
    assert "enseignants" not in [hit.slug for hit in families.nearest]


def test_no_more_entries_than_asked() -> None:
    assert len(rank("mot de passe, numéro de téléphone, notifier, enseignants", INDEX, limit=2).nearest) == 2


def test_entries_as_good_as_each_other_stand_by_their_address() -> None:
    twins = [Entry(slug, "Rubrique", "Comment notifier un compte ?", "Ainsi.") for slug in ("zebre", "alpha", "milieu")]

    for order in (twins, twins[::-1]):
        assert slugs(rank("notifier un compte", Index(order, SYNONYMS))) == ["alpha", "milieu", "zebre"]


def test_a_new_entry_leaves_the_others_in_their_order() -> None:
    before = slugs(rank("notifier mot de passe", INDEX))
    more = Index([*INDEX.entries, Entry("autre", "Autre", "Où est la piscine ?", "Là-bas.")], SYNONYMS)

    assert slugs(rank("notifier mot de passe", more)) == before


def test_an_empty_faq_answers_nothing() -> None:
    assert rank("mot de passe", Index([], SYNONYMS)) == Answer((), (), None, 0.0)


def test_a_faq_of_one_entry_answers() -> None:
    assert slugs(rank("mdp de mon fils", Index([PASSWORD], SYNONYMS))) == ["mot-de-passe-enfant"]
    assert slugs(rank("recette de crêpes", Index([PASSWORD], SYNONYMS))) == []


def test_a_subject_stops_being_foreign_when_an_entry_speaks_of_it() -> None:
    canteen = Entry("cantine", "Divers", "Comment payer la cantine ?", "En ligne.")

    assert slugs(rank("cantine", INDEX)) == []
    assert slugs(rank("cantine", Index([PASSWORD, canteen], SYNONYMS))) == ["cantine"]


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("numreo de téléphone", "numéro de téléphone"),
        ("changer de telefone", "changer de téléphone"),
        ("Etablisement fermé ?", "établissement fermé ?"),
        ("changer le motdepasse", "changer le mot de passe"),
        ("éduc onnect", "EduConnect"),
        ("numéro de téléphone", None),
        ("koi faire", None),
        ("cantinne", None),
    ],
)
def test_mended_words_are_proposed_with_their_accents(query: str, suggestion: str | None) -> None:
    assert rank(query, INDEX).suggestion == suggestion


def test_what_is_proposed_needs_no_more_mending() -> None:
    first = rank("numreo telefone de letablisement", INDEX)

    again = rank(first.suggestion or "", INDEX)

    assert again.suggestion is None
    assert slugs(again) == slugs(first)


def test_the_passage_that_speaks_of_it_is_given_with_its_words_marked() -> None:
    (hit, *_) = rank("à quel secrétariat m’adresser pour le mot de passe de ma fille", INDEX).hits

    assert "".join(piece.text for piece in hit.passage) == (
        "Il faut s’adresser au secrétariat, avec une pièce justificative."
    )
    assert [piece.text for piece in hit.passage if piece.marked] == ["secrétariat"]


def test_a_name_in_a_message_is_no_subject() -> None:
    named = understand("le mot de passe de Maëlys", INDEX)
    unnamed = understand("le mot de passe de maëlys", INDEX)

    assert [unit.importance for unit in named.units][1] < [unit.importance for unit in unnamed.units][1]


def test_a_short_form_is_not_seen_in_an_elision() -> None:
    assert understand("notifier, c’est quoi ?", INDEX).units == understand("notifier c koi", INDEX).units


def test_what_no_entry_mentions_makes_an_answer_less_certain() -> None:
    asked = ("mot de passe de ma fille", "mot de passe du chien de ma fille", "mot de passe Netflix de ma fille")

    plain, strange, foreign = (rank(query, INDEX).certainty for query in asked)

    assert plain > strange > foreign


def test_a_whole_message_finds_its_entry() -> None:
    message = """Bonjour Madame, Monsieur,

    Je me permets de vous écrire car nous avons changé d’opérateur le mois dernier et mon numéro de téléphone n’est
    plus le même. À qui dois-je signaler ce changement, s’il vous plaît ? Merci d’avance, bien cordialement,
    Camille Inventé"""

    assert slugs(rank(message, INDEX))[:1] == ["nouveau-numero"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "mot " * 2_500,
        " ".join(random.Random(1).choices(string.ascii_lowercase, k=5_000)),
        " ".join("".join(random.Random(seed).choices(string.ascii_lowercase, k=9)) for seed in range(1_000)),
        "' OR 1=1; DROP TABLE article; --",
        'question:"a" NEAR(b c) AND ^ * - ( "',
        "a:* & ! | <-> (",
        "\x00\ud800\u202eabc\ufeff",
        "مرحبا كلمة السر نسيت",
        "%00%0a{{7*7}}<script>",
        "é" * 3_000,
        "\u0301" * 5_000,
        "1" * 5_000,
        "ﷺ" * 500,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_any_text_is_answered(text: str) -> None:
    answer = rank(text, INDEX)

    assert len(answer.hits) <= 5


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    answer = rank(text, INDEX)

    assert all(0 <= hit.coverage <= 1 and hit.score > 0 for hit in answer.nearest)
    assert list(answer.nearest) == sorted(answer.nearest, key=lambda hit: (-hit.score, hit.slug))
