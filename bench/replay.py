"""Replaying a change of the rules on stored tickets, beside a bare read of the same rows of the same run.

    python -m bench.replay [--tickets 100000] [--database URL | --postgresql] [--processes 2]
                           [--depth RULES|PLACES|WORDS] [--words] [--former]

The database is a temporary SQLite file, an empty one that `--database` names, or one of a PostgreSQL server of its own.
Tickets are those of the tests' examples, decided once and stored many times (a replay remembers no text but the last).
The change swaps two académies, and with the depth WORDS adds an expression. With `--former` the tickets were decided
under a former configuration: both sides are thought anew.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from helpdesk import schema
from helpdesk.app import create_app
from helpdesk.db import db, transaction
from helpdesk.intake.message import IncomingMessage
from helpdesk.models import Event, Message, Person, Service, Ticket
from helpdesk.outbox.dispatch import Here
from helpdesk.parts import load_routing, make_parts
from helpdesk.places import config_dir
from helpdesk.routing.again import Depth
from helpdesk.routing.assign import Routing, decision_for, sync_services
from helpdesk.routing.decision import Decision
from helpdesk.routing.judge import Change
from helpdesk.routing.replay import Replay
from helpdesk.routing.requests import request_from_json
from helpdesk.routing.rulebook import FILES, TOPICS_FILE, Rulebook, parse_rulebook, with_rules
from helpdesk.settings import load_settings
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.vocabulary import Direction, Status
from tests.services import postgresql

CASES = Path(__file__).resolve().parent.parent / "tests" / "routing" / "cases" / "tuned.jsonl"
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
SWAP = """
[[rule]]
name = "lyon"
academy = ["10"]
topic = ["{topics}"]
service = "assistance-08"
because = "Grenoble répond pour Lyon"

[[rule]]
name = "grenoble"
academy = ["08"]
topic = ["{topics}"]
service = "assistance-10"
because = "Lyon répond pour Grenoble"

"""
WORDS = """
[[rule]]
name = "cantine"
words = ["cantine", "bourse + lycée"]
service = "triage-national"
because = "la demande parle de cantine"

"""


def decided(routing: Routing) -> list[tuple[IncomingMessage, Decision]]:
    """The examples that a person wrote, with what is decided on each."""
    requests = [request_from_json(json.loads(line)) for line in CASES.read_text("utf-8").splitlines()]
    return [(incoming, decision_for(incoming, routing, BEGIN)) for incoming in requests]


def rows(examples: list[tuple[IncomingMessage, Decision]], count: int, services: dict[str, int]) -> Iterator[Any]:
    """For each ticket its row, its message's row and its event's row."""
    for number in range(1, count + 1):
        incoming, decision = examples[number % len(examples)]
        moment = BEGIN + timedelta(minutes=number)
        ticket = {
            "id": number,
            "reference": f"EC-{number:08}",
            "status": Status.NEW,
            "priority": decision.priority,
            "topic": decision.topic,
            "audience": decision.audience,
            "channel": incoming.channel,
            "language": "fr",
            "subject": incoming.subject or one_line(incoming.text, 80),
            "academy": decision.academy,
            "service_id": services[decision.service],
            "person_id": 1,
            "sender_email": incoming.sender.email,
            "sender_phone": incoming.sender.phone,
            "profile": incoming.profile,
            "school_name": incoming.school.name,
            "school_commune": incoming.school.commune,
            "school_postal_code": incoming.school.postal_code,
            "school_uai": incoming.school.uai,
            "school_level": incoming.school.level,
            "received_at": moment,
            "changed_at": moment,
            "due_at": moment,
            "version": 0,
        }
        message = {"ticket_id": number, "direction": Direction.IN, "channel": incoming.channel, "text": incoming.text}
        event = {"ticket_id": number, "kind": history.ROUTED, "data": decision.to_json(), "at": moment}
        yield ticket, message, event


def fill(routing: Routing, count: int, *, former: bool) -> None:
    """Straight into the tables, a thousand tickets at a time."""
    examples = decided(routing)
    if former:
        examples = [
            (incoming, replace(decision, facts={**decision.facts, "config": "former"}))
            for incoming, decision in examples
        ]
    with transaction() as session:
        sync_services(session, routing.rulebook)
        session.add(Person(id=1, name=""))
    services = {row.slug: row.id for row in db.session.execute(select(Service.slug, Service.id))}
    piece: list[Any] = []
    for row in rows(examples, count, services):
        piece.append(row)
        if len(piece) == 1_000 or row[0]["id"] == count:
            with transaction() as session:
                for table, values in zip((Ticket, Message, Event), zip(*piece, strict=True), strict=True):
                    session.execute(insert(table), list(values))
            piece = []


def bare(*, messages: bool) -> int:
    """The least that a replay can do: read the same rows, by the same pieces, and look at none."""
    read, last = 0, 0
    while True:
        found = db.session.execute(
            select(Ticket.id, Ticket.reference, Ticket.received_at)
            .where(Ticket.id > last)
            .order_by(Ticket.id)
            .limit(1_000)
        ).all()
        if not found:
            return read
        ids = [row.id for row in found]
        for _row in db.session.execute(select(Event.ticket_id, Event.data).where(Event.ticket_id.in_(ids))):
            read += 1
        if messages:
            db.session.execute(select(Message.ticket_id, Message.text).where(Message.ticket_id.in_(ids))).all()
        last = ids[-1]


def peak(whose: int = resource.RUSAGE_SELF) -> float:
    """Megabytes that this process, or the largest of those it began, held at most."""
    return resource.getrusage(whose).ru_maxrss / 1024


def processor_time() -> float:
    """Seconds that this process and those that it began and that have ended took so far."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextmanager
def database(arguments: argparse.Namespace, folder: str) -> Iterator[str]:
    """The address of an empty database."""
    if not arguments.postgresql:
        yield arguments.database or f"sqlite:///{folder}/helpdesk.sqlite"
        return
    with postgresql.running() as server:
        yield server.url(server.create())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--depth", choices=[depth.name for depth in Depth], default="RULES")
    parser.add_argument("--words", action="store_true", help="the change looks for words of its own as well")
    parser.add_argument("--former", action="store_true", help="the tickets were decided under a former configuration")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, database(arguments, folder) as url:
        settings = load_settings({"DATABASE_URL": url, "DATA_DIR": folder, "SECRET_KEY": os.urandom(20).hex()})
        app = create_app(make_parts(settings, Here(lambda: 0)))
        with app.app_context():
            schema.upgrade(db.engine)
            measure(load_routing(config_dir()), arguments)
            db.engine.dispose()


def other_words(rules: str) -> Rulebook:
    """With one expression more, and so with words and likeness of its own."""
    sources = {name: (config_dir() / name).read_text("utf-8") for name in FILES}
    sources[TOPICS_FILE] = sources[TOPICS_FILE].replace("strong = [", 'strong = ["girafe",', 1)
    return parse_rulebook({**sources, "routing.toml": rules})


def measure(routing: Routing, arguments: argparse.Namespace) -> None:
    fill(routing, arguments.tickets, former=arguments.former)
    every = '", "'.join(topic.slug for topic in routing.rulebook.lists.topics)
    text = SWAP.format(topics=every) + (WORDS if arguments.words else "") + routing.rulebook.text
    depth = Depth[arguments.depth]
    rulebook = with_rules(routing.rulebook, text) if depth < Depth.WORDS else other_words(text)
    change = Change(routing, replace(routing, rulebook=rulebook), depth)
    before = peak()
    started = time.perf_counter()
    read = bare(messages=arguments.words or change.depth > Depth.RULES)
    floor = time.perf_counter() - started
    replay = Replay(change)
    worked = processor_time()
    started = time.perf_counter()
    for _move in replay.run(processes=arguments.processes):
        pass
    took = time.perf_counter() - started
    worked = processor_time() - worked
    print(f"{read:,} tickets, {arguments.depth}{', words' if arguments.words else ''}; {replay.moved:,} would move")
    print(f"replay            {took:7.1f} s, {arguments.processes} process(es)   {replay.read / took:9,.0f} tickets/s")
    print(f"processor time    {worked:7.1f} s of all processes, {worked / replay.read * 1000:.2f} ms a ticket")
    print(f"bare read         {floor:7.1f} s, 1 process   {read / floor:9,.0f} tickets/s   ratio {took / floor:.1f}")
    print(f"peak memory       {peak():7.0f} MB, {peak() - before:.0f} MB more than before both")
    print(f"of another process{peak(resource.RUSAGE_CHILDREN):7.0f} MB")
    print(f"load of the machine{os.getloadavg()[0]:6.1f} (last minute)")


if __name__ == "__main__":
    main()
