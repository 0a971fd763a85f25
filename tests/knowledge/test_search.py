"""Searching the published FAQ, on both databases."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event

from helpdesk.db import db
from helpdesk.errors import ConfigError
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.ranking import rank
from helpdesk.knowledge.reviewed import parse
from helpdesk.knowledge.search import load_synonyms, search
from helpdesk.knowledge.takeover import apply
from helpdesk.places import config_dir
from helpdesk.vocabulary import Readers
from tests.application import MONDAY
from tests.knowledge.search_score import index_of, load

PHONE = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "nouveau-numero")
PASSWORD = Question("Un élève peut-il changer son mot de passe ?", "Oui, par mail.", Readers.FAMILIES, "mot-de-passe")
LETTER = Question("Que signifie « notifier un compte » ?", "Générer un courrier.", Readers.SCHOOLS, "notifier")


def publish(*questions: Question) -> None:
    apply(Document((Section("Comptes", questions, "comptes"),)), "faq.md", MONDAY)


def found(query: str, **options: object) -> list[str]:
    return [hit.slug for hit in search(query, **options).hits]  # type: ignore[arg-type]


def test_what_is_published_is_found(app: Flask) -> None:
    publish(PHONE, PASSWORD)

    assert found("g changé de tel") == ["nouveau-numero"]
    assert found("mdp eleve perdu")[:1] == ["mot-de-passe"]
    assert found("menu de la cantine") == []


def test_before_anything_is_published_nothing_fits(app: Flask) -> None:
    assert not search("mot de passe").answered


def test_a_new_edition_is_searched_at_once(app: Flask) -> None:
    publish(PHONE)
    assert found("mot de passe d’un élève") == []

    publish(PHONE, PASSWORD)

    assert found("mot de passe d’un élève") == ["mot-de-passe"]


def test_an_entry_that_was_withdrawn_is_found_no_more(app: Flask) -> None:
    publish(PHONE, PASSWORD)
    assert found("mot de passe d’un élève") == ["mot-de-passe"]

    publish(PHONE)

    assert found("mot de passe d’un élève") == []


def test_readers_are_shown_their_own_entries(app: Flask) -> None:
    publish(PHONE, LETTER)

    assert found("notifier un compte") == ["notifier"]
    assert found("notifier un compte", readers=[Readers.FAMILIES]) == []


def test_the_entries_are_read_once_an_edition_not_once_a_search(app: Flask) -> None:
    publish(PHONE, PASSWORD)
    search("numéro")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    search("mot de passe")

    assert len([statement for statement in statements if "SELECT" in statement]) == 1


def test_threads_that_search_at_once_all_get_the_answer(app: Flask) -> None:
    publish(PHONE, PASSWORD)
    answers: list[list[str]] = []
    ready = Barrier(4)

    def ask() -> None:
        with app.app_context():
            ready.wait()
            answers.append(found("mot de passe d’un élève"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [["mot-de-passe"]] * 4


def test_both_databases_rank_as_the_reviewed_document_does(app: Flask) -> None:
    path = config_dir() / "faq" / "educonnect.md"
    apply(parse(path.read_text("utf-8")), path.name, MONDAY)
    index = index_of(path)

    for query in load("tuned")[::10]:
        assert search(query.query) == rank(query.query, index)


def test_lists_of_words_that_are_missing_are_told() -> None:
    with pytest.raises(ConfigError, match=r"synonyms\.toml"):
        load_synonyms(config_dir() / "faq")
