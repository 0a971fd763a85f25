"""Taking over a document of questions: what changes, what stays, and what readers then find."""

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge.articles import article_by_slug, published_sections
from helpdesk.knowledge.differences import Kind
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.search import edition
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Article, ArticleVersion
from helpdesk.vocabulary import Readers
from tests.application import MONDAY, later

PHONE = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "changement-de-telephone")
PASSWORD = Question("Un élève peut-il changer son mot de passe ?", "Oui, par mail.", Readers.FAMILIES, "mot-de-passe")
LETTER = Question("Que signifie « notifier un compte » ?", "Générer un courrier.", Readers.SCHOOLS, "notifier")


def document(*questions: Question, title: str = "Comptes", slug: str = "comptes") -> Document:
    return Document((Section(title, questions, slug),))


def take_over(given: Document, *, days: int = 0, origin: str = "faq.md") -> list[tuple[Kind, str]]:
    """Import a document; returns what it changed."""
    found = [(change.kind, change.slug) for change in apply(given, origin, later(days=days)).changes]
    db.session.expire_all()
    return found


def versions(slug: str) -> list[tuple[int, str, str]]:
    """(number, answer, origin) of all that an article ever said."""
    rows = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id).where(Article.slug == slug)
    return [(row.number, row.answer, row.origin) for row in db.session.scalars(rows.order_by(ArticleVersion.number))]


def shown(*readers: Readers) -> list[tuple[str, list[str]]]:
    return [(section.title, [each.slug for each in section.articles]) for section in published_sections(readers)]


def test_a_first_import_publishes_every_entry_in_its_order(app: Flask) -> None:
    changed = take_over(document(PHONE, PASSWORD, LETTER))

    assert [kind for kind, _ in changed] == [Kind.ADDED] * 3
    assert shown(Readers.FAMILIES) == [("Comptes", ["changement-de-telephone", "mot-de-passe"])]
    assert shown(Readers.SCHOOLS, Readers.STAFF) == [("Comptes", ["notifier"])]
    assert edition() == 1


def test_the_same_document_again_changes_nothing(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))

    assert take_over(document(PHONE, PASSWORD), days=1) == []
    assert edition() == 1
    assert versions("mot-de-passe") == [(1, "Oui, par mail.", "faq.md")]
    assert article_by_slug("mot-de-passe").changed_at == MONDAY


def test_an_edited_answer_changes_that_entry_alone_and_the_former_words_are_kept(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))
    edited = Question(PASSWORD.question, "Oui, par mail seulement.", Readers.FAMILIES, PASSWORD.slug)

    assert take_over(document(PHONE, edited), days=1, origin="relue.md") == [(Kind.CHANGED, "mot-de-passe")]

    assert versions("mot-de-passe") == [(1, "Oui, par mail.", "faq.md"), (2, "Oui, par mail seulement.", "relue.md")]
    assert article_by_slug("mot-de-passe").changed_at == later(days=1)
    assert article_by_slug("changement-de-telephone").changed_at == MONDAY
    assert edition() == 2


def test_a_reworded_question_without_an_address_keeps_the_one_it_has(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))
    reworded = Question("Un élève peut-il changer lui-même son mot de passe ?", PASSWORD.answer, Readers.FAMILIES)

    take_over(document(PHONE, reworded))

    assert article_by_slug("mot-de-passe").question == "Un élève peut-il changer lui-même son mot de passe ?"
    assert shown(Readers.FAMILIES) == [("Comptes", ["changement-de-telephone", "mot-de-passe"])]


def test_a_new_entry_before_the_others_leaves_them_as_they_are(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))

    assert take_over(document(LETTER, PHONE, PASSWORD)) == [(Kind.ADDED, "notifier")]

    assert shown(*Readers) == [("Comptes", ["notifier", "changement-de-telephone", "mot-de-passe"])]


def test_an_entry_that_left_the_document_is_no_longer_shown_but_kept(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))

    assert take_over(document(PHONE)) == [(Kind.GONE, "mot-de-passe")]

    with pytest.raises(NotFound):
        article_by_slug("mot-de-passe")
    assert versions("mot-de-passe") == [(1, "Oui, par mail.", "faq.md")]


def test_an_entry_that_comes_back_continues_its_own_history(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))
    take_over(document(PHONE))

    take_over(document(PHONE, Question(PASSWORD.question, "Oui.", Readers.FAMILIES, PASSWORD.slug)))

    assert [number for number, *_ in versions("mot-de-passe")] == [1, 2]


def test_a_changed_address_leads_to_the_new_one(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))

    take_over(document(PHONE, Question(PASSWORD.question, PASSWORD.answer, Readers.FAMILIES, "mot-de-passe-eleve")))

    assert article_by_slug("mot-de-passe").slug == "mot-de-passe-eleve"
    assert versions("mot-de-passe-eleve") == [(1, "Oui, par mail.", "faq.md")]


def test_an_address_changed_there_and_back_leads_nowhere_else(app: Flask) -> None:
    take_over(document(PASSWORD))
    take_over(document(Question(PASSWORD.question, PASSWORD.answer, Readers.FAMILIES, "autre")))

    take_over(document(PASSWORD))

    assert article_by_slug("mot-de-passe").slug == article_by_slug("autre").slug == "mot-de-passe"


def test_a_former_address_taken_by_another_entry_is_that_entrys(app: Flask) -> None:
    take_over(document(PASSWORD))
    moved = Question(PASSWORD.question, PASSWORD.answer, Readers.FAMILIES, "mot-de-passe-eleve")
    take_over(document(moved))

    take_over(document(moved, Question("J’ai perdu mon mot de passe", "Par SMS.", Readers.FAMILIES, "mot-de-passe")))

    assert article_by_slug("mot-de-passe").answer == "Par SMS."
    assert article_by_slug("mot-de-passe-eleve").answer == "Oui, par mail."


def test_the_address_of_a_withdrawn_entry_can_be_taken(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))
    take_over(document(PHONE))

    take_over(document(Question(PHONE.question, PHONE.answer, Readers.FAMILIES, "mot-de-passe")))

    assert article_by_slug("mot-de-passe").answer == "Au collège."
    assert article_by_slug("changement-de-telephone").slug == "mot-de-passe"


def test_an_entry_moved_to_another_section_keeps_its_address(app: Flask) -> None:
    take_over(document(PHONE, PASSWORD))

    take_over(Document((Section("Comptes", (PHONE,), "comptes"), Section("Élèves", (PASSWORD,), "eleves"))))

    assert shown(*Readers) == [("Comptes", ["changement-de-telephone"]), ("Élèves", ["mot-de-passe"])]


def test_a_section_given_another_title_keeps_its_address(app: Flask) -> None:
    take_over(document(PHONE, title="Comptes"))

    take_over(document(PHONE, title="Comptes des responsables"))

    assert [(section.slug, section.title) for section in published_sections()] == [
        ("comptes", "Comptes des responsables")
    ]
    assert edition() == 2


def test_the_same_question_twice_under_one_heading_is_two_entries(app: Flask) -> None:
    twice = document(
        Question("Et pour l’ENT ?", "Oui.", Readers.FAMILIES), Question("Et pour l’ENT ?", "Non.", Readers.FAMILIES)
    )

    take_over(twice)

    assert take_over(twice) == []
    ((_, articles),) = shown(Readers.FAMILIES)
    assert [article_by_slug(slug).answer for slug in articles] == ["Oui.", "Non."]


def test_an_address_that_never_was_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        article_by_slug("jamais-vu")
