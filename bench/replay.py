"""Replaying a change of the rules on stored tickets, beside a bare read of the same rows of the same run.

    python -m bench.replay [--tickets 100000] [--database URL] [--depth RULES|PLACES|WORDS] [--words]

The database is a temporary SQLite file, or an empty one that `--database` names. Tickets are those of the tests'
examples, decided once and stored many times; the change swaps two académies.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
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
from helpdesk.routing.replay import Change, Replay
from helpdesk.routing.requests import request_from_json
from helpdesk.routing.rulebook import with_rules
from helpdesk.settings import load_settings
from helpdesk.text import one_line
from helpdesk.tickets import history
from helpdesk.vocabulary import Direction, Status

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


def fill(routing: Routing, count: int) -> None:
    """Straight into the tables, a thousand tickets at a time."""
    examples = decided(routing)
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


def peak() -> float:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--depth", choices=[depth.name for depth in Depth], default="RULES")
    parser.add_argument("--words", action="store_true", help="the change looks for words of its own as well")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        database = arguments.database or f"sqlite:///{folder}/helpdesk.sqlite"
        settings = load_settings({"DATABASE_URL": database, "DATA_DIR": folder, "SECRET_KEY": os.urandom(20).hex()})
        app = create_app(make_parts(settings, Here(lambda: 0)))
        with app.app_context():
            schema.upgrade(db.engine)
            measure(load_routing(config_dir()), arguments)
            db.engine.dispose()


def measure(routing: Routing, arguments: argparse.Namespace) -> None:
    fill(routing, arguments.tickets)
    every = '", "'.join(topic.slug for topic in routing.rulebook.lists.topics)
    text = SWAP.format(topics=every) + (WORDS if arguments.words else "") + routing.rulebook.text
    change = Change(routing, replace(routing, rulebook=with_rules(routing.rulebook, text)), Depth[arguments.depth])
    before = peak()
    started = time.process_time()
    read = bare(messages=arguments.words or change.depth > Depth.RULES)
    floor = time.process_time() - started
    replay = Replay(change)
    started = time.process_time()
    for _move in replay.run():
        pass
    took = time.process_time() - started
    print(f"{read:,} tickets, {arguments.depth}{', words' if arguments.words else ''}; {replay.moved:,} would move")
    print(f"replay            {took:7.1f} s of one core   {replay.read / took:9,.0f} tickets/s")
    print(f"bare read         {floor:7.1f} s              {read / floor:9,.0f} tickets/s   ratio {took / floor:.1f}")
    print(f"peak memory       {peak():7.0f} MB, {peak() - before:.0f} MB more than before both")


if __name__ == "__main__":
    main()
