"""The reviewed form: written and read back unchanged, pleasant to edit, its mistakes named by line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.reviewed import is_reviewed, parse, render
from helpdesk.places import config_dir
from helpdesk.vocabulary import Readers

FORM = """\
# Comptes des élèves
Adresse : comptes

## Un parent peut-il changer le mot de passe ?
Public : familles
Adresse : mot-de-passe

Non. Voyez :

1. le collège ;
2. le lycée.

### Note : « Public »

Adresse : à la mairie.

## Et un enseignant ?
Public : personnels

Non plus.
"""


def problems(text: str) -> list[str]:
    with pytest.raises(UnreadableDocument) as refusal:
        parse(text)
    return str(refusal.value).split("\n")


def test_sections_questions_audience_and_address_are_read() -> None:
    document = parse(FORM)

    assert [(section.title, section.slug) for section in document.sections] == [("Comptes des élèves", "comptes")]
    first, second = document.questions()
    assert (first.question, first.audience, first.slug) == (
        "Un parent peut-il changer le mot de passe ?",
        Readers.FAMILIES,
        "mot-de-passe",
    )
    assert first.answer == (
        "Non. Voyez :\n\n1. le collège ;\n2. le lycée.\n\n### Note : « Public »\n\nAdresse : à la mairie."
    )
    assert (second.audience, second.slug, second.answer) == (Readers.STAFF, "", "Non plus.")


def test_the_shipped_file_is_written_as_the_form_writes_it() -> None:
    text = (config_dir() / "faq" / "educonnect.md").read_text("utf-8")

    assert render(parse(text)) == text


def test_the_shipped_file_has_every_question_with_an_address_of_its_own() -> None:
    document = parse((config_dir() / "faq" / "educonnect.md").read_text("utf-8"))

    slugs = [each.slug for each in document.questions()]
    readers = [each.audience for each in document.questions()]
    assert (len(document.sections), len(slugs), len(set(slugs))) == (8, 18, 18)
    assert "" not in slugs
    assert (readers.count(Readers.SCHOOLS), readers.count(Readers.STAFF)) == (8, 1)


def test_no_shipped_answer_points_at_an_annex_that_is_not_on_the_web() -> None:
    document = parse((config_dir() / "faq" / "educonnect.md").read_text("utf-8"))

    assert [each.answer for each in document.questions() if re.search(r"annexe|diapo", each.answer)] == []


PHRASE = (
    st.text("abcéà’«» .,?!:;-*_`()[]<>0123456789", min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda text: text and not text.startswith("<!--"))
)
SLUG = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
# Lines of an answer, empty ones and headings of the third level among them; neither end is empty.
ANSWER = (
    st.lists(st.one_of(PHRASE, st.just(""), st.just("### Note")), min_size=1).map("\n".join).map(str.strip).filter(bool)
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    slugs = draw(st.lists(SLUG, min_size=9, max_size=9, unique=True))
    sections = []
    for _ in range(draw(st.integers(1, 3))):
        questions = [
            Question(
                draw(PHRASE), draw(ANSWER), draw(st.sampled_from(Readers)), draw(st.sampled_from(["", slugs.pop()]))
            )
            for _ in range(draw(st.integers(1, 2)))
        ]
        sections.append(Section(draw(PHRASE), tuple(questions), draw(st.sampled_from(["", slugs.pop()]))))
    return Document(tuple(sections))


@given(documents())
def test_what_is_written_is_read_back_unchanged(document: Document) -> None:
    assert parse(render(document)) == document


def test_a_heading_of_an_answer_never_becomes_a_question() -> None:
    question = Question("Comment ?", "Ainsi :\n\n## Par courrier\n\nÉcrivez.", Readers.FAMILIES)

    written = render(Document((Section("Un", (question,)),)))

    assert [each.answer for each in parse(written).questions()] == ["Ainsi :\n\n### Par courrier\n\nÉcrivez."]


@pytest.mark.parametrize("name", ["Familles", "famille", "ETABLISSEMENTS", "établissement", "personnel"])
def test_the_public_may_be_written_as_people_do(name: str) -> None:
    assert parse(f"# Un\n## Deux ?\nPublic : {name}\n\nTrois.") is not None


def test_a_public_that_is_not_named_is_told_by_the_words() -> None:
    text = "# Un\n## Comment notifier un compte ?\n\nAinsi.\n\n## Puis-je voir le compte de mon enfant ?\n\nOui."

    assert [each.audience for each in parse(text).questions()] == [Readers.SCHOOLS, Readers.FAMILIES]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# Un\n\n## Deux ?\nPublic : voisins\n\nTrois.", "ligne 3 : public inconnu « voisins »"),
        ("# Un\n\n## Deux ?\nPublik : familles\n\nTrois.", "ligne 4 : « Publik » n’est pas une indication connue"),
        ("# Un\n\n## Deux ?\nAdresse : Été 1\n\nTrois.", "ligne 3 : l’adresse « Été 1 » ne convient pas"),
        ("# Un\n\n## Deux ?\n\n", "ligne 3 : la question « Deux ? » n’a pas de réponse"),
        (
            "## Deux ?\n\nTrois.\n\n# Un\n## Quatre ?\n\nCinq.",
            "ligne 1 : la question « Deux ? » n’est dans aucune rubrique",
        ),
        ("# Un\n\n# Deux\n## Trois ?\n\nQuatre.", "ligne 1 : la rubrique « Un » est vide"),
        ("Avant.\n# Un\n## Deux ?\n\nTrois.", "ligne 1 : ce texte précède la première rubrique"),
        ("# Un\nPerdu.\n## Deux ?\n\nTrois.", "ligne 1 : sous « Un », seule l’adresse"),
        (f"# Un\n## {'x' * 501}\n\nTrois.", "ligne 2 : La question est vide ou dépasse 500"),
    ],
)
def test_each_mistake_is_named_with_its_line(text: str, sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in problems(text))


def test_all_mistakes_are_named_at_once_and_an_address_serves_once() -> None:
    text = "# Un\n## Deux ?\nAdresse : x\n\nA.\n\n## Trois ?\nAdresse : x\nPublic : y\n\nB."

    assert [problem.partition(" :")[0] for problem in problems(text)] == ["ligne 7", "ligne 7"]


def test_only_a_text_with_both_levels_of_headings_is_in_this_form() -> None:
    assert is_reviewed(FORM)
    assert not is_reviewed("# Un titre\n\nComment ?\n\nAinsi.")
    assert not is_reviewed((config_dir() / "faq" / "educonnect.txt").read_text("utf-8"))
