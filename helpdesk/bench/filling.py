"""Putting made-up tickets into a database, a million in minutes: COPY on PostgreSQL, many rows a statement on SQLite.

All in one transaction: ended halfway, nothing of it is there.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text

from helpdesk.bench.tickets import COLUMNS, Maker, Numbers, Rows, Team
from helpdesk.bench.world import Weighed, World, moments, weight_of
from helpdesk.db import Base, db
from helpdesk.errors import NotAllowed
from helpdesk.models import Agent, Membership, Service, Ticket
from helpdesk.vocabulary import Role

BATCH = 5_000
BULK = 20_000  # from so many on, indexes are made at the end
_AGENTS_A_TEAM = 3
_EIGHT = frozenset(("10", "08", "06", "02", "16", "11", "23", "04"))  # académies, with four services each
_BENCH: dict[str, tuple[Callable[[Team], bool], Role]] = {
    # address → which services, role
    "bench-1@demo.example": (lambda team: team.slug == "assistance-25", Role.AGENT),
    "bench-30@demo.example": (lambda team: team.academy in _EIGHT, Role.AGENT),
    "bench-national@demo.example": (lambda team: team.slug == "triage-national", Role.SUPERVISOR),
}
ADDRESSES = tuple(_BENCH)
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'f' AND conrelid::regclass::text = ANY(:tables) ORDER BY conname"
)
_INDEXES = text(
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " WHERE NOT indisunique AND indrelid::regclass::text = ANY(:tables) ORDER BY 1"
)


def fill(
    engine: Engine, count: int, seed: int, now: datetime, password_hash: str, told: Callable[[str], None], *, add: bool
) -> None:
    """Add that many tickets, and agents to look at them (`ADDRESSES`, all with that password).

    `told` is called with what is being done. Raises NotAllowed if there are tickets already, unless `add` is true.
    """
    begin = time.monotonic()
    with engine.connect().execution_options(writes=True) as connection:
        if not add and connection.scalar(select(Ticket.id).limit(1)) is not None:
            raise NotAllowed(
                "Cette base contient déjà des demandes : rien n’est ajouté. Pour le faire quand même : --add."
            )
        teams = _teams(connection, password_hash, now)
        random = Random(seed)  # noqa: S311 (made-up tickets are no secrets)
        tables = [Base.metadata.tables[name] for name in COLUMNS]
        numbers = Numbers({t.name: connection.scalar(select(func.max(t.c.id))) or 0 for t in tables})
        weights = Weighed(list(teams), [weight_of(_kind(slug), team.academy) for slug, team in teams.items()])
        maker = Maker(World(), teams, weights, numbers, random, now, engine.dialect.name, count)
        put = _copy if engine.dialect.name == "postgresql" else _insert
        bulk = engine.dialect.name == "postgresql" and count >= BULK
        restore = _lay_bare(connection) if bulk else ()
        for rows, words in maker.batches(moments(count, now, random), BATCH):
            put(connection, rows, words)
            if maker.made % (BATCH * 20) == 0:
                told(f"{maker.made} demandes en {time.monotonic() - begin:.0f} s")
        for statement in restore:
            connection.execute(text(statement))
        if engine.dialect.name == "postgresql":
            _move_sequences(connection, numbers)
        connection.commit()
    _tidy(engine)
    told(
        f"{count} demandes, {numbers.last['message']} messages, {numbers.last['event']} événements en "
        f"{time.monotonic() - begin:.0f} s"
    )


def _kind(slug: str) -> str:
    return slug.partition("-")[0]


def _teams(connection: Connection, password_hash: str, now: datetime) -> dict[str, Team]:
    """Every active service with some agents, and the agents of the measurements."""
    services = connection.execute(select(Service.id, Service.slug, Service.academy).where(Service.active)).all()
    teams = {}
    for number, slug, academy in services:
        agents = []
        for place in range(_AGENTS_A_TEAM):
            name = f"Agent {place + 1} {slug}"
            agent = _agent(connection, f"bench-{slug}-{place + 1}@demo.example", name, "", now)
            _join(connection, agent, number, Role.AGENT)
            agents.append((agent, name))
        teams[slug] = Team(number, slug, academy, agents)
    for address, (chosen, role) in _BENCH.items():
        agent = _agent(connection, address, address.partition("@")[0].capitalize(), password_hash, now)
        for team in teams.values():
            if chosen(team):
                _join(connection, agent, team.id, role)
    return teams


def _agent(connection: Connection, email: str, name: str, password_hash: str, now: datetime) -> int:
    known = select(Agent.id).where(Agent.email == email)
    if connection.scalar(known) is None:
        values = {"email": email, "name": name, "password_hash": password_hash, "created_at": now}
        connection.execute(insert(Agent).values(values))
    return connection.execute(known).scalar_one()


def _join(connection: Connection, agent: int, service: int, role: Role) -> None:
    if connection.scalar(select(Membership.role).filter_by(agent_id=agent, service_id=service)) is None:
        connection.execute(insert(Membership).values(agent_id=agent, service_id=service, role=role))


def _copy(connection: Connection, rows: Rows, words: Sequence[dict[str, Any]]) -> None:
    cursor = connection.connection.cursor()
    every = {**rows, "ticket_search": [tuple(each.values()) for each in words]}
    for name, columns in {**COLUMNS, "ticket_search": ("ticket_id", "words")}.items():
        with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in every[name]:
                copy.write_row(row)


def _insert(connection: Connection, rows: Rows, words: Sequence[dict[str, Any]]) -> None:
    cursor = connection.connection.cursor()
    for name, columns in COLUMNS.items():
        stored = [tuple(_sqlite(value) for value in row) for row in rows[name]]
        marks = ", ".join("?" * len(columns))
        # Names are our own, values are bound.
        cursor.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", stored)  # noqa: S608 (own)
    names, marks = ", ".join(words[0]).replace("id", "rowid", 1), ", ".join(f":{name}" for name in words[0])
    cursor.executemany(f"INSERT INTO ticket_search ({names}) VALUES ({marks})", words)  # noqa: S608 (own names only)


def _sqlite(value: Any) -> Any:
    """A moment as SQLAlchemy stores it there."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _lay_bare(connection: Connection) -> list[str]:
    """Drop the indexes and foreign keys of the tables that are filled; returns what brings them back as they were."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    tables = {"tables": [*COLUMNS, "ticket_search"]}
    keys, indexes = connection.execute(_FOREIGN_KEYS, tables).all(), connection.execute(_INDEXES, tables).all()
    for table, name, _definition in keys:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    for name, _definition in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    back = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]
    return [*(definition for _name, definition in indexes), *back]


def _move_sequences(connection: Connection, numbers: Numbers) -> None:
    for name, last in numbers.last.items():
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": name, "last": max(last, 1)}
        )


def _tidy(engine: Engine) -> None:
    """Let the database know what it holds now, as it would find out by itself in time."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in (*COLUMNS, "ticket_search"):
                connection.execute(text(f"VACUUM (ANALYZE) {name}"))
    else:
        with engine.connect().execution_options(writes=True) as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
    db.session.remove()
