"""The schema's steps lead from an empty database to the models, on both databases, and keep what is there."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, insert, select

from helpdesk import schema
from helpdesk.db import tune
from helpdesk.models import Article, Section
from helpdesk.places import migrations_dir


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = create_engine(empty_database_url)
    tune(engine)
    yield engine
    engine.dispose()


def steps() -> list[str]:
    found = ScriptDirectory(str(migrations_dir())).walk_revisions()
    return [step.revision for step in reversed(list(found))]


def test_the_climbed_schema_is_that_of_the_models(engine: Engine) -> None:
    schema.upgrade(engine)

    assert schema.is_current(engine)
    assert schema.differences(engine) == []


def test_climbing_again_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.upgrade(engine)

    assert schema.differences(engine) == []


def test_a_database_that_was_never_climbed_is_not_current(engine: Engine) -> None:
    assert not schema.is_current(engine)


def test_what_an_older_release_wrote_survives_the_climb(engine: Engine) -> None:
    schema.upgrade(engine, steps()[0])
    rows: dict[str, Any] = {"slug": "comptes", "title": "Comptes des élèves", "position": 1}
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(insert(Section).values(id=7, **rows))
        connection.commit()

    schema.upgrade(engine)

    with engine.connect() as connection:
        assert connection.execute(select(Section.id, Section.title)).one() == (7, "Comptes des élèves")
        assert connection.execute(select(Article.id)).all() == []


def test_steps_are_numbered_in_one_line() -> None:
    assert steps() == [f"{number:04d}" for number in range(1, len(steps()) + 1)]
