"""The FAQ written out and read in again: what stands beside the texts goes along, and nothing changes twice."""

from dataclasses import asdict
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.articles import stored_document
from helpdesk.knowledge.document import Document, Question, Section, Translated, document_of
from helpdesk.knowledge.reviewed import parse, render
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Article, Translation
from helpdesk.vocabulary import Readers
from tests.application import MONDAY, later

ENGLISH = Translated("en", "Whom do I tell?", "Tell the *school*.\n\nToday.", "The school.", current=False)
WHOLE = Question(
    "À qui le dire ?",
    "Téléphone : au **collège**.\n\n- aujourd’hui",
    Readers.FAMILIES,
    "a-qui",
    topics="telephone mot-de-passe",
    spoken="Dites-le au collège.",
    review_on=date(2027, 1, 31),
    translations=(ENGLISH,),
)
FAQ = Document((Section("Comptes", (WHOLE,), "comptes"),))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_what_stands_beside_the_texts_is_written_and_read() -> None:
    assert asdict(parse(render(FAQ))) == asdict(FAQ)
    assert asdict(document_of(FAQ.as_rows())) == asdict(FAQ)


def test_another_site_takes_over_all_of_it_and_changes_nothing_the_second_time(app: Flask) -> None:
    apply(FAQ, "export.md", MONDAY)
    first = render(stored_document(db.session()))

    again = apply(parse(first), "export.md", later(days=1))

    assert again.changes == ()
    assert render(stored_document(db.session())) == first
    article = db.session.scalars(select(Article)).one()
    assert (article.topics, article.spoken, article.review_on) == (WHOLE.topics, WHOLE.spoken, WHOLE.review_on)
    english = db.session.scalars(select(Translation)).one()
    assert (english.question, english.answer, english.of_number) == (ENGLISH.question, ENGLISH.answer, 0)


def test_what_was_changed_here_beside_a_text_is_not_overwritten(app: Flask) -> None:
    apply(FAQ, "export.md", MONDAY)
    exported = render(stored_document(db.session()))
    with transaction() as session:
        session.scalars(select(Article)).one().spoken = "Au lycée."

    apply(parse(exported), "export.md", later(days=1))

    assert db.session.scalars(select(Article)).one().spoken == "Au lycée."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Relecture : bientôt", "attend un jour"),
        ("Sujets : É@", "attend des noms courts"),
        (f"Réponse-lue : {'a' * 301}", "dépasse 300"),
    ],
)
def test_mistakes_beside_a_text_are_told(line: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        parse(f"# Comptes\n\n## Où ?\n{line}\n\nIci.\n")


@pytest.mark.parametrize("title", ["[en] Where?", "[xx] Where?"])
def test_a_translation_without_its_question_is_told(title: str) -> None:
    with pytest.raises(UnreadableDocument, match="ne suit aucune question"):
        parse(f"# Comptes\n\n## {title}\n\nHere.\n\n## Où ?\n\nIci.\n")
