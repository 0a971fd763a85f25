"""Texts found by their words, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from helpdesk import fulltext
from helpdesk.db import tune

TICKETS = {
    1: ["Mot de passe oublié", "Ma fille a oublié son mot de passe et le collège est fermé."],
    2: ["Changement de numéro", "Nous avons changé de numéro de téléphone, l’élève est en sixième."],
    3: ["MOT DE PASSE PERDU", "Bonjour, mon œuvre complète : écrivez à lou@famille.example."],
}


@pytest.fixture
def session(empty_database_url: str) -> Iterator[Session]:
    """Three tickets and an article that can be found."""
    engine = create_engine(empty_database_url)
    tune(engine)
    with Session(engine) as session:
        for statement in fulltext.create_statements(engine.dialect.name):
            session.execute(text(statement))
        for key, texts in TICKETS.items():
            fulltext.put(session, "ticket", key, texts)
        fulltext.put(session, "article", 1, ["Un mot de passe ne se prête pas."])
        session.commit()
        yield session
    engine.dispose()


def found(session: Session, query: str, kind: str = "ticket") -> list[int]:
    return sorted(session.scalars(fulltext.keys(session, kind, query)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("mot de passe", [1, 3]),
        ("MOTS DE PASSE", [1, 3]),
        ("telephone eleves", [2]),
        ("oublie", [1]),
        ("oubliés college", [1]),
        ("oeuvre", [3]),
        ("lou@famille.example", [3]),
        ("passe téléphone", []),
        ("inconnu", []),
    ],
)
def test_a_thing_is_found_by_every_word_whatever_accents_and_endings(
    session: Session, query: str, expected: list[int]
) -> None:
    assert found(session, query) == expected


def test_another_kind_of_thing_is_not_mixed_in(session: Session) -> None:
    assert found(session, "mot de passe", kind="article") == [1]
    assert found(session, "prête") == []


def test_a_text_that_changed_is_found_by_its_new_words_only(session: Session) -> None:
    fulltext.put(session, "ticket", 1, ["Deux comptes à fusionner"])

    assert found(session, "fusionner") == [1]
    assert found(session, "oublié") == []


def test_what_is_removed_leaves_no_word_behind(session: Session) -> None:
    fulltext.remove(session, "ticket", [1, 3, 99])

    assert found(session, "mot de passe") == []
    assert found(session, "mot de passe", kind="article") == [1]
    assert "oubl" not in str(session.execute(text("SELECT * FROM fulltext")).all())


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        "!?",
        "'; DROP TABLE fulltext; --",
        '"',
        "passe OR NEAR(mot* AND",
        "stems : passe",
        "mot & ! | <->",
        "🙂",
        "لا",
        "x" * 10_000,
    ],
)
def test_no_text_is_taken_for_a_command(session: Session, query: str) -> None:
    assert found(session, query) in ([], [1, 3])


def test_operators_are_words_like_others(session: Session) -> None:
    fulltext.put(session, "ticket", 4, ["To be or not to be and NEAR"])

    assert found(session, "not near") == [4]


def test_a_long_query_is_read_up_to_its_twentieth_word(session: Session) -> None:
    assert found(session, "passe " * 20 + "inconnu") == [1, 3]
    assert found(session, "passe " * 19 + "inconnu") == []


def test_a_very_long_text_is_stored_and_found(session: Session) -> None:
    fulltext.put(session, "ticket", 5, [" ".join(f"motdistinct{number}" for number in range(100_000))])

    assert found(session, "motdistinct7") == [5]


def test_the_tables_go_as_they_came(session: Session) -> None:
    for statement in fulltext.drop_statements(session.get_bind().dialect.name):
        session.execute(text(statement))
    for statement in fulltext.create_statements(session.get_bind().dialect.name):
        session.execute(text(statement))

    assert found(session, "mot de passe") == []
