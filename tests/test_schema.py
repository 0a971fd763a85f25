"""The schema's steps lead from an empty database to the models, on both databases, and keep what is there."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, insert, select, text

from helpdesk import schema
from helpdesk.db import tune
from helpdesk.models import Article, Section, Ticket
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


def test_who_climbs_at_the_same_time_waits(postgresql_url: str) -> None:
    """Two machines may start a new release at once; one by one they find what the other has done."""
    engine, second = create_engine(postgresql_url), threading.Event()

    def climb() -> None:
        with schema.alone(engine):
            second.set()

    other = threading.Thread(target=climb)
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with schema.alone(engine), engine.connect() as connection:
        other.start()
        while connection.scalar(waiting) == 0:
            assert other.is_alive()
        climbed_meanwhile = second.is_set()
    other.join(10)

    assert (climbed_meanwhile, second.is_set()) == (False, True)
    engine.dispose()


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


def test_old_tickets_learn_from_their_history_which_rule_and_clues_led_them(engine: Engine) -> None:
    schema.upgrade(engine, "0003")
    decision = {
        "rule": "assistance",
        "academy": "10",
        "clues": [{"kind": "postal-code"}, {"kind": "commune"}, {"kind": "postal-code"}],
    }
    at = "2026-11-23 09:00:00+00:00"
    ticket = {"status": "new", "priority": 1, "topic": "t", "audience": "autre", "channel": "web", "subject": "s"}
    ticket |= dict.fromkeys(("sender_name", "sender_email", "sender_phone", "school_name", "school_commune"), "")
    ticket |= dict.fromkeys(("school_postal_code", "school_uai"), "") | {"service_id": 1, "person_id": 1}
    ticket |= dict.fromkeys(("received_at", "changed_at", "due_at"), at)
    ticket |= {"language": "fr", "link_version": 0, "version": 1}
    service = {"id": 1, "slug": "assistance-10", "kind": "assistance", "name": "n", "timezone": "Europe/Paris"}
    with engine.connect().execution_options(writes=True) as connection:
        _insert(connection, "service", service | {"email": "", "phone": "", "active": True})
        _insert(connection, "person", {"id": 1, "name": "", "created_at": at})
        told: dict[str, Any] | None
        for number, told in enumerate((decision, decision | {"academy": None, "clues": []}, None), start=1):
            _insert(connection, "ticket", ticket | {"id": number, "reference": f"EC-{number}"})
            if told:
                event = {"id": number, "ticket_id": number, "kind": "routed", "at": at}
                _insert(connection, "event", event | {"data": json.dumps(told)})
        connection.commit()

    schema.upgrade(engine)

    with engine.connect() as connection:
        learnt = connection.execute(text("SELECT rule, clue_kinds, routed_academy FROM ticket ORDER BY id")).all()
    assert [tuple(row) for row in learnt] == [
        ("assistance", "commune,postal-code", "10"),
        ("assistance", "", None),
        ("", "", None),
    ]


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    """As an older release did, which knows nothing of today's models."""
    names = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({':' + ', :'.join(row)})"), row)


def test_steps_are_numbered_in_one_line() -> None:
    assert steps() == [f"{number:04d}" for number in range(1, len(steps()) + 1)]


def test_old_tickets_count_from_the_day_they_came_and_stand_still_where_they_wait(engine: Engine) -> None:
    came, answered, changed, due = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (2, 3, 4, 5))
    schema.upgrade(engine, "0004")
    old = MetaData()
    old.reflect(engine)
    common = {"topic": "autre", "audience": "autre", "channel": "web", "language": "fr", "subject": "", "priority": 1}
    common |= {"service_id": 1, "person_id": 1, "link_version": 0, "version": 0}
    common |= dict.fromkeys(
        ("sender_name", "sender_email", "sender_phone", "school_name", "school_commune", "school_postal_code"), ""
    )
    dates = {"received_at": came, "changed_at": changed, "due_at": due, "school_uai": ""}
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(insert(old.tables["person"]).values(id=1, name="", created_at=came))
        texts = {"slug": "s", "kind": "k", "name": "n", "timezone": "Europe/Paris", "email": "", "phone": ""}
        connection.execute(insert(old.tables["service"]).values(id=1, active=True, **texts))
        for number, status in enumerate(("new", "waiting"), start=1):
            row = {"id": number, "reference": status, "status": status, **common, **dates}
            connection.execute(insert(old.tables["ticket"]).values(row))
        said = {
            "id": 1,
            "ticket_id": 2,
            "direction": "out",
            "channel": "email",
            "author_name": "",
            "text": "",
            "quoted": "",
        }
        connection.execute(insert(old.tables["message"]).values(**said, at=answered))
        connection.commit()

    schema.upgrade(engine)

    columns = (Ticket.answered_at, Ticket.answer_due_at, Ticket.clock_since, Ticket.paused_at, Ticket.alarm_at)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(select(*columns).order_by(Ticket.id))]
    # What still counts rings at once, so that the first round works out the dates that need a calendar.
    assert rows == [(None, due, came, None, came), (answered, due, None, changed, None)]
